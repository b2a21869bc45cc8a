// kgEditor(element, {prefixes, examples, ask}): an editor for SPARQL, which hands over what is to be asked and sends nothing
// itself. Examples are {name, query}. YASGUI's own table is not used: it sets what a graph says as markup, so that nothing
// but the policy stops a script.
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

function element(tag, text = "") {
  const one = document.createElement(tag);
  one.textContent = text;
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

window.kgEditor = (place, { prefixes = {}, examples = [], ask }) => {
  const editing = element("div");
  place.classList.add("kg-editor");
  place.replaceChildren(editing);
  // The editor copies its methods when it is made, for the keys; its own would ask dbpedia.org.
  Yasqe.prototype.query = async function query() { ask(this.getValue()); };
  const yasqe = new Yasqe(editing, {
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
  const choose = query => yasqe.setValue(/^\s*PREFIX/im.test(query) ? query : `${opening(prefixes)}\n\n${query}`);
  if (examples.length) place.prepend(menu(examples, choose));
  yasqe.refresh();
  return yasqe;
};
