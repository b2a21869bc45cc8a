// Bundles the three scripts, and collects the licences of all that is in them: node build.mjs FOLDER
import { build } from "esbuild";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const out = process.argv[2] || "built";

await build({
  entryPoints: ["editor.js", "graph.js", "map.js"],
  outdir: out,
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2021",
  legalComments: "none",
  // A page that forbids foreign addresses needs its pictures in the style sheet.
  loader: { ".png": "dataurl", ".svg": "dataurl", ".gif": "dataurl", ".woff": "dataurl", ".woff2": "dataurl" },
});

function licence([path, { version, license }]) {
  const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
  const files = existsSync(path) ? readdirSync(path).filter(file => /^(licen[cs]e|copying|notice)/i.test(file)).sort() : [];
  const texts = files.map(file => readFileSync(join(path, file), "utf8").trim());
  return `${name} ${version} (${license})\n\n${texts.join("\n\n") || "Its package holds no text of the licence."}\n`;
}

const packages = Object.entries(JSON.parse(readFileSync("package-lock.json", "utf8")).packages);
const bundled = packages.filter(([path, { dev }]) => path && !dev);
mkdirSync(out, { recursive: true });
writeFileSync(join(out, "LICENSES.txt"), bundled.map(licence).join(`\n${"-".repeat(80)}\n\n`));
