// ── search: a list of hits; arrows choose one, Enter goes to it or to the next, Escape clears ──
const query = byId("query"), hits = byId("hits"), list = byId("found");
const MOST_HITS = 8;
let found = [], place = -1, marked = -1;
function option(id, at) {
  const node = nodes.get(id), line = el("li", node.title);
  line.id = `hit-${at}`; line.role = "option";
  line.append(el("small", ` ${node.type}`));
  line.addEventListener("mousedown", event => { event.preventDefault(); place = at; visit(); });
  return line;
}
function drawHits() {
  list.replaceChildren(...found.slice(0, MOST_HITS).map(option));
  list.hidden = !found.length || document.activeElement !== query;
  query.setAttribute("aria-expanded", String(!list.hidden));
  mark(-1);
}
function mark(at) {
  marked = at;
  [...list.children].forEach((line, number) => line.setAttribute("aria-selected", String(number === at)));
  if (at < 0) query.removeAttribute("aria-activedescendant"); else query.setAttribute("aria-activedescendant", `hit-${at}`);
}
function find() {
  const words = query.value.trim().toLocaleLowerCase();
  const rank = node => node.title.toLocaleLowerCase().startsWith(words) ? 0 : 1;
  const isHit = node => `${node.title} ${node.type}`.toLocaleLowerCase().includes(words);
  const matching = words ? page.nodes.filter(isHit) : [];
  found = matching.sort((one, two) => rank(one) - rank(two) || weight(two) - weight(one)).map(node => node.id);
  place = -1;
  hits.textContent = words ? `${found.length} found` : "";
  network.unselectAll();
  light(words ? new Set(found) : null);
  drawHits();
}
function visit() {
  const id = found[place];
  choose([id], []);
  const seen = views.nodes.get(id) !== null;
  hits.textContent = `${place + 1} of ${found.length}${seen ? "" : ", not shown in the picture: see the legend"}`;
  list.hidden = true;
  query.setAttribute("aria-expanded", "false");
  if (seen) network.focus(id, { scale: 1.1, animation: !still });
}
function next() {
  if (!found.length) return;
  place = marked >= 0 ? marked : (place + 1) % found.length;
  mark(-1);
  visit();
}
query.addEventListener("input", find);
query.addEventListener("blur", () => { list.hidden = true; query.setAttribute("aria-expanded", "false"); });
query.addEventListener("keydown", event => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], many = list.children.length;
  if (!step || !many) return;
  event.preventDefault();
  list.hidden = false;
  query.setAttribute("aria-expanded", "true");
  mark((marked + step + many + (marked < 0 && step < 0 ? 1 : 0)) % many);
});
byId("search").addEventListener("submit", event => { event.preventDefault(); next(); });

// ── the shortest path between two, over the links that pass the filters (breadth first) ──
const names = page.nodes.filter(node => node.kind === "entity").map(node => node.title);
byId("names").append(...[...new Set(names)].sort().map(name => { const one = el("option"); one.value = name; return one; }));
function named(text) {
  const words = text.trim().toLocaleLowerCase();
  const able = ranked().filter(node => shown.able.has(node.id));
  return words && (able.find(node => node.title.toLocaleLowerCase() === words) || able.find(node => node.title.toLocaleLowerCase().includes(words)));
}
function pathBetween(start, end) {
  const cameBy = new Map([[start, null]]), waiting = [start];
  for (const id of waiting) {
    if (id === end) break;
    for (const edge of around.get(id)) {
      const other = edge.from === id ? edge.to : edge.from;
      if (!shown.live.has(edge.id) || cameBy.has(other)) continue;
      cameBy.set(other, edge);
      waiting.push(other);
    }
  }
  return cameBy.has(end) ? walkedBack(cameBy, end) : null;
}
function walkedBack(cameBy, end) {
  const steps = [];
  for (let id = end, edge; (edge = cameBy.get(id)); id = edge.from === id ? edge.to : edge.from) steps.unshift(edge);
  return steps;
}
function showPath(one, two, steps) {
  const ids = [...new Set(steps.flatMap(edge => [edge.from, edge.to]))];
  current = null;
  pin(ids);
  light(new Set([...ids, ...steps.map(edge => edge.id)]));
  fill(`${one.title} to ${two.title}`, [`${counted(steps.length, "step")}, the shortest path over what is shown`], [], steps.map(edge => card([ofEdge(edge)[0]])));
  network.fit({ nodes: ids, animation: !still, maxZoomLevel: 1.5 });
}
function findPath() {
  const one = named(byId("path-from").value), two = named(byId("path-to").value), said = byId("path-said");
  said.textContent = "";
  if (!one || !two) { said.textContent = "Name two that are shown."; return; }
  const steps = one === two ? [] : pathBetween(one.id, two.id);
  if (!steps) said.textContent = "No path over the links that pass the filters.";
  else if (!steps.length) said.textContent = "Both are the same.";
  else showPath(one, two, steps);
}
byId("path").addEventListener("submit", event => { event.preventDefault(); findPath(); });
function startPath(node) {
  byId("path-from").value = node.title;
  openFilters(true);
  byId("path-to").focus();
}
