// Back again from the pages: everything that led from goods to money is reversed, the order closed, opened, cancelled and opened again.
import { LANGS } from "../lib/tester.mjs";
import { equal, fresh, get, goods, partner, post, sure, toast } from "../lib/api.mjs";

/** A product of its own, received, ordered, shipped, partly returned, paid. */
async function sold(page) {
  const g = await goods(page);
  const { unit_id } = await get(page, `/products/${g.product}`);
  const { currency } = await get(page, `/companies/${g.company}`);
  const client = await partner(page, fresh("Назад"));
  const product = await post(page, "/products", { name: fresh("Товар"), sku: fresh("BACK").replace(" ", "-"), unit_id, kind: "goods" });
  const place = { company_id: g.company, warehouse_id: g.warehouse };
  const receipt = await post(page, "/stock-receipts", { ...place, post: true, lines: [{ product_id: product.id, quantity: "5", cost: "10" }] });
  const lines = [{ product_id: product.id, quantity: "4", price: "30" }];
  const order = await post(page, "/sales-orders", { ...place, partner_id: client.id, currency, lines, confirm: true });
  equal(order.state, "confirmed", "the order");
  const shipment = await post(page, "/shipments", { sales_order_id: order.id, post: true });
  const whose = { company_id: g.company, partner_id: client.id };
  const payment = await post(page, "/payments", { ...whose, amount: "50", currency, direction: "in", post: true });
  const back = await post(page, "/returns", { ...whose, shipment_id: shipment.id, post: true, lines: [{ product_id: product.id, quantity: "1" }] });
  return { client, product, receipt, order, shipment, payment, back, lines, place, currency };
}

/** Clicks a button of the card's head, in the menu where it stands there. */
async function click(page, selector) {
  const button = page.locator(`#main ${selector}`).first();
  await button.waitFor({ state: "attached" });
  if (!(await button.isVisible())) await page.locator("#main details.k-menu", { has: page.locator(selector) }).locator("summary").click();
  await button.click();
}

/** Reverses or cancels by the dialog that asks whether one is sure. */
async function takeBack(t, page, path, verb, typed = {}) {
  await t.goto(page, path);
  await click(page, `[data-open='#verb-${verb}']`);
  const dialog = page.locator(`dialog#verb-${verb}`);
  await dialog.locator("button[type=submit]").waitFor();
  for (const [name, value] of Object.entries(typed)) await dialog.locator(`[name='${name}']`).fill(value);
  const words = await dialog.innerText();
  sure(!words.includes("⟦"), `the dialog is translated: ${words}`);
  await t.accessible(page);
  await dialog.locator("button[type=submit]").click();
}

async function becomes(page, path, state) {
  await toast(page);
  equal((await get(page, path)).state, state, path);
}

const stock = async (page, product) => {
  const [row] = (await get(page, `/stock?product_id=${product}`)).items;
  return `${Number(row?.on_hand ?? 0)} ${Number(row?.reserved ?? 0)}`;
};

export const sal_07_all_is_taken_back_from_the_pages = t => allBack(t, "uk");
export const sal_07_all_is_taken_back_from_the_pages_in_russian = t => allBack(t, "ru");
export const sal_07_all_is_taken_back_from_the_pages_in_english = t => allBack(t, "en");

async function allBack(t, lang) {
  t.allow(/status of 422/);
  const page = await t.open("/", { as: "administrator", lang });
  const s = await sold(page);
  equal(await stock(page, s.product.id), "2 0", "stock after the sale");
  const path = (collection, document) => `/${collection}/${document.id}`;
  // Not while something rests on it: the page names what.
  await takeBack(t, page, path("shipments", s.shipment), "reverse");
  const refused = page.locator(".k-refused").first();
  await refused.waitFor();
  sure((await refused.innerText()).includes(s.back.number), `names the return: ${await refused.innerText()}`);
  equal(/[а-яіїєґ]/i.test(await refused.innerText()), lang !== "en", "in the language of the page");
  await takeBack(t, page, path("sales-orders", s.order), "cancel", { reason: "Передумав" });
  await refused.waitFor();
  equal((await get(page, path("sales-orders", s.order))).state, "confirmed", "an order that was shipped");

  for (const [collection, document] of [["returns", s.back], ["payments", s.payment], ["shipments", s.shipment]]) {
    await takeBack(t, page, path(collection, document), "reverse");
    await becomes(page, path(collection, document), "reversed");
  }
  equal(await stock(page, s.product.id), "5 4", "stock after the reversals");
  const [owes] = (await get(page, `/settlements?partner_id=${s.client.id}`)).items;
  equal(Number(owes?.balance ?? 0), 0, "what the client owes");

  const order = path("sales-orders", s.order);
  const step = async (verb, state, held) => {
    await t.goto(page, order);
    await click(page, `form[action$='/do/${verb}'] button`);
    await becomes(page, order, state);
    equal(await stock(page, s.product.id), `5 ${held}`, `stock after ${verb}`);
  };
  await step("close", "closed", 0);
  await step("reopen", "confirmed", 4);
  await takeBack(t, page, order, "cancel", { reason: "Передумав" });
  await becomes(page, order, "cancelled");
  sure((await page.locator("#main").innerText()).includes("Передумав"), "the card says why");
  await t.accessible(page);
  await t.fits(page);
  await step("reopen", "draft", 0);
  await takeBack(t, page, path("stock-receipts", s.receipt), "reverse");
  await becomes(page, path("stock-receipts", s.receipt), "reversed");
  equal(await stock(page, s.product.id), "0 0", "stock in the end");
}

export async function sal_01_a_quote_stays_while_its_order_lives(t) {
  t.allow(/status of 422/);
  for (const lang of LANGS) {
    const page = await t.open("/", { as: "administrator", lang });
    const g = await goods(page);
    const client = await partner(page, fresh("Пропозиція"));
    const lines = [{ product_id: g.product, quantity: "1", price: "30" }];
    const quote = await post(page, "/quotes", { company_id: g.company, warehouse_id: g.warehouse, partner_id: client.id, lines });
    await post(page, `/quotes/${quote.id}/confirm`, {});
    await t.goto(page, `/quotes/${quote.id}`);
    await click(page, "form[action$='/do/order'] button");
    await page.waitForURL("**/sales-orders/*");
    const order = await get(page, `/sales-orders/${page.url().match(/[0-9a-f-]{36}/)[0]}`);
    const refused = page.locator(".k-refused").first();
    await t.goto(page, `/quotes/${quote.id}`);
    await click(page, "form[action$='/do/order'] button");
    await refused.waitFor();
    sure((await refused.innerText()).includes(order.number), "the order there is, instead of a second one");
    await takeBack(t, page, `/quotes/${quote.id}`, "cancel");
    await refused.waitFor();
    const words = await refused.innerText();
    sure(words.includes(order.number) && /[а-яіїєґ]/i.test(words) === (lang !== "en"), `the order, in the language of the page: ${words}`);
    // A draft stands in the editor, whose menu cancels it.
    await t.goto(page, `/sales-orders/${order.id}`);
    await click(page, `[data-command='/sales-orders/${order.id}/cancel']`);
    await page.locator("form[action$='/do/reopen']").first().waitFor({ state: "attached" });
    equal((await get(page, `/sales-orders/${order.id}`)).state, "cancelled", "the order");
    await takeBack(t, page, `/quotes/${quote.id}`, "cancel");
    await becomes(page, `/quotes/${quote.id}`, "cancelled");
    await page.context().close();
  }
}

export async function sal_04_what_is_seen_is_what_is_confirmed(t) {
  t.allow(/status of 422/);
  const page = await t.open("/", { as: "administrator", lang: "ru" });
  const g = await goods(page), client = await partner(page, fresh("Позже"));
  const unit = (await get(page, "/units?limit=1")).items[0];
  const work = await post(page, "/products", { name: fresh("Работа"), unit_id: unit.id, kind: "service" });
  const order = await post(page, "/sales-orders", { partner_id: client.id, company_id: g.company, warehouse_id: g.warehouse, lines: [{ product_id: work.id, quantity: "2" }] });
  equal(order.lines[0].price, null, "nobody gives it a price yet");
  const type = order.price_type_id ?? (await get(page, "/price-types?is_default=true&limit=1")).items[0].id;
  await post(page, "/prices", { price_type_id: type, product_id: work.id, price: "120", valid_from: "2020-01-01" });
  await t.goto(page, `/sales-orders/${order.id}`);
  const price = page.locator("table[data-lines] td[data-c=price]").first();
  await price.filter({ hasText: /\d/ }).waitFor();
  await page.keyboard.press("Control+Enter");
  await page.locator("[data-command='/shipments']").waitFor();
  const done = await get(page, `/sales-orders/${order.id}`);
  sure(done.state === "confirmed" && Number(done.lines[0].price) > 0, `confirmed with the price that was seen: ${done.state} ${done.lines[0].price}`);
}

export async function plt_10_a_toast_says_what_came_of_it(t) {
  const page = await t.open("/", { as: "administrator", lang: "ru" });
  const g = await goods(page), lines = [{ product_id: g.product, quantity: "1", cost: "10" }];
  const receipt = await post(page, "/stock-receipts", { company_id: g.company, warehouse_id: g.warehouse, lines });
  await t.goto(page, `/stock-receipts/${receipt.id}`);
  await page.locator("form[action$='/do/post'] button").first().click();
  const said = await (await toast(page)).innerText();
  sure(said.includes(`Проведено: ${receipt.number}`), said);
}
