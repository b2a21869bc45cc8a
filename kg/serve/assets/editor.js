// kgEditor(element, {endpoint, prefixes, examples, link}): a SPARQL editor that asks one endpoint, with the answer as a
// table below it. Examples are {name, query}; `link`, if there is one, gives the address of a page about an IRI.
// YASGUI's own table is not used: it sets what a graph says as markup, so that nothing but the policy stops a script.
import Yasqe from "@zazuko/yasqe";
import "@zazuko/yasqe/build/yasqe.min.css";
import "./editor.css";

const opening = prefixes => Object.entries(prefixes).map(([prefix, iri]) => `PREFIX ${prefix}: <${iri}>`).join("\n");

/** The editor's own completion asks prefix.cc and LOV; this one knows the prefixes that it was given. */
function completers(prefixes) {
  const known = Object.entries(prefixes).map(([prefix, iri]) => `${prefix}: <${iri}>`);
  Yasqe.forkAutocompleter("prefixes", { name: "known-prefixes", get: async () => known, persistenceId: null }, false);
  return ["known-prefixes", "variables"];
}

function element(tag, text, name) {
  const one = document.createElement(tag);
  if (text) one.textContent = text;
  if (name) one.className = name;
  return one;
}
/** A menu of examples. */
function menu(examples, choose) {
  const label = element("label", "Begin with "), select = element("select");
  select.append(new Option("an example …", ""), ...examples.map(({ name }, at) => new Option(name, at)));
  select.addEventListener("change", () => select.value && choose(examples[select.value].query));
  label.append(select);
  return label;
}

// ── the answer ──
const MOST_ROWS = 1000;
function short(iri, prefixes) {
  const found = Object.entries(prefixes).find(([, start]) => iri.startsWith(start) && iri.length > start.length);
  return found ? `${found[0]}:${iri.slice(found[1].length)}` : iri;
}
function cell(term, { prefixes, link }) {
  const box = element("td");
  if (!term) return box;
  const address = term.type === "uri" && link ? link(term.value) : null;
  const words = element(address ? "a" : "span", term.type === "uri" ? short(term.value, prefixes) : term.value);
  if (address) words.href = address;
  if (term.type === "uri") words.title = term.value;
  box.append(words);
  if (term["xml:lang"]) box.append(element("small", ` ${term["xml:lang"]}`));
  return box;
}
function line(names, binding, options) {
  const row = element("tr");
  row.append(...names.map(name => cell(binding[name], options)));
  return row;
}
function table({ head, results }, options) {
  const box = element("table"), top = element("tr"), body = element("tbody"), thead = element("thead");
  top.append(...head.vars.map(name => Object.assign(element("th", name), { scope: "col" })));
  thead.append(top);
  body.append(...results.bindings.slice(0, MOST_ROWS).map(binding => line(head.vars, binding, options)));
  box.append(thead, body);
  return box;
}
function summary({ results, boolean }, duration) {
  if (boolean !== undefined) return `${boolean ? "Yes" : "No"}, after ${duration} ms`;
  const many = results.bindings.length, rest = many > MOST_ROWS ? `, of which the first ${MOST_ROWS} are shown` : "";
  return `${many} ${many === 1 ? "row" : "rows"}${rest}, after ${duration} ms`;
}
function read(response) {
  try {
    const found = JSON.parse(response.content);
    return found.head && (found.results || found.boolean !== undefined) ? found : null;
  } catch {
    return null;
  }
}
function answer(response, duration, options) {
  if (!response.ok) return ["The endpoint answered with an error.", element("pre", response.message || response.content)];
  const found = read(response);
  if (!found) return [`Text, after ${duration} ms`, element("pre", response.content)];
  return [summary(found, duration), found.results ? table(found, options) : element("div")];
}

window.kgEditor = (place, { endpoint, prefixes = {}, examples = [], link = null }) => {
  const editing = element("div"), said = element("p"), results = element("div", "", "kg-results");
  said.setAttribute("role", "status");
  Object.assign(results, { tabIndex: 0, role: "region", ariaLabel: "Answer" });
  place.classList.add("kg-editor");
  place.replaceChildren(editing, said, results);
  const yasqe = new Yasqe(editing, {
    requestConfig: { endpoint: new URL(endpoint, document.baseURI).href, method: "POST" },
    autocompleters: completers(prefixes),
    prefixCcApi: null,
    persistenceId: null,
    createShareableLink: null,
    consumeShareLink: null,
    resizeable: false,
    editorHeight: "15rem",
    value: `${opening(prefixes)}\n\nSELECT * WHERE {\n  ?subject ?predicate ?object\n} LIMIT 25`,
  });
  yasqe.getInputField().setAttribute("aria-label", "SPARQL query; Control and Enter asks it");
  yasqe.on("query", () => { said.textContent = "Asking …"; results.replaceChildren(); });
  yasqe.on("queryResponse", (_, response, duration) => {
    const [words, box] = answer(response, duration, { prefixes, link });
    said.textContent = words;
    results.replaceChildren(box);
  });
  const choose = query => yasqe.setValue(/^\s*PREFIX/im.test(query) ? query : `${opening(prefixes)}\n\n${query}`);
  if (examples.length) place.prepend(menu(examples, choose));
  yasqe.refresh();
  return yasqe;
};
