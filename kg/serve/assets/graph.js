// kgGraph(element, {url}): a graph of up to 50,000 edges, drawn by the graphics card. It reads
//   {nodes: [{id, label, type, x, y, size, community}], edges: [{id, source, target, label, status}]}
// and tells what is chosen by the event "kg-choose" on the element, with detail {node} or {edge}.
import { MultiDirectedGraph } from "graphology";
import Sigma from "sigma";
import { EdgeArrowProgram, EdgeLineProgram } from "sigma/rendering";
import "./graph.css";

const COLOURS = ["#1b6ca8", "#b9770e", "#1e8449", "#943126", "#6c3483", "#117a8b", "#a0366e", "#7d6608", "#d35400", "#2e4057"], OTHER = "#98a3ad";
const STATUSES = { negated: "#b03a2e", planned: "#b9770e", possible: "#b9770e", conditional: "#b9770e", desired: "#b9770e", said: "#7f8c8d" };
const STATED = "#b5bec5", FADED = "#e3e7ea";
/** Above this, arrowheads are more than can be seen, and edges wait until the picture rests. */
const MOST_ARROWS = 5000;

/** The commonest values have a colour each, all others share the last. */
function colours(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) || 0) + 1);
  const common = [...counts].sort(([one, many], [two, more]) => more - many || (one < two ? -1 : 1));
  return new Map(common.map(([value], at) => [value, COLOURS[at] || OTHER]));
}
function read({ nodes, edges }) {
  const graph = new MultiDirectedGraph();
  for (const { id, label, type, x, y, size, community } of nodes) {
    graph.addNode(id, { label, kind: type, community, x, y: -y, size: size || 3 });
  }
  for (const { id, source, target, label, status } of edges) {
    if (!graph.hasNode(source) || !graph.hasNode(target)) continue;
    graph.addEdgeWithKey(id, source, target, { label, status, size: 1, color: STATUSES[status] || STATED });
  }
  paint(graph, "kind");
  return graph;
}
function paint(graph, field) {
  const colour = colours(graph.mapNodes((_, data) => data[field]));
  graph.updateEachNodeAttributes((_, data) => ({ ...data, color: colour.get(data[field]) }), { attributes: ["color"] });
}

function element(tag, text, name) {
  const one = document.createElement(tag);
  if (text) one.textContent = text;
  if (name) one.className = name;
  return one;
}
function button(text, name, act) {
  const one = element("button", text);
  one.type = "button";
  one.setAttribute("aria-label", name);
  one.addEventListener("click", act);
  return one;
}
function zooms(camera) {
  const box = element("div", "", "kg-zoom");
  box.append(
    button("+", "Closer", () => camera.animatedZoom({ duration: 150 })),
    button("−", "Farther", () => camera.animatedUnzoom({ duration: 150 })),
    button("⤢", "Show all of it", () => camera.animatedReset({ duration: 150 })),
  );
  return box;
}
/** A type with its colour and count; its tick shows or hides it. */
function entry(kind, { color, count }, state, redraw) {
  const label = element("label"), tick = element("input"), sample = element("span", "●");
  tick.type = "checkbox";
  tick.checked = !state.hidden.has(kind);
  sample.style.color = state.field === "kind" ? color : "inherit";
  tick.addEventListener("change", () => { if (tick.checked) state.hidden.delete(kind); else state.hidden.add(kind); redraw(); });
  label.append(tick, sample, ` ${kind} (${count})`);
  return label;
}
function entries(graph, state, redraw) {
  const counts = new Map();
  graph.forEachNode((_, { kind, color }) => counts.set(kind, { color, count: (counts.get(kind)?.count || 0) + 1 }));
  const sorted = [...counts].sort(([, one], [, two]) => two.count - one.count);
  return sorted.map(([kind, item]) => entry(kind, item, state, redraw));
}
/** What is where, and what colours stand for. */
function legend(graph, state, redraw) {
  const box = element("details", "", "kg-legend"), list = element("div"), label = element("label", "Colour "), select = element("select");
  box.open = innerWidth > 700;
  select.append(new Option("by kind", "kind"), new Option("by community", "community"));
  select.addEventListener("change", () => {
    state.field = select.value;
    paint(graph, state.field);
    list.replaceChildren(...entries(graph, state, redraw));
  });
  label.append(select);
  list.append(...entries(graph, state, redraw));
  box.append(element("summary", "What"), label, list);
  return box;
}

function reducers(graph, state) {
  const near = node => state.chosen === null || node === state.chosen || state.near.has(node);
  return {
    nodeReducer: (node, data) => ({
      ...data, hidden: state.hidden.has(data.kind), ...(near(node) ? { forceLabel: node === state.chosen } : { color: FADED, label: null }),
    }),
    edgeReducer: (edge, data) => {
      const ends = state.chosen === null ? null : graph.extremities(edge);
      const near = ends === null || ends.includes(state.chosen);
      return { ...data, hidden: !near, ...(ends === null ? { label: null } : { forceLabel: true }) };
    },
  };
}
function draw(box, graph) {
  const state = { chosen: null, near: new Set(), hidden: new Set(), field: "kind" }, large = graph.size > MOST_ARROWS;
  const renderer = new Sigma(graph, box, {
    ...reducers(graph, state),
    edgeProgramClasses: { arrow: EdgeArrowProgram, line: EdgeLineProgram },
    defaultEdgeType: large ? "line" : "arrow",
    hideEdgesOnMove: large,
    renderEdgeLabels: true,
    labelDensity: 0.4,
    labelGridCellSize: 120,
    labelRenderedSizeThreshold: 5,
    labelFont: "system-ui, sans-serif",
    labelColor: { color: getComputedStyle(box).color },
    edgeLabelColor: { color: getComputedStyle(box).color },
    enableEdgeEvents: !large,
    zIndex: true,
  });
  const redraw = () => renderer.refresh({ skipIndexation: true });
  const choose = (detail, node) => {
    state.chosen = node;
    state.near = new Set(node === null ? [] : graph.neighbors(node));
    redraw();
    if (detail) box.dispatchEvent(new CustomEvent("kg-choose", { bubbles: true, detail }));
  };
  renderer.on("clickNode", ({ node }) => choose({ node }, node));
  renderer.on("clickEdge", ({ edge }) => choose({ edge }, state.chosen));
  renderer.on("clickStage", () => choose(null, null));
  return { renderer, state, redraw, choose };
}
function onKeys(box, camera, choose) {
  const move = (x, y) => () => camera.animate({ x: camera.x + x * camera.ratio, y: camera.y + y * camera.ratio }, { duration: 100 });
  const acts = {
    ArrowLeft: move(-0.1, 0), ArrowRight: move(0.1, 0), ArrowUp: move(0, 0.1), ArrowDown: move(0, -0.1),
    "+": () => camera.animatedZoom({ duration: 100 }), "-": () => camera.animatedUnzoom({ duration: 100 }), Escape: () => choose(null, null),
  };
  box.addEventListener("keydown", event => {
    if (!acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  });
}

window.kgGraph = async (place, { url }) => {
  const said = element("p", "Loading the graph …"), box = element("div", "", "kg-canvas");
  said.setAttribute("role", "status");
  place.classList.add("kg-graph");
  place.replaceChildren(said, box);
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
    const graph = read(await answer.json());
    Object.assign(box, { tabIndex: 0, role: "application" });
    box.setAttribute("aria-label", "The graph: arrow keys move it, plus and minus zoom, a click shows what is next to a node. The table holds the same.");
    const drawn = draw(box, graph);
    place.append(zooms(drawn.renderer.getCamera()), legend(graph, drawn.state, drawn.redraw));
    onKeys(box, drawn.renderer.getCamera(), drawn.choose);
    said.textContent = graph.order ? `${graph.order} nodes, ${graph.size} links` : "There is nothing to draw.";
    return { graph, ...drawn };
  } catch (error) {
    said.textContent = `The graph cannot be shown (${error.message}); the table holds the same.`;
    throw error;
  }
};
