"use strict";
// Everything that an article says reaches the page as text: textContent and DOM elements, never markup.
(() => {
  const page = JSON.parse(document.getElementById("claims").textContent);
  const el = (tag, text, cls) => { const one = document.createElement(tag); if (text) one.textContent = text; if (cls) one.className = cls; return one; };
  const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const nodes = new Map(page.nodes.map(node => [node.id, node]));
  const edges = new Map(page.edges.map(edge => [edge.id, edge]));
  const hidden = { groups: new Set(page.quiet), statuses: new Set() };

  // ── the claims behind a node or an edge ──
  function sentence(claim) {
    const quote = el("blockquote");
    quote.append(claim.before, ...(claim.marked ? [el("mark", claim.marked)] : []), claim.after);
    return quote;
  }
  function source(claim) {
    const line = el("p", "", "source");
    const words = [claim.outlet, claim.date, claim.headline].filter(Boolean).join(", ") || "unnamed article";
    if (/^https?:\/\//i.test(claim.url)) {
      const link = el("a", words);
      link.href = claim.url; link.rel = "noopener noreferrer"; link.target = "_blank";
      line.append(link);
    } else line.textContent = words;
    return line;
  }
  function card(claim) {
    const box = el("article", "", "claim " + claim.status);
    box.append(el("p", claim.words), sentence(claim));
    box.append(el("p", claim.certainty + (claim.speaker ? " · says " + claim.speaker : ""), "status"), source(claim));
    return box;
  }
  function show(heading, kind, claims) {
    const panel = document.getElementById("panel");
    panel.replaceChildren(el("h2", heading), el("p", kind, "kind"), ...claims.map(card));
    if (!claims.length) panel.append(el("p", "No claim names it by itself.", "hint"));
    panel.scrollTop = 0;
  }
  function showNode(id) {
    const node = nodes.get(id);
    const near = page.edges.filter(edge => edge.from === id || edge.to === id).flatMap(edge => edge.claims);
    const dates = [node.first, node.last].filter(Boolean);
    show(node.name, [node.type, [...new Set(dates)].join(" to "), node.wikidata].filter(Boolean).join(" · "), [...node.claims, ...near]);
  }
  function showEdge(id) { const edge = edges.get(id); show(edge.words, "claimed by " + edge.sources, edge.claims); }
  function tip(heading, claims) {
    const box = el("div");
    box.append(el("strong", heading));
    if (claims.length) box.append(sentence(claims[0]));
    return box;
  }

  // ── the picture ──
  const ink = () => ({ color: css("--ink"), strokeWidth: 3, strokeColor: css("--paper") });
  const drawnNode = node => ({ ...node.drawn, title: tip(node.name + " · " + node.type, node.claims), font: { ...node.drawn.font, ...ink() } });
  const drawnEdge = edge => ({
    ...edge.drawn, title: tip(edge.words, edge.claims), color: { color: css(edge.paint), highlight: css("--accent"), hover: css("--accent") },
    font: { ...ink(), size: page.labelled ? 10 : 0, align: "middle" },
  });
  const data = { nodes: new vis.DataSet(page.nodes.map(drawnNode)), edges: new vis.DataSet(page.edges.map(drawnEdge)) };
  const views = {
    nodes: new vis.DataView(data.nodes, { filter: node => !hidden.groups.has(nodes.get(node.id).group) }),
    edges: new vis.DataView(data.edges, { filter: edge => !hidden.statuses.has(edges.get(edge.id).status) }),
  };
  const network = new vis.Network(document.getElementById("graph"), views, page.options);
  network.on("click", event => {
    if (event.nodes.length) showNode(event.nodes[0]);
    else if (event.edges.length) showEdge(event.edges[0]);
  });
  if (!page.labelled) {
    let lit = [];
    const label = (ids, size) => data.edges.update(ids.filter(id => edges.has(id)).map(id => ({ id, font: { ...ink(), size, align: "middle" } })));
    network.on("select", event => { label(lit, 0); lit = event.edges; label(lit, 10); });
  }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    data.nodes.update(page.nodes.map(node => ({ id: node.id, font: ink() })));
    data.edges.update(page.edges.map(edge => ({ id: edge.id, color: { color: css(edge.paint) } })));
  });
  network.once("afterDrawing", () => document.body.setAttribute("data-ready", "yes"));

  // ── the legend: what is shown, by kind and by certainty ──
  const legend = document.getElementById("legend");
  const svg = (name, attributes) => { const one = document.createElementNS("http://www.w3.org/2000/svg", name); for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, value); return one; };
  const points = { square: "2,2 12,2 12,12 2,12", diamond: "7,0 14,7 7,14 0,7", triangle: "7,1 13,13 1,13", triangleDown: "1,1 13,1 7,13", hexagon: "4,1 10,1 14,7 10,13 4,13 0,7", star: "7,0 9,5 14,5 10,9 12,14 7,11 2,14 4,9 0,5 5,5" };
  function sample(item) {
    const picture = svg("svg", { width: 22, height: 14, "aria-hidden": "true" });
    if (item.dashes !== undefined) picture.append(svg("line", { x1: 0, x2: 22, y1: 7, y2: 7, stroke: css(item.paint), "stroke-width": item.width || 2, "stroke-dasharray": item.dashes || "none" }));
    else if (points[item.shape]) picture.append(svg("polygon", { points: points[item.shape], fill: item.colour }));
    else picture.append(svg("circle", { cx: 7, cy: 7, r: 6, fill: item.colour }));
    return picture;
  }
  function entry(item, set, view) {
    const label = el("label"), box = el("input");
    box.type = "checkbox"; box.checked = !set.has(item.key); box.name = item.key;
    box.addEventListener("change", () => { box.checked ? set.delete(item.key) : set.add(item.key); view.refresh(); });
    label.append(box, sample(item), `${item.name} (${item.count})`);
    return label;
  }
  legend.append(el("h2", "What"), ...page.groups.map(item => entry(item, hidden.groups, views.nodes)));
  legend.append(el("h2", "How certain"), ...page.statuses.map(item => entry(item, hidden.statuses, views.edges)));

  // ── search: Enter goes to the next, Escape clears ──
  const query = document.getElementById("query"), hits = document.getElementById("hits");
  let found = [], place = -1;
  function find() {
    const words = query.value.trim().toLocaleLowerCase();
    found = words ? page.nodes.filter(node => (node.name + " " + node.type).toLocaleLowerCase().includes(words)).map(node => node.id) : [];
    place = -1;
    hits.textContent = words ? `${found.length} found` : "";
    network.selectNodes(found.filter(id => views.nodes.get(id)));
  }
  function next() {
    if (!found.length) return;
    place = (place + 1) % found.length;
    const id = found[place];
    hits.textContent = `${place + 1} of ${found.length}`;
    showNode(id);
    if (views.nodes.get(id)) { network.selectNodes([id]); network.focus(id, { scale: 1.1, animation: !still }); }
  }
  query.addEventListener("input", find);
  document.getElementById("search").addEventListener("submit", event => { event.preventDefault(); next(); });
  document.addEventListener("keydown", event => {
    if (event.key === "/" && document.activeElement !== query) { event.preventDefault(); query.focus(); }
    if (event.key === "Escape") { query.value = ""; find(); network.unselectAll(); }
  });
  window.kg = { network, views, page };
})();
