"use strict";
// Everything that an article says reaches the page as text: textContent and DOM elements, never markup.
(() => {
  const page = JSON.parse(document.getElementById("claims").textContent);
  const nodes = new Map(page.nodes.map(node => [node.id, node]));
  const edges = new Map(page.edges.map(edge => [edge.id, edge]));
  const hidden = { groups: new Set(page.quiet), statuses: new Set() };
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const darkness = matchMedia("(prefers-color-scheme: dark)");
  const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const counted = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;

  function el(tag, text, name) {
    const one = document.createElement(tag);
    if (text) one.textContent = text;
    if (name) one.className = name;
    return one;
  }

  // ── the claims behind a node or an edge: those of one sentence on one card ──
  const ofNode = node => node.claims.map(claim => ({ claim, from: node.id, predicate: node.predicate }));
  const ofEdge = edge => edge.claims.map(claim => ({ claim, from: edge.from, predicate: edge.predicate, to: edge.to }));
  const about = id => [
    ...ofNode(nodes.get(id)),
    ...page.edges.filter(edge => edge.from === id || edge.to === id).flatMap(ofEdge),
  ];

  function grouped(facts) {
    const cards = new Map();
    for (const fact of facts) {
      const { confidence, office, ...same } = fact.claim;
      const key = JSON.stringify(same);
      cards.set(key, [...(cards.get(key) || []), fact]);
    }
    return [...cards.values()].sort((one, two) => one[0].claim.date.localeCompare(two[0].claim.date));
  }

  function sentence(claim) {
    const quote = el("blockquote");
    quote.append(claim.before, ...(claim.marked ? [el("mark", claim.marked)] : []), claim.after);
    return quote;
  }
  const origin = claim => [claim.outlet, claim.date, claim.headline].filter(Boolean).join(", ") || "unnamed article";
  function link(words, address) {
    const one = el("a", words);
    one.href = address; one.rel = "noopener noreferrer"; one.target = "_blank";
    return one;
  }
  function source(claim) {
    const line = el("p", "", "source");
    line.append(/^https?:\/\//i.test(claim.url) ? link(origin(claim), claim.url) : origin(claim));
    return line;
  }
  function certainty(claim) {
    const line = el("p", "", "status");
    line.append(el("strong", claim.certainty), claim.speaker ? ` · ${claim.speaker} says` : "");
    return line;
  }
  function goTo(id) {
    const one = el("button", nodes.get(id).title);
    one.type = "button";
    one.addEventListener("click", () => choose([id], []));
    return one;
  }
  function statement({ claim, from, predicate, to }) {
    const line = el("li");
    line.append(goTo(from), el("em", ` ${predicate} `), ...(to ? [goTo(to)] : []));
    line.append(el("small", `${claim.office ? ` as ${claim.office}` : ""} · confidence ${claim.confidence}`));
    return line;
  }
  function card(facts) {
    const box = el("article", "", `claim ${facts[0].claim.status}`), list = el("ul");
    list.append(...facts.map(statement));
    box.append(certainty(facts[0].claim), sentence(facts[0].claim), source(facts[0].claim), list);
    return box;
  }
  function show(heading, kind, facts) {
    const articles = new Set(facts.map(({ claim }) => claim.outlet + claim.url + claim.headline)).size;
    const count = `${counted(facts.length, "claim")} in ${counted(articles, "article")}`;
    document.querySelector("#panel h2").textContent = heading;
    document.querySelector("#panel .kind").replaceChildren(...kind, count);
    document.getElementById("cards").replaceChildren(...grouped(facts).map(card));
    document.getElementById("panel").scrollTop = 0;
  }
  function showNode(node) {
    const dates = [...new Set([node.first, node.last].filter(Boolean))].join(" to ");
    const entry = /^Q\d+$/.test(node.wikidata) ? [link(node.wikidata, `https://www.wikidata.org/wiki/${node.wikidata}`), " · "] : [];
    show(node.title, [[node.type, dates, ""].filter((part, at) => part || at === 2).join(" · "), ...entry], about(node.id));
  }
  const showEdge = edge => show(edge.title, [], ofEdge(edge));

  function tip(heading, facts) {
    const box = el("div");
    box.append(el("strong", heading));
    if (facts.length) box.append(certainty(facts[0].claim), sentence(facts[0].claim), el("p", origin(facts[0].claim), "source"));
    if (facts.length > 1) box.append(el("p", `and ${facts.length - 1} more: click to read`, "source"));
    return box;
  }

  // ── the picture: what is chosen stands out, all else fades ──
  let lit = null;
  function nodeLook(node) {
    const fades = lit !== null && !lit.has(node.id), colour = darkness.matches ? node.dark : node.colour;
    const fill = node.hollow ? css("--paper") : colour, edge = node.paint === "--ink" || node.hollow ? colour : css(node.paint);
    const paint = { background: fill, border: edge };
    return {
      ...node.drawn, opacity: fades ? 0.15 : 1,
      color: { ...paint, hover: paint, highlight: { background: fill, border: css("--accent") } },
      font: { ...node.drawn.font, color: css(fades ? "--faint" : "--ink"), strokeWidth: 3, strokeColor: css("--paper") },
    };
  }
  function edgeLook(edge) {
    const stands = lit !== null && lit.has(edge.id), opacity = lit !== null && !stands ? 0.08 : edge.faint && !stands ? 0.45 : 1;
    return {
      ...edge.drawn, color: { color: css(edge.paint), highlight: css(edge.paint), hover: css(edge.paint), opacity },
      font: { color: css("--ink"), strokeWidth: 3, strokeColor: css("--paper"), size: 11, align: "middle" },
      scaling: { label: { drawThreshold: page.labelled || stands ? 5 : lit !== null ? 1000 : 14, maxVisible: 30 } },
    };
  }
  const drawn = {
    nodes: new vis.DataSet(page.nodes.map(node => ({ ...nodeLook(node), title: tip(node.title, about(node.id)) }))),
    edges: new vis.DataSet(page.edges.map(edge => ({ ...edgeLook(edge), title: tip(edge.title, ofEdge(edge)) }))),
  };
  const isShown = one => !one.statuses.length || one.statuses.some(status => !hidden.statuses.has(status));
  const views = {
    nodes: new vis.DataView(drawn.nodes, { filter: ({ id }) => !hidden.groups.has(nodes.get(id).group) && isShown(nodes.get(id)) }),
    edges: new vis.DataView(drawn.edges, { filter: ({ id }) => isShown(edges.get(id)) }),
  };
  const network = new vis.Network(document.getElementById("graph"), views, page.options);

  let due = false;
  function paint() {
    if (due) return;
    due = true;
    requestAnimationFrame(() => {
      due = false;
      drawn.nodes.update(page.nodes.map(nodeLook));
      drawn.edges.update(page.edges.map(edgeLook));
    });
  }
  function light(ids) {
    lit = ids;
    paint();
  }
  const near = id => page.edges.filter(edge => edge.from === id || edge.to === id).flatMap(edge => [edge.id, edge.from, edge.to]);
  function choose(nodeIds, edgeIds) {
    if (nodeIds.length) {
      const [id] = nodeIds;
      showNode(nodes.get(id));
      light(new Set([id, ...near(id)]));
      if (views.nodes.get(id)) network.selectNodes([id], false);
    } else if (edgeIds.length) {
      const edge = edges.get(edgeIds[0]);
      showEdge(edge);
      light(new Set([edge.id, edge.from, edge.to]));
      if ([edge.from, edge.to].every(end => views.nodes.get(end)) && views.edges.get(edge.id)) network.selectEdges([edge.id]);
    } else if (lit !== null) light(null);
  }
  network.on("click", event => choose(event.nodes, event.edges));
  const hush = () => document.querySelectorAll("div.vis-tooltip").forEach(one => { one.style.visibility = "hidden"; });
  document.getElementById("graph").addEventListener("mouseleave", hush);
  network.on("click", hush);
  network.once("afterDrawing", () => document.body.setAttribute("data-ready", "yes"));

  // ── the legend: what is shown, by kind and by certainty ──
  const legend = document.getElementById("legend");
  const polygons = {
    square: "2,2 12,2 12,12 2,12", diamond: "7,0 14,7 7,14 0,7", triangle: "7,1 13,13 1,13", triangleDown: "1,1 13,1 7,13",
    hexagon: "4,1 10,1 14,7 10,13 4,13 0,7", star: "7,0 9,5 14,5 10,9 12,14 7,11 2,14 4,9 0,5 5,5",
  };
  function svg(tag, attributes) {
    const one = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) one.setAttribute(name, value);
    return one;
  }
  const shape = (name, look) => polygons[name] ? svg("polygon", { points: polygons[name], ...look }) : svg("circle", { cx: 7, cy: 7, r: 6, ...look });
  function kindSample(item) {
    const picture = svg("svg", { width: 14, height: 14, "aria-hidden": "true" });
    picture.append(shape(item.shape, { fill: darkness.matches ? item.dark : item.colour }));
    return picture;
  }
  function statusSample(item) {
    const picture = svg("svg", { width: 46, height: 14, "aria-hidden": "true" }), colour = css(item.paint), outline = svg("g", { transform: "translate(30)" });
    picture.append(svg("line", { x1: 0, x2: 26, y1: 7, y2: 7, stroke: colour, "stroke-width": 2, "stroke-dasharray": item.dashes || "none" }));
    outline.append(shape("diamond", { stroke: colour, "stroke-width": 1.5, "stroke-dasharray": item.hollow ? "2 1.5" : "none", fill: item.hollow ? "none" : colour }));
    picture.append(outline);
    return picture;
  }
  function entry(item, set, sample) {
    const label = el("label"), box = el("input");
    box.type = "checkbox"; box.checked = !set.has(item.key); box.name = item.key;
    box.addEventListener("change", () => {
      if (box.checked) set.delete(item.key); else set.add(item.key);
      views.nodes.refresh(); views.edges.refresh();
    });
    label.append(box, sample(item), `${item.name} (${item.count})`);
    return label;
  }
  function drawLegend() {
    legend.replaceChildren(el("h2", "How certain"), ...page.statuses.map(item => entry(item, hidden.statuses, statusSample)));
    legend.append(el("h2", "What"), ...page.groups.map(item => entry(item, hidden.groups, kindSample)));
  }
  drawLegend();
  darkness.addEventListener("change", () => { drawLegend(); paint(); });

  // ── search: Enter goes to the next, Escape clears ──
  const query = document.getElementById("query"), hits = document.getElementById("hits");
  let found = [], place = -1;
  function find() {
    const words = query.value.trim().toLocaleLowerCase();
    found = words ? page.nodes.filter(node => `${node.title} ${node.type}`.toLocaleLowerCase().includes(words)).map(node => node.id) : [];
    place = -1;
    hits.textContent = words ? `${found.length} found` : "";
    network.unselectAll();
    light(words ? new Set(found) : null);
  }
  function next() {
    if (!found.length) return;
    place = (place + 1) % found.length;
    const id = found[place], seen = views.nodes.get(id) !== null;
    choose([id], []);
    hits.textContent = `${place + 1} of ${found.length}${seen ? "" : ", not shown in the picture: see the legend"}`;
    if (seen) network.focus(id, { scale: 1.1, animation: !still });
  }
  query.addEventListener("input", find);
  document.getElementById("search").addEventListener("submit", event => { event.preventDefault(); next(); });
  document.addEventListener("keydown", event => {
    if (event.key === "/" && document.activeElement !== query) { event.preventDefault(); query.focus(); }
    if (event.key === "Escape") { query.value = ""; find(); }
  });

  // ── the table: a button in each row leads to the claim in the picture ──
  for (const row of document.querySelectorAll("#all tbody tr")) {
    const id = row.dataset.of;
    if (!nodes.has(id) && !edges.has(id)) continue;
    const cell = row.cells[0], button = el("button", cell.textContent);
    button.type = "button";
    button.addEventListener("click", () => {
      choose(nodes.has(id) ? [id] : [], edges.has(id) ? [id] : []);
      document.getElementById("panel").scrollIntoView({ behavior: still ? "auto" : "smooth", block: "nearest" });
    });
    cell.replaceChildren(button);
  }
  window.kg = { network, views, drawn, page };
})();
