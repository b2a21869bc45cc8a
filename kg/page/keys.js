// ── keys: / searches, arrows go from node to node, Enter reads, Escape clears ──
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
function neighbour([right, down]) {
  const ids = [...shown.nodes], places = network.getPositions(ids), here = places[current];
  if (!here) return ranked().map(node => node.id).find(id => shown.nodes.has(id));
  const cost = id => {
    const x = places[id].x - here.x, y = places[id].y - here.y, along = x * right + y * down, aside = Math.abs(x * down) + Math.abs(y * right);
    return along <= 0 || aside > 2 * along ? Infinity : along + 2 * aside;
  };
  const best = ids.reduce((least, id) => cost(id) < cost(least) ? id : least, current);
  return best;
}
function step(way) {
  const id = neighbour(way);
  if (!id) return;
  choose([id], []);
  const at = network.canvasToDOM(network.getPosition(id)), frame = byId("graph").getBoundingClientRect();
  if (at.x < 40 || at.y < 40 || at.x > frame.width - 40 || at.y > frame.height - 40) network.moveTo({ position: network.getPosition(id), animation: !still });
}
function zoom(by) {
  network.moveTo({ scale: network.getScale() * by, animation: still ? false : { duration: 150 } });
}
byId("graph").addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const acts = { "+": () => zoom(1.25), "=": () => zoom(1.25), "-": () => zoom(0.8), 0: overview, Enter: () => byId("panel").focus() };
  const act = WAYS[event.key] ? () => step(WAYS[event.key]) : acts[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});
for (const [id, act] of [["closer", () => zoom(1.25)], ["farther", () => zoom(0.8)], ["fit", overview]]) byId(id).addEventListener("click", act);
function clear() {
  query.value = "";
  byId("path-said").textContent = "";
  current = null;
  find();
}
const isTyped = one => one.matches("input:not([type=checkbox]):not([type=range]), select, textarea");
document.addEventListener("keydown", event => {
  if (event.key === "/" && !isTyped(document.activeElement)) { event.preventDefault(); query.focus(); query.select(); }
  if (event.key === "Escape") clear();
});

// ── light or dark: as the system is, until somebody chooses ──
function dress() {
  byId("theme").textContent = isDark() ? "Light" : "Dark";
  byId("theme").setAttribute("aria-label", `Change to ${isDark() ? "light" : "dark"} colours`);
  drawLegend();
  paint();
}
byId("theme").addEventListener("click", () => { document.documentElement.dataset.theme = isDark() ? "light" : "dark"; dress(); });
darkness.addEventListener("change", dress);
dress();

// ── on a narrow screen the filters open by a button ──
function openFilters(open) {
  byId("legend").classList.toggle("open", open);
  byId("filters").setAttribute("aria-expanded", String(open));
}
byId("filters").addEventListener("click", () => openFilters(!byId("legend").classList.contains("open")));

// ── the table: a button in each row leads to the claim in the picture; on demand only what passes the filters ──
const rows = [...document.querySelectorAll("#all tbody tr")];
for (const row of rows) {
  const id = row.dataset.of;
  if (!nodes.has(id) && !edges.has(id)) continue;
  const cell = row.cells[0], words = cell.textContent;
  cell.replaceChildren(button(words, () => {
    choose(nodes.has(id) ? [id] : [], edges.has(id) ? [id] : []);
    byId("panel").scrollIntoView({ behavior: still ? "auto" : "smooth", block: "nearest" });
  }));
}
const isListed = ({ dataset }) =>
  (shown.able.has(dataset.of) || shown.live.has(dataset.of)) && passes({ kind: dataset.kind, outlet: dataset.outlet, date: dataset.date });
function filterTable() {
  const some = byId("filtered").checked;
  for (const row of rows) row.hidden = some && !isListed(row);
  byId("listed").textContent = some ? `${rows.filter(row => !row.hidden).length} of ${rows.length} rows` : "";
}
byId("filtered").addEventListener("change", filterTable);
document.addEventListener("filtered", filterTable);
byId("all").open = false;
window.kg = { network, views, drawn, page, filter, shown };
