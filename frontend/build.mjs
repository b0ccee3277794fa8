// Bundles everything the pages need into dist/: hashed names, a manifest, and .gz/.br copies beside each text file.
// Run by `npm run build`; the Rust side embeds dist/ and looks names up in manifest.json.
import { build } from "esbuild";
import { transform } from "lightningcss";
import { PurgeCSS } from "purgecss";
import subsetFont from "subset-font";
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const root = dirname(fileURLToPath(import.meta.url));
// Built beside the old one and put in its place when everything is there: a running server never sees half of it.
const place = join(root, "dist");
const dist = join(root, `.dist-${process.pid}`);
const modules = join(root, "node_modules");
const manifest = {};

const hash = data => createHash("sha256").update(data).digest("hex").slice(0, 10);

/** Writes `data` under a name with its hash and notes it in the manifest. */
async function emit(logical, data) {
  const [, stem, ext] = /^(.*)\.(\w+)$/.exec(logical);
  const file = `${stem}.${hash(data)}.${ext}`;
  await writeFile(join(dist, file), data);
  manifest[logical] = file;
  return file;
}

/** One sprite of the icons named in src/icons.json, so that `<use href="…#name">` needs one cached request. */
async function icons() {
  const names = JSON.parse(await readFile(join(root, "src/icons.json"), "utf8"));
  const symbols = await Promise.all([...names].sort().map(async name => {
    const svg = await readFile(join(modules, "@tabler/icons/icons/outline", `${name}.svg`), "utf8");
    const body = svg.replace(/<!--[\s\S]*?-->/g, "").replace(/^[\s\S]*?<svg[^>]*>|<\/svg>\s*$/g, "").replace(/>\s+</g, "><").trim();
    return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round">${body}</symbol>`;
  }));
  await emit("icons.svg", `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`);
}

/** Inter in slices by script; weights 400 to 600 are all we set, so the variable axis is cut to them. */
async function fonts() {
  const dir = join(modules, "@fontsource-variable/inter/files");
  const ranges = {
    latin: "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD",
    "latin-ext": "U+0100-0130,U+0132-0151,U+0154-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,U+1E00-1E9F,U+1EF2-1EFF,U+20A0-20AB,U+20AD-20B3,U+20B5-20C0,U+2113",
    cyrillic: "U+0301,U+0400-045F,U+0490-0491,U+04B0-04B1,U+2116",
    "cyrillic-ext": "U+0460-048F,U+0492-04AF,U+04B2-052F,U+1C80-1C8A,U+2DE0-2DFF,U+A640-A69F",
    // The hryvnia sign lives in cyrillic-ext; alone it saves most pages 25 kB.
    hryvnia: "U+20B4",
  };
  let css = "";
  for (const [slice, range] of Object.entries(ranges)) {
    const source = slice === "hryvnia" ? "cyrillic-ext" : slice;
    const font = await readFile(join(dir, `inter-${source}-wght-normal.woff2`));
    const cut = await subsetFont(font, characters(range), { targetFormat: "woff2", variationAxes: { wght: { min: 400, max: 600, default: 400 } }, noLayoutClosure: false });
    const file = await emit(`inter-${slice}.woff2`, cut);
    css += `@font-face{font-family:"Inter Variable";font-style:normal;font-display:swap;font-weight:400 600;src:url(${file}) format("woff2");unicode-range:${range}}\n`;
  }
  return css;
}

function characters(range) {
  let text = "";
  for (const part of range.split(",")) {
    const [from, to] = part.slice(2).split("-").map(x => parseInt(x, 16));
    for (let c = from; c <= (to ?? from); c++) text += String.fromCodePoint(c);
  }
  return text;
}

/** Of Tabler only what is named here; its variables that nothing reads go too. */
async function tabler() {
  const css = await readFile(join(modules, "@tabler/core/dist/css/tabler.css"), "utf8");
  const keep = `<html><body><h1><h2><h3><h4><p><ul><ol><dl><dt><dd><b><strong><small><mark><a><hr><pre><code><kbd><img><svg><table><thead><tbody><tfoot>
    <tr><th><td><label><button><input type="checkbox" disabled><select><optgroup><textarea><fieldset><legend><progress><summary><output>
    <i class="btn btn-primary badge avatar table form-control form-select form-check-input visually-hidden">`;
  const [{ css: kept }] = await new PurgeCSS().purge({
    content: [{ raw: keep, extension: "html" }],
    css: [{ raw: css }],
    variables: true, keyframes: true, fontFace: true,
    blocklist: [/data-bs-theme/, /^:where/, /rtl/, /print/],
  });
  return kept.replace(/@charset[^;]+;/g, "");
}

async function styles() {
  const own = join(root, "src/css");
  const names = (await readFile(join(own, "order.txt"), "utf8")).split(/\s+/).filter(Boolean);
  const parts = await Promise.all(names.map(n => readFile(join(own, `${n}.css`), "utf8")));
  const source = [await fonts(), `@layer tabler{${await tabler()}}`, ...parts].join("\n");
  const { code } = transform({ filename: "app.css", code: Buffer.from(source), minify: true });
  await emit("app.css", code);
}

async function scripts() {
  const result = await build({
    entryPoints: [join(root, "src/app.ts")],
    bundle: true, splitting: true, minify: true, format: "esm", target: "es2022",
    outdir: dist, entryNames: "[name].[hash]", chunkNames: "[name].[hash]", metafile: true, legalComments: "none", logLevel: "warning",
  });
  for (const [out, meta] of Object.entries(result.metafile.outputs)) {
    if (!meta.entryPoint) continue;
    const name = basename(meta.entryPoint, ".ts");
    manifest[`${name}.js`] = basename(out);
    // what the first page imports at once, so that the browser fetches it all together
    if (name === "app") meta.imports.filter(i => i.kind === "import-statement").forEach((i, n) => { manifest[`preload.${n}.js`] = basename(i.path); });
  }
}

async function compress() {
  let report = "";
  for (const file of (await readdir(dist)).sort()) {
    const data = await readFile(join(dist, file));
    let br = data.length;
    if (!file.endsWith(".woff2") && file !== "manifest.json") {
      const packed = brotliCompressSync(data, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: data.length } });
      br = packed.length;
      await writeFile(join(dist, `${file}.br`), packed);
      await writeFile(join(dist, `${file}.gz`), gzipSync(data, { level: 9 }));
    }
    report += `${file.padEnd(36)} ${(data.length / 1000).toFixed(1).padStart(8)} kB ${(br / 1000).toFixed(1).padStart(8)} kB br\n`;
  }
  process.stdout.write(report);
}

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
const favicon = await readFile(join(root, "src/favicon.svg"));
await Promise.all([icons(), styles(), scripts(), emit("favicon.svg", favicon)]);
await writeFile(join(dist, "manifest.json"), JSON.stringify(Object.fromEntries(Object.entries(manifest).sort()), null, 1));
await compress();
await rm(place, { recursive: true, force: true });
await rename(dist, place);
