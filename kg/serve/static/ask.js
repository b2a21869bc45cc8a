// The richer editor for SPARQL, where it was built; the plain one stays for where it was not, and for what it had to say.
const place = document.getElementById("editor");
const plain = document.getElementById("plain");

if (place && window.kgEditor) start();

function start() {
  const box = plain.querySelector("textarea");
  const prefixes = Object.fromEntries([...document.getElementById("prefixes").textContent.matchAll(/PREFIX (\S+): <(.+)>/g)].map((found) => found.slice(1)));
  const whole = (query) => declared(query, prefixes);
  const editor = window.kgEditor(place, {
    prefixes,
    examples: [...document.querySelectorAll("#examples a")].map((link) => ({ name: link.textContent, query: whole(new URL(link.href).searchParams.get("query")) })),
    // What was asked has an address, so that it can be sent to somebody; the page of the answer shows it in several ways.
    ask: (query) => { box.value = query; plain.requestSubmit(); },
  });
  place.hidden = false;
  plain.hidden = true;
  // It measures itself: what is hidden has no size.
  editor.refresh();
  editor.setValue(whole(box.value));
}

/** A query with the prefixes that it uses: the endpoint knows them all, the editor does not. */
function declared(query, prefixes) {
  const used = Object.entries(prefixes).filter(([name]) => new RegExp(`\\b${name}:`).test(query));
  const missing = used.filter(([name]) => !new RegExp(`PREFIX\\s+${name}:`, "i").test(query));
  return missing.map(([name, iri]) => `PREFIX ${name}: <${iri}>\n`).join("") + query;
}
