// From an order typed by the keyboard to money: the chain as people walk it in the browser.
import { equal, fresh, get, goods, partner, sure, toast } from "../lib/api.mjs";

/** A new order in the editor, its header filled, the hand in the first cell. */
async function editor(t, page, g, name) {
  const client = await partner(page, name);
  await t.goto(page, `/sales-orders/new?partner_id=${client.id}&company_id=${g.company}&warehouse_id=${g.warehouse}`);
  await page.locator("table[data-lines] td[data-c=sku]").first().waitFor();
  return client;
}

/** Types an article, takes the suggestion, types the quantity; the hand is in the next line. */
async function line(page, row, sku, quantity) {
  await page.locator("table[data-lines] tbody tr").nth(row).locator("td[data-c=sku]").click();
  await page.keyboard.type(sku);
  await page.locator(".k-sug li[role=option].on").first().waitFor();
  await page.keyboard.press("Enter");
  await page.locator("table[data-lines] td[data-c=quantity] input").waitFor();
  await page.keyboard.type(String(quantity));
  await page.keyboard.press("Enter");
}

const priced = page => page.waitForFunction(() => /\d/.test(document.querySelector("[data-total=total]")?.textContent ?? "") && !document.querySelector(".k-tot.stale"));

export const sal_03_an_order_goes_from_the_keyboard_to_paid = t => toPaid(t, "uk");
export const sal_03_an_order_goes_from_the_keyboard_to_paid_in_russian = t => toPaid(t, "ru");
export const sal_03_an_order_goes_from_the_keyboard_to_paid_in_english = t => toPaid(t, "en");

async function toPaid(t, lang) {
  const page = await t.open("/", { as: "administrator", lang });
  equal(await page.locator("html").getAttribute("lang"), lang, "the language of the page");
  const g = await goods(page);
  const name = fresh("Ланцюг");
  const client = await editor(t, page, g, name);
  await line(page, 0, g.sku, 3);
  await priced(page);
  await page.locator("table[data-lines] tbody tr").first().locator("td[data-c=price]").click();
  await page.keyboard.press("F4");
  const why = page.locator("[data-why] .k-trace li.fin");
  await why.waitFor();
  sure(/\d/.test(await why.innerText()), "the panel ends with the price");
  await t.accessible(page);
  await t.fits(page);
  await page.keyboard.press("F4");
  await page.keyboard.press("Control+s");
  await page.waitForURL(/\/sales-orders\/[0-9a-f-]{36}$/);
  const id = page.url().split("/").at(-1);
  equal((await get(page, `/sales-orders/${id}`)).state, "draft", "the order saved");
  await page.locator("table[data-lines] td[data-c=sku]").first().waitFor();
  await page.locator("table[data-lines] td[data-c=quantity]").first().click();
  await page.keyboard.press("Control+Enter");
  const ship = page.locator("[data-command='/shipments']");
  await ship.waitFor();
  const order = await get(page, `/sales-orders/${id}`);
  equal(order.state, "confirmed", "the order");
  equal(Number(order.lines[0].quantity), 3, "its quantity");

  await ship.click();
  await page.waitForURL("**/shipments/*");
  await page.locator("form[action$='/do/post'] button").click();
  await page.locator("nav.k-chain a[href^='/payments/new']").waitFor();
  const shipment = await get(page, page.url().replace(/.*\/shipments\//, "/shipments/").split("?")[0]);
  equal(shipment.state, "posted", "the shipment");

  await page.locator("nav.k-chain a[href^='/payments/new']").click();
  await page.locator("form[data-form]").waitFor();
  await page.locator("form[data-form] button[type=submit].btn-primary, form[data-form] .k-acts button[type=submit]").first().click();
  await page.waitForURL(/\/payments\/[0-9a-f-]{36}/);
  const payment = await get(page, `/payments/${page.url().match(/[0-9a-f-]{36}/)[0]}`);
  equal(payment.state, "posted", "the payment");
  sure(!(await page.locator("#main").innerText()).includes('":"'), "nothing is shown as a machine writes it");
  await t.goto(page, `/sales-orders/${id}`);
  const chain = page.locator("nav.k-chain");
  for (const entity of ["shipments", "payments"]) await chain.locator(`a[href^='/${entity}/']`).first().waitFor();
  const done = await get(page, `/sales-orders/${id}`);
  equal(Number(done.paid_total), Number(done.total), "what is paid");
  equal(Number(done.shipped_total), Number(done.total), "what is shipped");
  await t.accessible(page);
  sure((await page.locator("#main").innerText()).includes(name), "whose order it is");
  const left = (await get(page, `/stock?product_id=${g.product}&warehouse_id=${g.warehouse}`)).items[0];
  equal(Number(left.available), g.free - 3, "what is free after the shipment");
  sure(client.id, "a client");
}

export async function sal_04_too_much_is_said_before_and_at_confirming(t) {
  t.allow(/status of (409|422)/);
  const page = await t.open("/", { as: "sales_manager", lang: "ru" });
  const g = await goods(page);
  await editor(t, page, g, fresh("Багато"));
  await line(page, 0, g.sku, g.free + 1000);
  await priced(page);
  const blocker = page.locator("[data-blockers] ul li").first();
  await blocker.waitFor();
  sure(/[а-я]/i.test(await blocker.innerText()), "why it cannot be confirmed, in Russian");
  await page.keyboard.press("Control+Enter");
  await page.waitForURL(/\/sales-orders\/[0-9a-f-]{36}/);
  await blocker.waitFor();
  const id = page.url().match(/sales-orders\/([0-9a-f-]{36})/)[1];
  equal((await get(page, `/sales-orders/${id}`)).state, "draft", "the order stays");
}

export async function sal_03_a_confirmed_order_is_taken_back_by_the_toast(t) {
  const page = await t.open("/", { as: "sales_manager", lang: "en" });
  const g = await goods(page);
  await editor(t, page, g, fresh("Undo"));
  await line(page, 0, g.sku, 1);
  await priced(page);
  await page.keyboard.press("Control+Enter");
  await page.waitForURL(/\/sales-orders\/[0-9a-f-]{36}$/);
  const id = page.url().split("/").at(-1);
  await page.locator("[data-command='/shipments']").waitFor();
  await (await toast(page)).locator("button", { hasText: /undo/i }).click();
  await page.locator("table[data-lines] td[data-c=sku]").first().waitFor();
  equal((await get(page, `/sales-orders/${id}`)).state, "draft", "after undo");
}

export const sal_10_lines_are_pasted_from_a_spreadsheet = t => pasted(t, "uk");
export const sal_10_lines_are_pasted_from_a_spreadsheet_in_russian = t => pasted(t, "ru");
export const sal_10_lines_are_pasted_from_a_spreadsheet_in_english = t => pasted(t, "en");

async function pasted(t, lang) {
  const page = await t.open("/", { as: "sales_manager", lang });
  const g = await goods(page);
  await editor(t, page, g, fresh("Таблиця"));
  const other = (await get(page, `/products?limit=2&fields=sku&kind=goods&sku.empty=false&sort=sku`)).items.find(p => p.sku !== g.sku).sku;
  const unknown = fresh("NOSUCH");
  await page.locator("table[data-lines] td[data-c=sku]").first().click();
  await page.evaluate(tsv => {
    const data = new DataTransfer();
    data.setData("text/plain", tsv);
    const at = document.activeElement?.closest("table[data-lines]") ? document.activeElement : document.querySelector("table[data-lines] td[data-c=sku]");
    at.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }, `${g.sku}\t3\r\n${other}\t2\r\n${unknown}\t7\r\n`);
  const said = await (await toast(page)).innerText();
  equal(/[а-яіїєґ]/i.test(said), lang !== "en", `said of what was pasted: ${said}`);
  const rows = page.locator("table[data-lines] tbody tr");
  await rows.filter({ hasText: unknown }).first().waitFor();
  await rows.filter({ hasText: other }).first().waitFor();
  await t.accessible(page);
  // What nobody knows goes; the rest is an order.
  await rows.filter({ hasText: unknown }).first().locator("td[data-c=sku]").click();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+Delete");
  await rows.filter({ hasText: unknown }).first().waitFor({ state: "detached" });
  await priced(page);
  await page.keyboard.press("Control+s");
  await page.waitForURL(/\/sales-orders\/[0-9a-f-]{36}$/);
  const order = await get(page, `/sales-orders/${page.url().split("/").at(-1)}`);
  equal(order.lines.map(l => Number(l.quantity)).join(" "), "3 2", "quantities of the pasted lines");
}
