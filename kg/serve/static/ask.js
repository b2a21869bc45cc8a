// The richer editor for SPARQL, where it was built; the plain one stays for where it was not, and for what it had to say.
const place = document.getElementById("editor");
const plain = document.getElementById("plain");

if (place && window.kgEditor) start();

function start() {
  const box = plain.querySelector("textarea");
  const prefixes = Object.fromEntries([...document.getElementById("prefixes").textContent.matchAll(/PREFIX (\S+): <(.+)>/g)].map((found) => found.slice(1)));
  const whole = (query) => declared(query, prefixes);
  const editor = window.kgEditor(place, {
    endpoint: "/sparql",
    prefixes,
    examples: [...document.querySelectorAll("#examples a")].map((link) => ({ name: link.textContent, query: whole(new URL(link.href).searchParams.get("query")) })),
    link: page,
  });
  editor.setValue(whole(box.value));
  place.hidden = false;
  plain.hidden = true;
  // What was asked has an address, so that it can be sent to somebody.
  editor.on("query", () => {
    history.replaceState(null, "", `/ask?query=${encodeURIComponent(editor.getValue())}`);
    document.getElementById("answer")?.remove();
  });
}

/** A query with the prefixes that it uses: the endpoint knows them all, the editor does not. */
function declared(query, prefixes) {
  const used = Object.entries(prefixes).filter(([name]) => new RegExp(`\\b${name}:`).test(query));
  const missing = used.filter(([name]) => !new RegExp(`PREFIX\\s+${name}:`, "i").test(query));
  return missing.map(([name, iri]) => `PREFIX ${name}: <${iri}>\n`).join("") + query;
}

/** The address of the page about a thing of this graph; none for all else. */
function page(iri) {
  const path = iri.startsWith("https://kg.example/") ? iri.slice("https://kg.example/".length) : "";
  const quoted = path.split("/").map(encodeURIComponent).join("/");
  if (/^happening\/|#v\d+$/.test(path)) return `/event/${quoted}`;
  if (/^(name|item)\/|#e\d+$/.test(path)) return `/actor/${quoted}`;
  return /^article\/[^#]+$/.test(path) ? `/${quoted}` : null;
}
