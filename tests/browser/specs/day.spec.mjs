// A day's small ways: what a person meets between the big steps of the other specs.
import { equal, fresh, get, goods, partner, post, sure } from "../lib/api.mjs";

/** A confirmed order of three pieces of each of two products. */
async function confirmed(page, word) {
  const g = await goods(page, 20);
  const { items } = await get(page, "/stock?limit=500");
  const other = items.find(i => i.warehouse_id === g.warehouse && i.product_id !== g.product && Number(i.available) >= 20);
  sure(other, "two products in one warehouse");
  const client = await partner(page, fresh(word));
  const lines = [g.product, other.product_id].map(product_id => ({ product_id, quantity: "3", price: "10" }));
  const order = await post(page, "/sales-orders", { partner_id: client.id, company_id: g.company, warehouse_id: g.warehouse, lines });
  await post(page, `/sales-orders/${order.id}/confirm`, { version: order.version });
  return get(page, `/sales-orders/${order.id}`);
}

export async function sal_04_a_shipment_of_an_order_stands_filled_and_is_cut_down(t) {
  const page = await t.open("/", { as: "director" });
  const order = await confirmed(page, "Частинами");
  const stock = await t.open(`/shipments/new?sales_order_id=${order.id}`, { as: "storekeeper" });
  const quantities = stock.locator("input[name^='lines['][name$='[quantity]']");
  equal(await quantities.nth(0).inputValue(), "3", "what is left of the first line");
  equal(await quantities.nth(1).inputValue(), "3", "what is left of the second line");
  equal(await stock.locator("input[name=partner_id__title]").inputValue(), order.partner.title, "whose it is");
  await quantities.nth(0).fill("1");
  await stock.locator("tr[data-row] .k-remove").nth(1).click();
  await Promise.all([stock.waitForURL(/\/shipments\/[0-9a-f-]{36}$/), stock.keyboard.press("Control+Enter")]);
  const shipment = await get(page, `/shipments/${stock.url().split("/").pop()}`);
  equal(shipment.state, "posted", "state");
  equal(shipment.lines.map(l => l.quantity).join(), "1", "what was shipped");
  const after = await get(page, `/sales-orders/${order.id}`);
  equal(after.lines.map(l => Number(l.shipped_quantity)).join(), "1,0", "shipped of the order");
  // What is left stands in the next one; when nothing is, that is said with the way to the order.
  await t.goto(stock, `/shipments/new?sales_order_id=${order.id}`);
  equal(await quantities.nth(0).inputValue(), "2", "what is left now");
  await Promise.all([stock.waitForURL(/\/shipments\/[0-9a-f-]{36}$/), stock.keyboard.press("Control+Enter")]);
  t.allow(/status of 422/);
  await t.goto(stock, `/shipments/new?sales_order_id=${order.id}`);
  await stock.locator(`#main a[href='/sales-orders/${order.id}']`).waitFor();
}

export async function sal_05_a_return_of_a_shipment_stands_filled(t) {
  const page = await t.open("/", { as: "director" });
  const shipment = (await get(page, "/shipments?state=posted&limit=1")).items[0];
  const full = await get(page, `/shipments/${shipment.id}`);
  await t.goto(page, `/returns/new?shipment_id=${shipment.id}`);
  equal(Number(await page.locator("input[name='lines[0][quantity]']").inputValue()), Number(full.lines[0].quantity), "the first line");
  equal(await page.locator("input[name=partner_id__title]").inputValue(), full.partner.title, "whose it is");
}

export async function fin_02_a_new_payment_begins_with_our_company_and_its_currency(t) {
  const page = await t.open("/", { as: "accountant", lang: "ru" });
  await t.goto(page, "/payments/new");
  sure(await page.locator("input[name=company_id]").inputValue(), "our company, as in the last payment");
  equal(await page.locator("select[name=currency]").inputValue(), "UAH", "its currency");
  const order = await page.locator("#main form [name]").evaluateAll(all => all.map(el => el.name).filter(n => ["partner_id", "amount", "comment"].includes(n)));
  equal([...new Set(order)].join(), "partner_id,amount,comment", "the comment comes last");
}

export async function plt_10_my_day_begins_anything(t) {
  const page = await t.open("/", { as: "salesperson", lang: "en" });
  await page.keyboard.press("n");
  const menu = page.locator(".k-top details.k-menu[open]").first();
  await menu.locator("a[href='/sales-orders/new']").waitFor();
  await menu.locator("a[href='/partners/new']").click();
  await page.waitForURL("**/partners/new");
}

export async function plt_10_a_phone_makes_records_and_shows_the_tab_that_was_opened(t) {
  const page = await t.open("/partners", { as: "salesperson", width: 390 });
  const add = page.locator(".k-top a[href='/partners/new']");
  const box = await add.boundingBox();
  sure(box && box.width >= 40 && box.height >= 44, `large enough to touch: ${JSON.stringify(box)}`);
  await add.tap();
  await page.waitForURL("**/partners/new");
  const { partner_id } = (await get(page, "/sales-orders?state=closed&limit=1")).items[0];
  await t.goto(page, `/partners/${partner_id}`);
  await page.locator(".k-tabs a[href*='tab=timeline']").tap();
  await page.waitForURL("**tab=timeline");
  await page.waitForFunction(() => {
    const tab = document.querySelector(".k-tabs a.on")?.getBoundingClientRect();
    return tab && tab.top >= 0 && tab.top < 140 && tab.left >= 0 && tab.right <= innerWidth;
  });
}

export async function plt_10_much_text_leaves_heads_and_states_readable(t) {
  const page = await t.open("/", { as: "director" });
  const long = `${fresh("Електротехмонтажкомплектпостачсервіс")} ${"дуже довга назва ".repeat(9)}`.slice(0, 150).trim();
  const client = await partner(page, long);
  const company = (await get(page, "/companies?limit=1")).items[0], type = (await get(page, "/price-types?limit=1")).items[0];
  await post(page, "/agreements", { name: long, partner_id: client.id, company_id: company.id, price_type_id: type.id, currency: "UAH" });
  const task = await post(page, "/tasks", { subject: long, partner_id: client.id });
  await t.goto(page, `/tasks/${task.id}`);
  sure(await page.locator(".k-head h1 + .badge").evaluate(el => el.scrollWidth <= el.clientWidth), "the state is not cut off");
  await t.goto(page, `/partners/${client.id}`);
  const heads = await page.locator(".k-side .k-sec > header h3").evaluateAll(all => all.filter(el => el.getBoundingClientRect().height > 40).map(el => el.textContent));
  equal(heads.join(), "", "heads of sections stand in one line");
}

export async function sal_02_what_is_missing_in_the_head_is_a_step_away(t) {
  const page = await t.open("/", { as: "director" });
  const g = await goods(page), client = await partner(page, fresh("Без складу"));
  const order = await post(page, "/sales-orders", { partner_id: client.id, company_id: g.company, lines: [{ product_id: g.product, quantity: "1", price: "10" }] });
  await t.goto(page, `/sales-orders/${order.id}`);
  await page.locator("[data-blockers] li button.lk").first().click();
  equal(await page.evaluate(() => document.activeElement?.closest(".k-combo")?.querySelector("input[type=hidden]")?.name), "warehouse_id", "where the caret stands");
}

export async function sal_02_a_new_order_says_in_what_it_is_paid(t) {
  const page = await t.open("/", { as: "director", lang: "ru" });
  const g = await goods(page), client = await partner(page, fresh("Валюта"));
  await t.goto(page, `/sales-orders/new?partner_id=${client.id}&company_id=${g.company}&warehouse_id=${g.warehouse}`);
  await page.locator("table[data-lines] td[data-c=sku]").first().click();
  await page.keyboard.type(g.sku);
  await page.keyboard.press("Enter");
  await page.locator(".k-tot dt.ln").filter({ hasText: "₴" }).waitFor();
}

export async function plt_10_codes_of_the_program_are_words(t) {
  const page = await t.open("/settlement-documents", { as: "director" });
  const said = await page.locator("tbody tr[data-id]").first().innerText();
  sure(!/payments|shipments|returns/.test(said), said);
  await t.goto(page, "/price-limits");
  sure(!(await page.locator("tbody").innerText()).includes("field_agent"), "the name of a role");
  await t.goto(page, "/interactions");
  await page.locator("thead th a[href*='sort=at'], thead th a[href*='sort=-at']").waitFor();
}
