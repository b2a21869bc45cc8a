// The token and who decides are given once for all pairs, and kept while this tab is open; the address may bring the token.
const who = document.getElementById("who");
const brought = location.hash.match(/^#token=(.+)/);

if (brought) {
  remember("token", decodeURIComponent(brought[1]));
  history.replaceState(null, "", location.pathname + location.search);
}
// Where there is nothing to decide yet, there is no form.
for (const field of who?.elements || []) {
  field.value = remembered(field.name);
  field.addEventListener("input", () => { remember(field.name, field.value); spread(field); });
  spread(field);
}
who?.addEventListener("submit", (event) => event.preventDefault());
for (const form of document.querySelectorAll(".saying")) {
  // What is hidden cannot be asked for by the browser.
  form.noValidate = true;
  form.addEventListener("submit", (event) => {
    if (form.elements.token.value) return;
    event.preventDefault();
    who.elements.token.focus();
  });
}

function spread({ name, value }) {
  for (const form of document.querySelectorAll(".saying")) form.elements[name].value = value;
}

function remember(name, value) {
  try { sessionStorage.setItem(name, value); } catch { /* for this page only, then */ }
}

function remembered(name) {
  try { return sessionStorage.getItem(name) || ""; } catch { return ""; }
}
