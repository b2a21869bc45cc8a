// Search with suggestions, keys, the theme, and claims that open where they are pointed at.
const root = document.documentElement;
const box = document.getElementById("q");
const list = document.getElementById("suggestions");

// ---------------------------------------------------------------------------------------------------------- the theme

const button = document.getElementById("theme");

function isDark() {
  return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function named() {
  button.textContent = isDark() ? "Light" : "Dark";
  button.setAttribute("aria-label", `Change to the ${isDark() ? "light" : "dark"} theme`);
}

button.hidden = false;
named();
button.addEventListener("click", () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  try { localStorage.setItem("theme", root.dataset.theme); } catch { /* for this page only, then */ }
  named();
  document.dispatchEvent(new Event("theme"));
});

// ---------------------------------------------------------------------------------------------------------- the search

let chosen = -1;
let asked = 0;
let timer = 0;

function close() {
  list.hidden = true;
  chosen = -1;
  box.setAttribute("aria-expanded", "false");
  box.removeAttribute("aria-activedescendant");
}

function item(hit, number) {
  const entry = document.createElement("li");
  const link = document.createElement("a");
  const small = document.createElement("small");
  entry.id = `suggestion-${number}`;
  entry.setAttribute("role", "option");
  entry.setAttribute("aria-selected", "false");
  link.href = hit.page;
  link.tabIndex = -1;
  link.textContent = hit.name;
  small.textContent = [hit.kind, hit.by && `also “${hit.by}”`].filter(Boolean).join(", ");
  link.append(small);
  entry.append(link);
  return entry;
}

async function suggest() {
  const number = ++asked;
  const text = box.value.trim();
  if (!text) return close();
  const answer = await fetch(`/suggest?q=${encodeURIComponent(text)}`).catch(() => null);
  if (!answer || !answer.ok || number !== asked) return;
  const found = await answer.json();
  list.replaceChildren(...found.map(item));
  list.hidden = found.length === 0;
  box.setAttribute("aria-expanded", String(!list.hidden));
  chosen = -1;
}

function choose(step) {
  const entries = [...list.children];
  if (!entries.length) return;
  chosen = (chosen + step + entries.length + (chosen < 0 && step < 0 ? 1 : 0)) % entries.length;
  entries.forEach((entry, number) => entry.setAttribute("aria-selected", String(number === chosen)));
  box.setAttribute("aria-activedescendant", entries[chosen].id);
  entries[chosen].scrollIntoView({ block: "nearest" });
}

box.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(suggest, 80);
});
box.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    choose(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter" && chosen >= 0) {
    event.preventDefault();
    list.children[chosen].firstChild.click();
  } else if (event.key === "Escape") {
    // Else the browser would empty the field as well.
    event.preventDefault();
    if (list.hidden) box.value = "";
    close();
  }
});
box.addEventListener("blur", () => setTimeout(close, 150));
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    box.focus();
    box.select();
  }
});

// ------------------------------------------------------------------------------------- claims that are pointed at open

function open() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const details = target && target.closest("details");
  if (!details) return;
  details.open = true;
  target.scrollIntoView({ block: "center" });
}

addEventListener("hashchange", open);
open();

// ---------------------------------------------------------------------------------------------------------- the editor

const query = document.getElementById("query");
if (query) {
  query.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) query.form.requestSubmit();
  });
}
