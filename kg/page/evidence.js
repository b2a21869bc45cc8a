"use strict";
// Everything that an article says reaches the page as text: textContent and DOM elements, never markup.
document.documentElement.dataset.live = "yes";
const page = JSON.parse(document.getElementById("claims").textContent);
const read = row => Object.fromEntries(page.fields.map((field, at) => [field, page.texts[row[at]]]));
for (const one of [...page.nodes, ...page.edges]) one.claims = one.claims.map(read);
const nodes = new Map(page.nodes.map(node => [node.id, node]));
const edges = new Map(page.edges.map(edge => [edge.id, edge]));
const around = new Map(page.nodes.map(node => [node.id, []]));
for (const edge of page.edges) for (const end of new Set([edge.from, edge.to])) around.get(end).push(edge);
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
const byId = id => document.getElementById(id);
const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const counted = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;

function el(tag, text, name) {
  const one = document.createElement(tag);
  if (text) one.textContent = text;
  if (name) one.className = name;
  return one;
}
function button(text, act, name) {
  const one = el("button", text, name);
  one.type = "button";
  one.addEventListener("click", act);
  return one;
}

// ── the claims behind a node or an edge: those of one sentence on one card ──
const ofNode = node => node.claims.map(claim => ({ claim, from: node.id, predicate: node.predicate }));
const ofEdge = edge => edge.claims.map(claim => ({ claim, from: edge.from, predicate: edge.predicate, to: edge.to }));
const about = id => [...ofNode(nodes.get(id)), ...around.get(id).flatMap(ofEdge)];

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
const goTo = id => button(nodes.get(id).title, () => choose([id], []));
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
const MOST_CARDS = 40;
function cards(groups) {
  const more = groups.length - MOST_CARDS, rest = groups.slice(MOST_CARDS);
  const next = button(`Show ${more} more`, () => next.replaceWith(...cards(rest)), "more");
  return [...groups.slice(0, MOST_CARDS).map(card), ...(more > 0 ? [next] : [])];
}

// ── the panel ──
function fill(heading, kind, acts, boxes) {
  document.querySelector("#panel h2").textContent = heading;
  document.querySelector("#panel .kind").replaceChildren(...kind);
  byId("acts").replaceChildren(...acts);
  byId("cards").replaceChildren(...boxes);
  byId("panel").scrollTop = 0;
}
function tally(facts) {
  const articles = new Set(facts.map(({ claim }) => claim.outlet + claim.url + claim.headline)).size;
  return `${counted(facts.length, "claim")} in ${counted(articles, "article")}`;
}
function showNode(node) {
  const dates = [...new Set([node.first, node.last].filter(Boolean))].join(" to "), facts = about(node.id);
  const entry = /^Q\d+$/.test(node.wikidata) ? [link(node.wikidata, `https://www.wikidata.org/wiki/${node.wikidata}`), " · "] : [];
  const hidden = new Set(around.get(node.id).flatMap(edge => [edge.from, edge.to])).size - 1;
  const acts = [button("Path from here", () => startPath(node))];
  if (hidden > 0) acts.push(button(`Show its ${counted(hidden, "neighbour")}`, () => grow(node.id)));
  fill(node.title, [[node.type, dates].filter(Boolean).join(" · "), " · ", ...entry, tally(facts)], acts, cards(grouped(facts)));
}
const showEdge = edge => fill(edge.title, [tally(ofEdge(edge))], [], cards(grouped(ofEdge(edge))));

function tip(heading, facts) {
  const box = el("div");
  box.append(el("strong", heading));
  if (facts.length) box.append(certainty(facts[0].claim), sentence(facts[0].claim), el("p", origin(facts[0].claim), "source"));
  if (facts.length > 1) box.append(el("p", `and ${facts.length - 1} more: click to read`, "source"));
  return box;
}
