// Every page: who cannot see well can use it, nothing sticks out, ugly data do not break it; weight and quickness.
import { equal, fresh, get, partner, post, sure } from "../lib/api.mjs";

const PAGES = [
  "/", "/partners", "/partners/new", "/contacts", "/counterparties", "/partner-relations", "/deals", "/deals?view=funnel", "/deals?state=open", "/deals/new", "/quotes", "/sales-orders",
  "/sales-orders?group=state", "/shipments", "/returns", "/payments", "/tasks", "/tasks/new", "/interactions", "/products", "/products/new", "/product-categories", "/prices", "/price-types", "/price-changes",
  "/agreements", "/rates", "/rate-types", "/stock-receipts", "/stock-receipts/new", "/warehouses", "/reports", "/settings", "/users", "/roles", "/external-ids", "/profile", "/companies", "/currencies", "/units", "/vat-rates", "/stages", "/deal-kinds",
  "/loss-reasons", "/regions", "/list/partners/import", "/partners?q=%D1%89%D0%BE%D1%81%D1%8C%20%D1%87%D0%BE%D0%B3%D0%BE%20%D0%BD%D0%B5%D0%BC%D0%B0", "/nothing-here",
];
const CARDS = ["partners", "contacts", "deals", "quotes", "sales-orders", "shipments", "payments", "products", "agreements", "price-changes", "tasks", "interactions", "stock-receipts", "users", "roles", "companies"];
const TABS = ["timeline", "deals", "documents", "settlements", "contacts", "relations", "details", "changes"];

async function all(page) {
  const { items } = await get(page, "/reports");
  const cards = await Promise.all(CARDS.map(async c => (await get(page, `/${c}?limit=1`)).items[0]).map(async (found, i) => [CARDS[i], await found]));
  const found = cards.filter(([, r]) => r).map(([c, r]) => `/${c}/${r.id}`);
  const partnerPage = found.find(p => p.startsWith("/partners/"));
  const edits = found.filter(p => /^\/(partners|deals|products|agreements)\//.test(p)).map(p => `${p}/edit`);
  return [...PAGES, ...items.map(r => `/reports/${r.name}`), ...found, ...edits, ...found.slice(0, 4).map(p => `${p}?tab=history`), ...TABS.map(x => `${partnerPage}?tab=${x}`)];
}

/** Every `of`-th page from `part` on: a test has two minutes. */
async function walk(t, options, [part, of], take) {
  t.allow(/status of 404/);
  const page = await t.open("/", { as: "administrator", ...options });
  const wrong = [];
  for (const path of (await all(page)).filter((_, i) => i % of === part)) {
    try {
      await t.goto(page, path);
      await page.locator("#main h1, #main h2, #main b").first().waitFor();
      const text = await page.locator("body").innerText();
      if (text.includes("⟦")) throw new Error(`a word is missing: ${text.slice(text.indexOf("⟦"), text.indexOf("⟦") + 40)}`);
      await take(page);
    } catch (e) {
      wrong.push(`${path}: ${e.message.split("\n").slice(0, 4).join(" ")}`);
    }
  }
  if (wrong.length) throw new Error(wrong.join("\n    "));
}

const DESK = { lang: "uk" }, PHONE = { lang: "ru", theme: "dark", width: 390 };
/** On a phone bars that float over a list hide part of a row, which is scrolled out from under them: they are laid flat to measure. */
const flat = () => document.querySelectorAll(".k-top, .k-ptabs, .k-acts, .k-grid th, .k-grid tfoot td").forEach(el => { el.style.position = "static"; });
const usable = t => async page => { await t.fits(page); if (page.viewportSize().width < 600) await page.evaluate(flat); await t.accessible(page); };

export const plt_17_every_page_is_accessible_on_a_desk_1 = t => walk(t, DESK, [0, 3], usable(t));
export const plt_17_every_page_is_accessible_on_a_desk_2 = t => walk(t, DESK, [1, 3], usable(t));
export const plt_17_every_page_is_accessible_on_a_desk_3 = t => walk(t, DESK, [2, 3], usable(t));
export const plt_17_every_page_is_accessible_in_the_dark_on_a_phone_1 = t => walk(t, PHONE, [0, 3], usable(t));
export const plt_17_every_page_is_accessible_in_the_dark_on_a_phone_2 = t => walk(t, PHONE, [1, 3], usable(t));
export const plt_17_every_page_is_accessible_in_the_dark_on_a_phone_3 = t => walk(t, PHONE, [2, 3], usable(t));
export const plt_17_every_page_speaks_english = t => walk(t, { lang: "en" }, [0, 1], page => t.fits(page));

export async function plt_17_ugly_data_break_no_page(t) {
  const page = await t.open("/", { as: "director" });
  const long = `${fresh("Товариствозобмеженоювідповідальністю")} ${"Дуже довга назва ".repeat(10)}`.slice(0, 200).trim();
  const rtl = `${fresh("شركة")} الأمل للتجارة`;
  const client = await partner(page, long, { tags: ["дуже-довга-мітка-без-пробілів-якої-ніхто-не-чекав"], comment: "я".repeat(2000) });
  await partner(page, rtl);
  const kind = (await get(page, "/deal-kinds?limit=1")).items[0], company = (await get(page, "/companies?limit=1")).items[0];
  const deal = await post(page, "/deals", { name: long, partner_id: client.id, company_id: company.id, kind_id: kind.id, amount: "999999999999.99", currency: "UAH", next_step: long.slice(0, 150) });
  const goods = (await get(page, "/products?limit=200&kind=goods&fields=name")).items;
  const lines = Array.from({ length: 1000 }, (_, i) => ({ product_id: goods[i % goods.length].id, quantity: String(i + 1) }));
  const order = await post(page, "/sales-orders", { partner_id: client.id, company_id: company.id, lines });
  equal(order.lines.length, 1000, "lines");
  const paths = [`/partners?q=${encodeURIComponent(long.slice(0, 40))}`, `/partners?q=${encodeURIComponent(rtl)}`, `/partners/${client.id}`, `/partners/${client.id}/edit`, `/deals?view=board&q=${encodeURIComponent(long.slice(0, 40))}`, `/deals/${deal.id}`, `/sales-orders?partner_id=${client.id}`, `/sales-orders/${order.id}`];
  for (const width of [1440, 390]) {
    const seen = await t.open("/", { as: "director", width });
    for (const [n, path] of paths.entries()) {
      await t.goto(seen, path);
      await seen.locator("#main h1, #main h2").first().waitFor();
      await t.fits(seen);
      await t.shot(seen, `ugly-${n}-${width}`);
    }
    await seen.context().close();
  }
  await t.goto(page, `/deals?view=board&q=${encodeURIComponent(long.slice(0, 40))}`);
  const sum = page.locator(`.k-dc[data-id='${deal.id}'] .mny .n`).first();
  sure(await sum.evaluate(el => el.scrollWidth <= el.parentElement.clientWidth), "twelve figures fit their card");
}

export async function plt_09_the_first_page_is_light(t) {
  const page = await t.open("/sign-in");
  const client = await page.context().newCDPSession(page);
  await client.send("Network.enable");
  await client.send("Network.setCacheDisabled", { cacheDisabled: true });
  for (const path of ["/sign-in", "/"]) {
    if (path === "/") await t.signIn(page, "director");
    let bytes = 0;
    const count = e => { bytes += e.encodedDataLength; };
    client.on("Network.loadingFinished", count);
    await t.goto(page, path);
    await page.evaluate(() => document.fonts.ready);
    await page.waitForTimeout(400);
    client.off("Network.loadingFinished", count);
    sure(bytes > 10_000, `${path}: the bytes are counted (${bytes})`);
    sure(bytes < 150_000, `${path}: ${Math.round(bytes / 1000)} kB come over the line`);
  }
}

/** Milliseconds from a press of a key or a button to the next frame painted after it, by the browser's own clock. */
async function paints(page, act) {
  await page.evaluate(() => {
    window.__slow = [];
    window.__watch ??= new PerformanceObserver(list => window.__slow.push(...list.getEntries().map(e => e.duration)));
    window.__watch.observe({ type: "event", durationThreshold: 16, buffered: false });
  });
  await act();
  await page.waitForTimeout(150);
  return page.evaluate(() => Math.max(0, ...window.__slow));
}

/** What of a walk took longer than a tenth of a second to be painted, by name. */
async function slowPresses(t) {
  const page = await t.open("/partners", { as: "director" });
  await page.locator("tbody > tr[data-id]").first().waitFor();
  const slow = new Map();
  const note = async (what, act) => { const ms = await paints(page, act); if (ms > 100) slow.set(what, ms); };
  await note("arrow in a list", () => page.keyboard.press("ArrowDown"));
  await note("quick look", () => page.keyboard.press("Space"));
  await page.keyboard.press("Escape");
  await note("selecting", () => page.keyboard.press("x"));
  await page.keyboard.press("Escape");
  await note("palette", () => page.keyboard.press("Control+k"));
  await note("typing in the palette", () => page.keyboard.type("кабель"));
  await page.keyboard.press("Escape");
  const order = (await get(page, "/sales-orders?state=draft&limit=1")).items[0];
  await t.goto(page, `/sales-orders/${order.id}`);
  await page.locator("table[data-lines] td[data-c=quantity]").first().click();
  await note("typing a quantity", () => page.keyboard.type("25"));
  await note("the next line", () => page.keyboard.press("Enter"));
  await page.context().close();
  return slow;
}

export async function plt_09_what_is_pressed_is_painted_within_a_tenth_of_a_second(t) {
  // A machine that others use as well is slow for a moment now and then; what is slow itself is slow each time anew.
  let slow = await slowPresses(t);
  for (let again = 0; again < 3 && slow.size; again++) {
    const then = await slowPresses(t);
    slow = new Map([...slow].filter(([what]) => then.has(what)).map(([what, ms]) => [what, Math.min(ms, then.get(what))]));
  }
  sure(!slow.size, [...slow].map(([what, ms]) => `${what}: ${ms} ms`).join("; "));
}
