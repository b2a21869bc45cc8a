// ── what is shown: claims that pass, links with such a claim, nodes that such links join, the first of these ──
const NO_SOURCE = "unnamed source";
const claims = [...page.nodes, ...page.edges].flatMap(one => one.claims);
const days = [...new Set(claims.map(claim => claim.date).filter(Boolean))].sort();
const filter = {};
const shown = { able: new Set(), live: new Set(), nodes: new Set(), edges: new Set(), linked: 0 };
/** Nodes that are shown however few links they have: they were searched for, or grown from another. */
const pinned = new Set();

function clearFilters() {
  Object.assign(filter, {
    groups: new Set(page.quiet), statuses: new Set(), relations: new Set(), sources: new Set(), communities: new Set(),
    from: 0, to: days.length - 1, most: Math.min(page.most, page.nodes.length), lonely: false,
  });
  pinned.clear();
}
Object.assign(filter, { measure: "links", colour: "kind" });
clearFilters();

const sourceOf = claim => claim.outlet || NO_SOURCE;
const always = () => filter.from === 0 && filter.to === days.length - 1;
const inTime = date => always() || (date >= days[filter.from] && date <= days[filter.to]);
const passes = claim => !filter.statuses.has(claim.kind) && !filter.sources.has(sourceOf(claim)) && inTime(claim.date);
const isAble = node =>
  !filter.groups.has(node.group) && !filter.communities.has(node.community) && (!node.claims.length || node.claims.some(passes));
const weight = node => filter.measure === "equal" ? node.sizes.links : node.sizes[filter.measure];
const ranked = () => [...page.nodes].sort((one, two) => weight(two) - weight(one) || (one.id < two.id ? -1 : 1));

function refilter() {
  shown.able = new Set(page.nodes.filter(isAble).map(node => node.id));
  const live = page.edges.filter(edge =>
    !filter.relations.has(edge.predicate) && shown.able.has(edge.from) && shown.able.has(edge.to) && edge.claims.some(passes));
  const linked = new Set(live.flatMap(edge => [edge.from, edge.to]));
  const listed = ranked().filter(node => shown.able.has(node.id) && (filter.lonely || linked.has(node.id)));
  const extra = [...pinned].filter(id => shown.able.has(id));
  shown.linked = listed.length;
  shown.lonely = shown.able.size - [...shown.able].filter(id => linked.has(id)).length;
  shown.nodes = new Set([...listed.slice(0, filter.most).map(node => node.id), ...extra]);
  shown.live = new Set(live.map(edge => edge.id));
  shown.edges = new Set(live.filter(edge => shown.nodes.has(edge.from) && shown.nodes.has(edge.to)).map(edge => edge.id));
}
refilter();
