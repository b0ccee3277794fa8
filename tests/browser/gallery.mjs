// Serves the gallery (`cargo run -p kontor-web --example gallery -- FOLDER`) under the product's own CSP with a small
// pretended API, photographs every page, and fails on CSP violations, script errors, overflow and what axe finds.
//   node gallery.mjs FOLDER [--shots FOLDER] [--only partners.html] [--serve PORT]
import { createServer } from "node:http";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "../../frontend/dist");
const args = process.argv.slice(2);
const flag = name => { const i = args.indexOf(name); return i < 0 ? null : args[i + 1]; };
const folder = args[0];
const shots = flag("--shots");
const only = flag("--only");

const CSP = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";
const types = { html: "text/html; charset=utf-8", js: "text/javascript", css: "text/css", svg: "image/svg+xml", woff2: "font/woff2" };

const products = Array.from({ length: 40 }, (_, i) => ({ id: `q${i}`, title: `Автомат Elkor EB-63 3P C${i + 10}, 6 кА`, name: `Автомат Elkor EB-63 3P C${i + 10}, 6 кА`, sku: `EB63-3C${i + 10}`, barcode: `48200000000${i}`, unit: { id: "u1", title: "шт" } }));
function api(method, url, body) {
  const path = url.pathname.replace("/api/v1", "");
  const q = (url.searchParams.get("q") ?? "").toLowerCase();
  if (path === "/search") return { items: [{ entity: "partners", id: "p0", title: "Київелектропостач", subtitle: "дилер, Київ", url: "/partner.html" }, { entity: "sales-orders", id: "o1", title: "КВ-004812", subtitle: "Київелектропостач", url: "/order.html" }].filter(f => `${f.title} ${f.subtitle}`.toLowerCase().includes(q)) };
  if (path === "/products") {
    const known = url.searchParams.get("id.in");
    if (known) return { items: known.split(",").map(id => ({ id, sku: id, title: id, unit: { id: "u1", title: "шт" } })) };
    const list = url.searchParams.get("sku.in");
    if (list) return { items: products.filter(p => list.split(",").map(decodeURIComponent).includes(p.sku)) };
    return { items: products.filter(p => `${p.sku} ${p.name} ${p.barcode}`.toLowerCase().includes(q)).slice(0, Number(url.searchParams.get("limit") ?? 8)) };
  }
  if (path === "/stock") return { items: (url.searchParams.get("product_id.in") ?? "").split(",").map((product_id, i) => ({ product_id, available: String(340 - i * 7) })) };
  if (path === "/prices/explain") return { price: "105.55", net_price: "105.55", rule_price: "105.55", currency: "UAH", problem: null,
    steps: [{ step: "base", title: "Вид ціни", text: "за умовами продажу", rule: { kind: "price_type", id: "1", name: "РРЦ, EUR" }, tried: [], steps: [] }, { step: "value", title: "Ціна", text: "діє з 01.11.2026", after: "2.85", currency: "EUR", tried: [], steps: [] }, { step: "convert", title: "Курс", text: "20.11.2026: 1 € = 48,7340 ₴", rule: { kind: "rates", id: "2", name: "Комерційний" }, after: "138.8919", currency: "UAH", tried: [], steps: [] }, { step: "discount", title: "Знижка", text: "категорія «Модульне обладнання»", rule: { kind: "agreement", id: "3", name: "Дилер А" }, after: "22", tried: [], steps: [] }],
    candidates: [{ id: "1", name: "РРЦ, EUR", kind: "price_type", won: true, lost: null }, { id: "9", name: "Спецціна партнера", kind: "agreement_product", won: false, lost: "на цей артикул не задана" }] };
  if (path === "/live") return {};
  if (path.endsWith("/preview") || path.endsWith("/editor") || (method !== "GET" && /^\/sales-orders/.test(path) && !path.endsWith("/confirm"))) {
    const lines = (body?.lines ?? []).map((l, i) => ({ ...l, id: l.id ?? `n${i}`, price: l.price ?? "207.15", price_by_hand: l.price !== undefined, rule_price: "207.15", discount_percent: l.discount_percent ?? "22", amount: String(Math.round(Number(l.quantity) * Number(l.price ?? "207.15") * 100) / 100), vat_amount: "0", cost: String(Math.round(Number(l.quantity) * 160)), product: { id: l.product_id, title: products.find(p => p.id === l.product_id)?.title ?? "" } }));
    return { id: "o1", version: 4, number: "КВ-004812", lines, total: "146843.04", vat_total: "24473.84", net_total: "122369.20", margin: "20762.80", vat: "excluded", blockers: lines.length > 9 ? [{ field: "lines.5.quantity", code: "stock", message: "Рядок 6: бракує 260 м кабелю 3×2,5", hint: "вільно 340 з 600", ways: [{ label: "340 зараз", set: { quantity: "340" } }, { label: "Заміна", href: "/states.html" }] }] : [] };
  }
  if (path.endsWith("/confirm")) return [422, { title: "Не можна підтвердити", detail: "Не можна підтвердити", errors: [{ field: "", code: "credit", message: "Ліміт кредиту перевищено на 59 223,44", hint: "борг 412 380,40, ліміт 500 000", ways: [{ label: "Передоплата", href: "/states.html" }] }] }];
  if (path.endsWith("/move")) return body?.stage_id === "s4" ? [422, { detail: "До стадії «Договір» потрібен контакт", errors: [] }] : { id: "d", version: 2, audit_id: "a1" };
  if (path === "/users" || path === "/partners") return { items: ["Київелектропостач", "Столичні Кабелі", "Ґрант Електро"].filter(t => t.toLowerCase().includes(q)).map((title, i) => ({ id: `r${i}`, title })) };
  return {};
}

const server = createServer(async (req, res) => {
  const url = new URL(req.url ?? "/", "http://x");
  const send = (status, type, data) => { res.writeHead(status, { "content-type": type, "content-security-policy": CSP, "cache-control": "no-store" }); res.end(data); };
  try {
    if (url.pathname.startsWith("/api/")) {
      let text = "";
      for await (const part of req) text += part;
      const answer = api(req.method, url, text ? JSON.parse(text) : null);
      return Array.isArray(answer) ? send(answer[0], "application/problem+json", JSON.stringify(answer[1])) : send(200, "application/json", JSON.stringify(answer));
    }
    const name = url.pathname.endsWith("/peek") ? "peek.html" : url.pathname.slice(1) || "home.html";
    if (name === "more.html") return send(200, types.html, "");
    if (name.startsWith("assets/")) return send(200, types[name.split(".").at(-1)] ?? "text/plain", await readFile(join(dist, name.slice(7))));
    let html = await readFile(join(folder, name), "utf8");
    const theme = /theme=(light|dark)/.exec(req.headers.cookie ?? "")?.[1];
    if (theme) html = html.replace("<html ", `<html data-bs-theme="${theme}" `);
    send(200, types.html, html);
  } catch (e) {
    send(404, types.html, String(e));
  }
});
await new Promise(done => server.listen(Number(flag("--serve") ?? 0), "127.0.0.1", done));
const base = `http://127.0.0.1:${server.address().port}`;
console.log(base);

if (!args.includes("--serve")) {
  const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
  const pages = ["partners.html", "partners-empty.html", "partner.html", "order.html", "order-big.html", "deals.html", "home.html", "report.html", "form.html", "states.html", "sign-in.html", "sign-in-en.html"];
  const looks = [[1440, 900, "light"], [1440, 900, "dark"], [1024, 768, "light"], [390, 844, "light"], [390, 844, "dark"]];
  let bad = 0;
  if (shots) await mkdir(shots, { recursive: true });
  for (const [width, height, theme] of looks) {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, bypassCSP: false });
    for (const name of pages.filter(p => !only || p === only)) {
      const page = await context.newPage();
      const problems = [];
      page.on("console", m => { if (!/EventSource/.test(m.text()) && (m.type() === "error" || /Content Security Policy/i.test(m.text()))) problems.push(m.text()); });
      page.on("pageerror", e => problems.push(e.message));
      await page.goto(`${base}/${name}`, { waitUntil: "networkidle" });
      await page.evaluate(() => document.fonts.ready);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (wide > 0) problems.push(`the page is ${wide} px too wide`);
      if (name !== "order-big.html") {
        await page.evaluate(axe);
        const found = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }));
        for (const v of found.violations) problems.push(`axe ${v.id}: ${v.nodes.slice(0, 3).map(n => `${n.target} ${n.any[0]?.message ?? n.all[0]?.message ?? ""}`).join(" | ")}`);
      }
      if (shots) await page.screenshot({ path: join(shots, `${name.replace(".html", "")}-${width}-${theme}.png`) });
      for (const p of [...new Set(problems)]) { bad++; console.log(`${name} ${width} ${theme}: ${p}`); }
      await page.close();
    }
    await context.close();
  }
  await browser.close();
  server.close();
  console.log(bad ? `${bad} problems` : "no problems");
  process.exitCode = bad ? 1 : 0;
}
