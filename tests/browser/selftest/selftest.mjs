// Proves the harness on pages of its own: a good page passes, and each fault is seen.
import { runOne } from "../lib/runner.mjs";
import { SCREENSHOTS } from "../lib/tester.mjs";
import { rm, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";

const CSP = "default-src 'self'; script-src 'self'; style-src 'self' 'nonce-test'; img-src 'self' data:";
const page = body => `<!doctype html><html lang="uk"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Проба</title><link rel="icon" href="data:,"></head><body><main><h1>Проба</h1>${body}</main></body></html>`;
const PAGES = {
  "/good": page("<p>Усе гаразд</p><button id=b type=button>Далі</button><script src=/good.js></script>"),
  "/inline": page("<script>document.title = 'ran'</script>"),
  "/throws": page("<script src=/throws.js></script>"),
  "/console": page("<script src=/console.js></script>"),
  "/missing": page("<script src=/nowhere.js></script>"),
  "/broken": page("<script src=/500.js></script>"),
  "/unlabelled": page("<input type=text><img src='data:,'>"),
  "/wide": page("<div id=w>x</div><style nonce=test>#w { width: 3000px }</style>"),
};
const SCRIPTS = {
  "/good.js": "document.getElementById('b').addEventListener('click', e => { e.target.textContent = 'Готово' })",
  "/throws.js": "setTimeout(() => { throw new Error('thrown on purpose') })",
  "/console.js": "console.error('said on purpose')",
};

function serve() {
  const server = createServer((request, answer) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const found = PAGES[pathname] ?? SCRIPTS[pathname];
    const status = pathname === "/500.js" ? 500 : found ? 200 : 404;
    answer.writeHead(status, { "content-type": pathname.endsWith(".js") ? "text/javascript" : "text/html; charset=utf-8", "content-security-policy": CSP });
    answer.end(found ?? "");
  });
  return new Promise(done => server.listen(0, "127.0.0.1", () => done(server)));
}

/** Name of the case, what the test does, what its failure must say (nothing: it must pass). */
const CASES = [
  ["a good page passes", async t => {
    const p = await t.open("/good");
    await p.click("#b");
    await p.getByText("Готово").waitFor();
    await t.accessible(p);
  }],
  ["pictures are taken at both widths, light and dark", async t => {
    await t.shots("/good", "selftest");
    for (const name of ["1440-light", "1440-dark", "390-light", "390-dark"]) await stat(join(SCREENSHOTS, `selftest-${name}.png`));
  }],
  ["an expected complaint passes", async t => {
    t.allow(/said on purpose/);
    await t.open("/console");
  }],
  ["an inline script is seen", async t => {
    const p = await t.open("/inline");
    // The page tells of it by an event of its own, after it is there.
    await p.waitForTimeout(200);
  }, /CSP: script-src/],
  ["a script error is seen", async t => {
    const p = await t.open("/throws");
    await p.waitForTimeout(200);
  }, /script error: thrown on purpose/],
  ["a console error is seen", async t => { await t.open("/console"); }, /console: said on purpose/],
  ["a missing file is seen", async t => { await t.open("/missing"); }, /404/],
  ["an answer of the 500s is seen", async t => { await t.open("/broken"); }, /answer 500/],
  ["an unlabelled field is seen", async t => { await t.accessible(await t.open("/unlabelled")); }, /label:[\s\S]*image-alt:|image-alt:[\s\S]*label:/],
  ["a page that is too wide is seen", async t => { await t.fits(await t.open("/wide")); }, /wider than its window/],
];

export async function runSelftest(browser) {
  const server = await serve();
  const base = `http://127.0.0.1:${server.address().port}`;
  const result = { passed: 0, failed: 0 };
  try {
    for (const [name, run, expected] of CASES) {
      const error = await runOne({ name: `selftest-${name.replaceAll(/\W+/g, "-")}`, run }, browser, base);
      const good = expected ? error && expected.test(error.message) : !error;
      console.log(`${good ? "ok  " : "FAIL"} harness: ${name}${good ? "" : `\n    ${error?.message ?? "nothing was seen"}`}`);
      result[good ? "passed" : "failed"] += 1;
      await rm(join(SCREENSHOTS, `failed-selftest-${name.replaceAll(/\W+/g, "-")}.png`), { force: true });
    }
  } finally {
    server.close();
  }
  return result;
}
