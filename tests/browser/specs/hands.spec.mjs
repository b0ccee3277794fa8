// What hands do besides typing: a scanner over the lines of an order, keys with the Ukrainian layout on, an order made once more,
// a change taken back from the history.
import { api, equal, fresh, get, goods, partner, post, sure, toast } from "../lib/api.mjs";
import { scan, typeUkrainian } from "../lib/keys.mjs";

const rows = page => page.locator("table[data-lines] tbody tr:not(.ghost)");
const cell = (page, row, col) => rows(page).nth(row).locator(`td[data-c=${col}]`);

async function begun(t, page, word) {
  const g = await goods(page);
  const client = await partner(page, fresh(word));
  await t.goto(page, `/sales-orders/new?partner_id=${client.id}&company_id=${g.company}&warehouse_id=${g.warehouse}`);
  await page.locator("table[data-lines] td[data-c=sku]").first().waitFor();
  return { g, client };
}

/** Two products with bar codes. */
async function coded(page) {
  const { items } = await get(page, "/products?kind=goods&barcode.empty=false&limit=40&fields=sku,barcode");
  const found = items.filter(p => /^\d{8,14}$/.test(p.barcode ?? ""));
  sure(found.length >= 2, "two products with bar codes");
  return found;
}

export const sal_10_goods_are_scanned_one_after_another = t => scanned(t, "uk", 1440);
export const sal_10_goods_are_scanned_on_a_phone_in_russian = t => scanned(t, "ru", 390);
export const sal_10_goods_are_scanned_in_english = t => scanned(t, "en", 1440);

async function scanned(t, lang, width) {
  const page = await t.open("/", { as: "director", lang, width });
  await begun(t, page, "Сканер");
  const [a, b] = await coded(page);
  await page.locator("table[data-lines] td[data-c=sku]").first().click();
  await scan(page, a.barcode);
  await cell(page, 0, "sku").filter({ hasText: a.sku }).waitFor();
  await scan(page, b.barcode);
  await cell(page, 1, "sku").filter({ hasText: b.sku }).waitFor();
  // The same again is one more of it; the caret may stand in a figure, which stays what it was.
  await cell(page, 1, "quantity").click();
  await scan(page, a.barcode);
  await page.waitForFunction(() => /^\s*2/.test(document.querySelector("table[data-lines] td[data-c=quantity]")?.textContent ?? ""));
  sure(/^\s*1\b/.test(await cell(page, 1, "quantity").innerText()), `the other quantity: ${await cell(page, 1, "quantity").innerText()}`);
  // What nobody knows says so, and the next one is taken all the same.
  await scan(page, "00000000");
  await cell(page, 2, "sku").and(page.locator("[aria-invalid=true]")).waitFor();
  sure((await (await toast(page)).innerText()).includes("00000000"), "which code is not known");
  await scan(page, b.barcode);
  await page.waitForFunction(() => /^\s*2/.test(document.querySelectorAll("table[data-lines] td[data-c=quantity]")[1]?.textContent ?? ""));
  equal(await rows(page).count(), 3, "lines");
  await t.fits(page);
}

export async function sal_10_an_article_is_found_with_another_layout_on(t) {
  const page = await t.open("/", { as: "director" });
  const { g } = await begun(t, page, "Розкладка");
  const { items } = await get(page, "/products?kind=goods&limit=200&fields=sku");
  const sku = items.map(p => p.sku).find(s => /[A-Za-z]{2}/.test(s ?? "") && /^[A-Za-z0-9-]+$/.test(s)) ?? g.sku;
  sure(/[A-Za-z]/.test(sku), "an article with letters");
  await page.locator("table[data-lines] td[data-c=sku]").first().click();
  await typeUkrainian(page, sku);
  await page.locator(".k-sug li[role=option]", { hasText: sku }).first().waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await cell(page, 0, "sku").filter({ hasText: sku }).waitFor();
}

export async function plt_11_keys_work_with_the_ukrainian_layout_on(t) {
  const page = await t.open("/deals?view=board", { as: "director" });
  const card = page.locator(".k-dc").first();
  await card.focus();
  await page.keyboard.press("ArrowDown");
  await typeUkrainian(page, "n");
  await page.waitForURL("**/deals/new*");
  await t.goto(page, "/deals?view=board");
  await page.locator("#main").focus();
  await typeUkrainian(page, "gp");
  await page.waitForURL(/\/partners(\?.*)?$/);
  await page.locator("#main table").first().waitFor();
  await typeUkrainian(page, "/");
  await page.waitForFunction(() => document.activeElement?.matches("input[data-typing]"));
}

export const sal_01_an_order_is_made_once_more = t => again(t, "uk", 1440);
export const sal_01_an_order_is_made_once_more_on_a_phone = t => again(t, "ru", 390);

async function again(t, lang, width) {
  const page = await t.open("/", { as: "director", lang, width });
  const g = await goods(page);
  const client = await partner(page, fresh("Повтор"));
  const made = await post(page, "/sales-orders", { partner_id: client.id, company_id: g.company, warehouse_id: g.warehouse, lines: [{ product_id: g.product, quantity: "2" }, { product_id: g.product, quantity: "1", price: "7.77" }] });
  await post(page, `/sales-orders/${made.id}/confirm`, { version: made.version }).catch(() => null);
  await t.goto(page, `/sales-orders/${made.id}`);
  await page.locator(".k-head details.k-menu summary").last().click();
  await page.locator(`a[href*="/sales-orders/new?from=${made.id}"]`).click();
  await page.waitForURL("**/sales-orders/new?from=*");
  await cell(page, 1, "sku").filter({ hasText: g.sku }).waitFor();
  await page.waitForFunction(() => /\d/.test(document.querySelector("[data-total=total]")?.textContent ?? "") && !document.querySelector(".k-tot.stale"));
  await t.fits(page);
  await page.keyboard.press("Control+s");
  await page.waitForURL(/\/sales-orders\/[0-9a-f-]{36}/);
  const copy = await get(page, `/sales-orders/${page.url().split("/").at(-1).split("?")[0]}`);
  sure(copy.id !== made.id && copy.number !== made.number, "a document of its own");
  equal(copy.lines.map(l => `${Number(l.quantity)} ${Number(l.price)} ${l.manual_price}`)[1], "1 7.77 true", "what was set by hand");
  equal(copy.state, "draft", "its state");
}

export async function plt_08_a_change_is_taken_back_from_the_history(t) {
  const page = await t.open("/", { as: "director" });
  const name = fresh("Історія");
  const made = await partner(page, name);
  await api(page, "PATCH", `/partners/${made.id}`, { name: `${name} друга`, version: made.version });
  await t.goto(page, `/partners/${made.id}?tab=changes`);
  await t.accessible(page);
  await page.locator("[data-command*='/undo']").first().click();
  await toast(page);
  equal((await get(page, `/partners/${made.id}`)).name, name, "the name");
}

export async function plt_13_lines_changed_by_two_are_settled_on_a_phone(t) {
  t.allow(/status of 409/);
  const page = await t.open("/", { as: "administrator", lang: "ru", theme: "dark", width: 390 });
  const g = await goods(page);
  const client = await partner(page, fresh("Двоє"));
  const order = await post(page, "/sales-orders", { partner_id: client.id, company_id: g.company, warehouse_id: g.warehouse, lines: [{ product_id: g.product, quantity: "2" }] });
  await t.goto(page, `/sales-orders/${order.id}`);
  await page.locator("table[data-lines] td[data-c=quantity]").first().click();
  const other = await t.open("/", { as: "director" });
  await api(other, "PATCH", `/sales-orders/${order.id}`, { version: order.version, lines: [{ id: order.lines[0].id, product_id: g.product, quantity: "9" }] });
  await page.keyboard.type("5");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+s");
  const dialog = page.locator("dialog[open]:has(.k-lconf)");
  await dialog.waitFor();
  await t.accessible(page);
  for (const part of await dialog.locator(".k-lconf input[type=radio], .acts button").all()) {
    const box = await part.boundingBox();
    sure(box.x >= 0 && box.x + box.width <= 390, "everything to choose is in sight");
  }
  const cut = await dialog.locator(".acts button").evaluateAll(all => all.filter(b => b.scrollWidth > b.clientWidth).length);
  equal(cut, 0, "buttons whose words are cut");
  await dialog.locator(".k-lconf input[type=radio]").first().check();
  await dialog.locator(".acts .btn-primary").click();
  await dialog.waitFor({ state: "detached" });
  await toast(page);
  equal(Number((await get(page, `/sales-orders/${order.id}`)).lines[0].quantity), 9, "theirs was chosen");
}
