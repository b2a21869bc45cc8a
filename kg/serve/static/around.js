// The surroundings of a thing as a picture that grows by a click. vis-network draws it; the sentences stand beside it.
"use strict";

for (const place of document.querySelectorAll(".growing")) start(place);

function start(place) {
  const canvas = place.querySelector(".canvas");
  const told = place.querySelector(".told");
  if (!window.vis) return;
  place.hidden = false;
  const nodes = new vis.DataSet();
  const edges = new vis.DataSet();
  const network = new vis.Network(canvas, { nodes, edges }, options());
  const seen = new Set();
  let fresh = false;

  async function grow(iri) {
    if (seen.has(iri)) return;
    seen.add(iri);
    canvas.setAttribute("aria-busy", "true");
    const answer = await fetch(path(iri)).catch(() => null);
    canvas.removeAttribute("aria-busy");
    if (!answer || !answer.ok) return say(element("p", "Nothing more is known around it."));
    const found = await answer.json();
    add(found);
    nodes.update({ id: found.of.iri, borderWidth: 4 });
    about(nodes.get(found.of.iri), found.more);
  }

  /** The picture of an answer, which a page holds. */
  async function begin(url) {
    const answer = await fetch(url).catch(() => null);
    if (!answer || !answer.ok) return say(element("p", "The picture cannot be loaded; the list below says the same."));
    add((await answer.json()).view);
    say(element("p", "Click a name to see what else is around it, a line to read its sentence."));
  }

  function add(found) {
    for (const node of found.nodes) if (!nodes.get(node.thing.iri)) nodes.add(drawn(node));
    for (const edge of found.edges) {
      const id = `${edge.source} ${edge.label} ${edge.target}`;
      if (!edges.get(id)) edges.add(line(id, edge));
    }
    fresh = true;
    network.stabilize(150);
  }

  function about(node, more) {
    const list = element("ul");
    for (const edge of edges.get({ filter: (one) => one.from === node.id || one.to === node.id })) {
      const other = nodes.get(edge.from === node.id ? edge.to : edge.from);
      const entry = element("li");
      entry.append(button(edge.from === node.id ? `${edge.words} ${other.name}` : `${other.name} ${edge.words}`, () => sentence(edge, node.id)));
      list.append(entry);
    }
    const title = element("h3", node.name);
    const open = element("p");
    if (node.page) {
      const link = element("a", "its page");
      link.href = node.page;
      open.append(`${node.kind || "thing"}, `, link);
    } else open.append(node.kind);
    say(title, open, list, ...(more ? [element("p", `Shown: ${more}.`)] : []));
  }

  function sentence(edge, from = edge.from) {
    const said = edge.said;
    const figure = element("figure");
    const quote = element("blockquote");
    const caption = element("figcaption");
    figure.className = `said ${said.status}`;
    quote.append(said.before, element("mark", said.marked), said.after);
    const meant = element("span", said.speaker ? `${said.certainty}: ${said.speaker}` : said.certainty);
    meant.className = "status";
    const source = element("a", [said.origin.outlet, said.origin.date, said.origin.headline].filter(Boolean).join(", "));
    if (said.origin.article) source.href = said.origin.article.replace("https://kg.example", "");
    caption.append(meant, " — ", source);
    figure.append(quote, caption);
    const back = button("Back to the list", () => about(nodes.get(from), ""));
    say(back, element("h3", `${said.subject.name} ${said.predicate} ${said.object.name}`), figure);
    edges.update({ id: edge.id, width: 4 });
  }

  function say(...parts) {
    told.replaceChildren(...parts);
    told.scrollTop = 0;
  }

  // What was just added must be seen; what somebody has moved since stays where it is.
  network.on("stabilized", () => {
    if (fresh) network.fit({ animation: !still() });
    fresh = false;
  });
  // All labels at once would hide the picture: a link tells its own when it is pointed at, the list tells all.
  network.on("hoverEdge", ({ edge }) => edges.update({ id: edge, label: edges.get(edge).words }));
  network.on("blurEdge", ({ edge }) => edges.update({ id: edge, label: undefined }));
  network.on("click", (event) => {
    if (event.nodes.length) {
      const node = nodes.get(event.nodes[0]);
      if (seen.has(node.id)) about(node, "");
      else grow(node.id);
    } else if (event.edges.length) sentence(edges.get(event.edges[0]));
  });
  document.addEventListener("theme", () => {
    network.setOptions(options());
    nodes.update(nodes.get().map(({ id, event }) => ({ id, ...paint(event) })));
    edges.update(edges.get().map(({ id, status }) => ({ id, ...stroke(status) })));
  });
  place.growing = { nodes, edges, network, grow };
  if (place.dataset.url) begin(place.dataset.url);
  else grow(place.dataset.of);
}

function path(iri) {
  return `/around/${iri.replace("https://kg.example/", "").split("/").map(encodeURIComponent).join("/")}`;
}

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function still() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

function options() {
  return {
    physics: { solver: "forceAtlas2Based", forceAtlas2Based: { gravitationalConstant: -110, springLength: 70, avoidOverlap: 0.6 }, minVelocity: still() ? 5 : 0.75 },
    interaction: { hover: true, keyboard: { enabled: true, bindToWindow: false } },
    nodes: { shape: "dot", font: { color: colour("--ink"), size: 22, strokeColor: colour("--paper"), strokeWidth: 3 } },
    edges: { arrows: { to: { enabled: true, scaleFactor: 0.4 } }, font: { color: colour("--soft"), size: 11, strokeColor: colour("--paper"), strokeWidth: 4 } },
  };
}

function paint(event) {
  const fill = colour(event ? "--raised" : "--accent");
  const line = colour("--accent");
  return { color: { background: fill, border: line, highlight: { background: fill, border: colour("--ink") }, hover: { background: fill, border: colour("--ink") } } };
}

function drawn({ thing, event, page }) {
  const label = event ? `${thing.kind}:\n${thing.name}` : thing.name;
  return { id: thing.iri, label: cut(label), name: event ? `${thing.kind} “${thing.name}”` : thing.name, kind: thing.kind, page, event, shape: event ? "diamond" : "dot", size: event ? 12 : 18, ...paint(event) };
}

function cut(text) {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

const DASHES = { denied: [4, 4], unreal: [1, 4], said: [10, 3], stated: false };
const PAINT = { denied: "--no", unreal: "--maybe", said: "--said", stated: "--stated" };

function stroke(status) {
  return { dashes: DASHES[status] || false, color: { color: colour(PAINT[status] || "--line"), inherit: false } };
}

function line(id, { source, target, label, said }) {
  const words = said.status === "denied" ? `not ${label}` : said.status === "unreal" ? `${said.modality}: ${label}` : label;
  return { id, from: source, to: target, words, said, status: said.status, width: 1.5, ...stroke(said.status) };
}

function element(name, text = "") {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function button(text, click) {
  const made = element("button", text);
  made.type = "button";
  made.className = "plain";
  made.addEventListener("click", click);
  return made;
}
