// ── the picture: what is chosen stands out, all else fades ──
const darkness = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (document.documentElement.dataset.theme || (darkness.matches ? "dark" : "light")) === "dark";
const COMMUNITIES = {
  light: ["#1b6ca8", "#b9770e", "#1e8449", "#943126", "#6c3483", "#117a8b", "#a0366e", "#7d6608", "#4a5a6a", "#d35400"],
  dark: ["#7fb3d5", "#f0b75e", "#7dcea0", "#ec7063", "#bb8fce", "#76d7d9", "#e59ac0", "#d4c46a", "#aebbc8", "#f39c6b"],
};
const BASE = { entity: 9, event: 6 }, ROOM = { entity: 19, event: 12 };
let lit = null, current = null;

function colourOf(node) {
  if (filter.colour === "kind") return isDark() ? node.dark : node.colour;
  const palette = COMMUNITIES[isDark() ? "dark" : "light"];
  return palette[node.community % palette.length];
}
/** Nodes shrink less than the picture does, so that shapes tell kinds apart from afar. */
let growth = 1;
const growthAt = scale => Math.max(1, (0.9 / scale) ** (shown.nodes.size > 150 ? 0.3 : 0.5));
const bare = node => (BASE[node.kind] || 5) + (filter.measure === "equal" ? 3 : (ROOM[node.kind] || 8) * node.sizes[filter.measure]);
const sizeOf = node => bare(node) * growth;
function nodeLook(node) {
  const fades = lit !== null && !lit.has(node.id), colour = colourOf(node);
  const fill = node.hollow ? css("--paper") : colour, edge = node.paint === "--ink" || node.hollow ? colour : css(node.paint);
  const paint = { background: fill, border: edge };
  return {
    ...node.drawn, label: undefined, size: sizeOf(node), opacity: fades ? 0.15 : 1,
    color: { ...paint, hover: paint, highlight: { background: fill, border: css("--accent") } },
    font: { color: css("--ink") },
  };
}
function edgeLook(edge) {
  const stands = lit !== null && lit.has(edge.id), opacity = lit !== null && !stands ? 0.06 : edge.faint && !stands ? 0.35 : 0.9;
  return { ...edge.drawn, label: undefined, width: stands ? 2 : 1.2, color: { color: css(edge.paint), highlight: css(edge.paint), hover: css(edge.paint), opacity } };
}
const drawn = {
  nodes: new vis.DataSet(page.nodes.map(nodeLook)),
  edges: new vis.DataSet(page.edges.map(edgeLook)),
};
const views = {
  nodes: new vis.DataView(drawn.nodes, { filter: ({ id }) => shown.nodes.has(id) }),
  edges: new vis.DataView(drawn.edges, { filter: ({ id }) => shown.edges.has(id) }),
};
const network = new vis.Network(byId("graph"), views, page.options);

let due = false;
function paint() {
  if (due) return;
  due = true;
  requestAnimationFrame(() => {
    due = false;
    drawn.nodes.update(page.nodes.filter(node => shown.nodes.has(node.id)).map(nodeLook));
    drawn.edges.update(page.edges.filter(edge => shown.edges.has(edge.id)).map(edgeLook));
  });
}
function light(ids) {
  lit = ids;
  paint();
}

// ── labels are drawn here, as large on the screen at any scale, the weightiest first, none over another ──
const LABEL = { entity: "600 13px system-ui, sans-serif", event: "11.5px system-ui, sans-serif" };
const widths = new Map();
function widthOf(context, text, font) {
  const key = font + text;
  if (!widths.has(key)) {
    context.font = font;
    widths.set(key, context.measureText(text).width);
  }
  return widths.get(key);
}
function isFree(box, taken) {
  return taken.every(other => box.right < other.left || box.left > other.right || box.bottom < other.top || box.top > other.bottom);
}
const boxOf = ({ half, x, y }) => ({ left: x - half, right: x + half, top: y - 8, bottom: y + 8 });
const isWhole = (box, frame) => box.left >= 0 && box.top >= 0 && box.right <= frame.width && box.bottom <= frame.height;
/** Writes a label at the first of some places where all of it is seen and it covers nothing; what must be read, where it covers no label. */
function write(context, { text, font, colour, must }, places, taken, frame) {
  const half = widthOf(context, text, font) / 2 + 2;
  const centre = ({ x, side }) => side ? x + side * half : Math.min(Math.max(x, half), frame.width - half);
  const boxAt = place => boxOf({ half, x: centre(place), y: place.y });
  const whole = places.filter(place => isWhole(boxAt(place), frame));
  const freeOf = others => whole.find(place => isFree(boxAt(place), others));
  const free = freeOf(taken) || (must && (freeOf(taken.filter(({ isDot }) => !isDot)) || places[0]));
  if (!free) return;
  const x = centre(free);
  taken.push(boxOf({ half, x, y: free.y }));
  context.font = font;
  context.strokeText(text, x, free.y);
  context.fillStyle = colour;
  context.fillText(text, x, free.y);
}
const onScreen = ({ x, y }, frame) => x > -50 && y > -20 && x < frame.width + 50 && y < frame.height + 20;
/** So many of the weightiest are named even where it is crowded. */
const MOST_MUST = 3;
function labelOf(node, rank, scale) {
  const [line, words] = node.drawn.label.split("\n");
  const text = words && scale < 1.2 ? line : node.drawn.label.replace("\n", ": ");
  return { text, font: LABEL[node.kind] || LABEL.event, colour: css("--ink"), must: node.id === current || rank < MOST_MUST };
}
function besides(node, { x, y }, scale) {
  const far = sizeOf(node) * scale;
  return [{ x, y: y + far + 10 }, { x, y: y - far - 10 }, { x: x + far + 3, y, side: 1 }, { x: x - far - 3, y, side: -1 }];
}
const halfway = id => {
  const { edgeType } = network.body.edges[id];
  return edgeType.getPoint(0.5);
};
const MOST_DOTS = 60;
function dot(node, at, scale) {
  const half = 0.8 * sizeOf(node) * scale;
  return { left: at.x - half, right: at.x + half, top: at.y - half, bottom: at.y + half, isDot: true };
}
function drawLabels(context) {
  const scale = network.getScale(), frame = byId("graph").getBoundingClientRect();
  const ids = [...shown.nodes], places = network.getPositions(ids);
  const toScreen = place => network.canvasToDOM(place);
  const first = ids.map(id => nodes.get(id)).filter(node => lit === null || lit.has(node.id));
  first.sort((one, two) => (two.id === current) - (one.id === current) || (two.kind === "entity") - (one.kind === "entity") || weight(two) - weight(one));
  const taken = first.slice(0, MOST_DOTS).map(node => dot(node, toScreen(places[node.id]), scale));
  context.save();
  context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  Object.assign(context, { textAlign: "center", textBaseline: "middle", lineWidth: 3.5, lineJoin: "round", strokeStyle: css("--paper") });
  for (const [rank, node] of first.entries()) {
    const at = toScreen(places[node.id]);
    if (onScreen(at, frame)) write(context, labelOf(node, rank, scale), besides(node, at, scale), taken, frame);
  }
  for (const id of shown.edges) {
    if (lit === null ? scale < 1 : !lit.has(id)) continue;
    const at = toScreen(halfway(id));
    if (onScreen(at, frame)) write(context, { text: edges.get(id).drawn.label, font: LABEL.event, colour: css("--said") }, [at], taken, frame);
  }
  context.restore();
}
network.on("afterDrawing", drawLabels);
let zooming = 0;
function resize() {
  const wanted = growthAt(network.getScale());
  if (Math.abs(wanted / growth - 1) < 0.12) return;
  growth = wanted;
  paint();
}
network.on("zoom", () => { clearTimeout(zooming); zooming = setTimeout(resize, 120); });
network.on("animationFinished", resize);
network.once("afterDrawing", () => {
  overview();
  document.body.setAttribute("data-ready", "yes");
  byId("loading").hidden = true;
});

// ── what is chosen ──
const near = id => around.get(id).flatMap(edge => [edge.id, edge.from, edge.to]);
function choose(nodeIds, edgeIds) {
  if (nodeIds.length) {
    const [id] = nodeIds;
    current = id;
    pin([id]);
    showNode(nodes.get(id));
    light(new Set([id, ...near(id)]));
    if (views.nodes.get(id)) network.selectNodes([id], false);
  } else if (edgeIds.length) {
    const edge = edges.get(edgeIds[0]);
    current = null;
    pin([edge.from, edge.to]);
    showEdge(edge);
    light(new Set([edge.id, edge.from, edge.to]));
    if (views.edges.get(edge.id)) network.selectEdges([edge.id]);
  } else {
    current = null;
    if (lit !== null) light(null);
  }
}
/** Nodes that few links hide are shown from now on. */
function pin(ids) {
  const hidden = ids.filter(id => !shown.nodes.has(id) && shown.able.has(id));
  hidden.forEach(id => pinned.add(id));
  if (hidden.length) update();
}
/** All that is shown, with room for the names at its edges: vis-network fits nodes alone. */
function overview() {
  network.fit({ animation: false });
  network.moveTo({ scale: 0.86 * network.getScale() });
  resize();
}
function grow(id) {
  pin([id, ...around.get(id).flatMap(edge => [edge.from, edge.to])]);
  network.fit({ nodes: [...new Set(near(id))].filter(one => shown.nodes.has(one)), animation: !still, maxZoomLevel: 1.5 });
}
/** What hovering shows is made when it is wanted: thousands of such boxes would take as long as the picture. */
network.on("hoverNode", ({ node }) => drawn.nodes.update({ id: node, title: tip(nodes.get(node).title, about(node)) }));
network.on("hoverEdge", ({ edge }) => drawn.edges.update({ id: edge, title: tip(edges.get(edge).title, ofEdge(edges.get(edge))) }));
network.on("click", event => choose(event.nodes, event.edges));
const hush = () => document.querySelectorAll("div.vis-tooltip").forEach(one => { one.style.visibility = "hidden"; });
byId("graph").addEventListener("mouseleave", hush);
network.on("click", hush);

/** Shows what passes the filters, and says how much that is. */
function update() {
  refilter();
  views.nodes.refresh();
  views.edges.refresh();
  const most = filter.measure === "between" ? "paths" : filter.measure === "articles" ? "articles" : "links";
  const part = shown.nodes.size < shown.linked ? `the ${shown.nodes.size} of ${shown.linked} nodes with most ${most}` : counted(shown.nodes.size, "node");
  const lonely = !filter.lonely && shown.lonely ? `; ${shown.lonely} without links left out` : "";
  byId("part").textContent = `Shown: ${part}, ${counted(shown.edges.size, "link")}${lonely}.`;
  byId("all-nodes").hidden = shown.nodes.size >= shown.linked;
  byId("none").hidden = shown.nodes.size > 0;
  byId("why").textContent = shown.lonely ? `${counted(shown.lonely, "node")} pass the filters, with no links between them.` : "Nothing passes the filters.";
  paint();
  document.dispatchEvent(new Event("filtered"));
}
