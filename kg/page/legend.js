// ── the legend: what is shown, by certainty, time, kind, relation, source and community, with counts ──
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
  const fill = filter.colour === "kind" ? (isDark() ? item.dark : item.colour) : css("--said");
  picture.append(shape(item.shape, { fill }));
  return [picture];
}
function statusSample(item) {
  const picture = svg("svg", { width: 46, height: 14, "aria-hidden": "true" }), colour = css(item.paint), outline = svg("g", { transform: "translate(30)" });
  picture.append(svg("line", { x1: 0, x2: 26, y1: 7, y2: 7, stroke: colour, "stroke-width": 2, "stroke-dasharray": item.dashes || "none" }));
  outline.append(shape("diamond", { stroke: colour, "stroke-width": 1.5, "stroke-dasharray": item.hollow ? "2 1.5" : "none", fill: item.hollow ? "none" : colour }));
  picture.append(outline);
  return [picture];
}
function communitySample(item) {
  if (filter.colour === "kind") return [];
  const picture = svg("svg", { width: 14, height: 14, "aria-hidden": "true" });
  picture.append(shape("dot", { fill: colourOf({ community: item.key }) }));
  return [picture];
}
function counts(names) {
  const found = new Map();
  for (const name of names) found.set(name, (found.get(name) || 0) + 1);
  const items = [...found].map(([key, count]) => ({ key, name: key, count }));
  return items.sort((one, two) => two.count - one.count || (one.key < two.key ? -1 : 1));
}
const SECTIONS = [
  { id: "statuses", name: "How certain", items: page.statuses, sample: statusSample, open: true },
  { id: "groups", name: "What", items: page.groups, sample: kindSample, open: true },
  { id: "relations", name: "How linked", items: counts(page.edges.map(edge => edge.predicate)), sample: () => [] },
  { id: "sources", name: "Who reports", items: counts(claims.map(sourceOf)), sample: () => [] },
  { id: "communities", name: "Communities", items: page.communities, sample: communitySample },
];
function entry(section, item) {
  const line = el("div", "", "entry"), label = el("label"), box = el("input"), set = filter[section.id];
  box.type = "checkbox"; box.checked = !set.has(item.key); box.name = item.key;
  box.addEventListener("change", () => {
    if (box.checked) set.delete(item.key); else set.add(item.key);
    update();
  });
  const only = button("only", () => keep(section, other => other.key === item.key), "only");
  only.setAttribute("aria-label", `only ${item.name}`);
  label.append(box, ...section.sample(item), el("span", item.name), el("small", item.count));
  line.append(label, only);
  return line;
}
function keep(section, isKept) {
  filter[section.id].clear();
  for (const item of section.items) if (!isKept(item)) filter[section.id].add(item.key);
  drawLegend();
  update();
}
const opened = new Map(SECTIONS.map(section => [section.id, section.open === true]));
function sectionOf(section) {
  const box = el("details"), head = el("summary", section.name), acts = el("p", "", "acts");
  box.open = opened.get(section.id);
  box.addEventListener("toggle", () => opened.set(section.id, box.open));
  head.append(el("small", ` ${section.items.length}`));
  acts.append(button("all", () => keep(section, () => true)), " ", button("none", () => keep(section, () => false)));
  box.append(head, acts, ...section.items.map(item => entry(section, item)));
  return box;
}
function drawLegend() {
  byId("sections").replaceChildren(...SECTIONS.filter(section => section.items.length > 1).map(sectionOf));
}

// ── the time slider: how many claims a day has, and which days are shown ──
const perDay = new Map(counts(claims.map(claim => claim.date)).map(item => [item.key, item.count]));
const BARS = 60;
function drawBars() {
  const wide = 220 / Math.min(days.length, BARS), each = days.length / Math.min(days.length, BARS);
  const sums = Array.from({ length: Math.min(days.length, BARS) }, (_, at) =>
    days.slice(Math.round(at * each), Math.round((at + 1) * each)).reduce((sum, day) => sum + perDay.get(day), 0));
  const most = Math.max(...sums);
  const picture = svg("svg", { viewBox: "0 0 220 32", preserveAspectRatio: "none" });
  picture.append(...sums.map((sum, at) => svg("rect", {
    x: at * wide, width: Math.max(wide - 1, 1), y: 32 - 32 * sum / most, height: 32 * sum / most,
    class: at * each >= filter.from - each / 2 && at * each <= filter.to ? "in" : "out",
  })));
  byId("bars").replaceChildren(picture);
}
function drawTime() {
  byId("time").hidden = days.length < 2;
  if (days.length < 2) return;
  for (const name of ["from", "to"]) {
    byId(name).max = days.length - 1;
    byId(name).value = filter[name];
    byId(name).setAttribute("aria-valuetext", days[filter[name]]);
  }
  const undated = perDay.get("") || 0;
  byId("days").textContent = `${days[filter.from]} to ${days[filter.to]}${!always() && undated ? `, without ${undated} undated` : ""}`;
  drawBars();
}
function slide(name) {
  const value = Number(byId(name).value);
  filter[name] = value;
  if (name === "from") filter.to = Math.max(filter.to, value); else filter.from = Math.min(filter.from, value);
  drawTime();
  update();
}
for (const name of ["from", "to"]) byId(name).addEventListener("input", () => slide(name));

// ── how many, how large, in which colours ──
function drawMost() {
  byId("most").max = page.nodes.length;
  byId("most").value = filter.most;
  byId("most-said").textContent = filter.most >= page.nodes.length ? "all" : filter.most;
}
byId("most").addEventListener("input", event => { filter.most = Number(event.target.value); drawMost(); update(); });
byId("lonely").addEventListener("change", event => { filter.lonely = event.target.checked; update(); });
byId("measure").addEventListener("change", event => { filter.measure = event.target.value; update(); paint(); });
byId("colour").addEventListener("change", event => { filter.colour = event.target.value; drawLegend(); paint(); });
function showAll() {
  filter.most = page.nodes.length;
  drawMost(); update();
  overview();
}
byId("all-nodes").addEventListener("click", showAll);
function reset() {
  clearFilters();
  byId("lonely").checked = false;
  drawLegend(); drawTime(); drawMost(); update();
  overview();
}
for (const one of document.querySelectorAll(".reset")) one.addEventListener("click", reset);
drawLegend(); drawTime(); drawMost(); update();
