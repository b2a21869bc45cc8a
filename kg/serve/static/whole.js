// The whole graph, where its picture was built: drawn by the graphics card; what is chosen leads to its page.
const place = document.getElementById("whole");
const chosen = document.getElementById("chosen");

if (place && window.kgGraph) start();

async function start() {
  const { graph } = await window.kgGraph(place, { url: "/graph/whole?format=json" });
  place.dataset.done = "yes";
  place.addEventListener("kg-choose", ({ detail: { node } }) => { if (node) tell(graph, node); });
}

/** What was chosen, and a way to its page. */
function tell(graph, node) {
  const { label, kind } = graph.getNodeAttributes(node);
  const near = graph.degree(node);
  const link = document.createElement("a");
  link.textContent = label;
  link.href = page(node);
  chosen.replaceChildren(link, ` (${kind}), ${near} ${near === 1 ? "link" : "links"}`);
}

/** Every node is an entity or an event. */
function page(iri) {
  const path = iri.slice("https://kg.example/".length);
  const kind = /^happening\/|#v\d+$/.test(path) ? "event" : "actor";
  return `/${kind}/${path.split("/").map(encodeURIComponent).join("/")}`;
}
