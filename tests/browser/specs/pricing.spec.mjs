// Prices where salespeople meet them: why a line costs what it costs, what would give another price, gifts, prices in time.
import { equal, fresh, get, goods, partner, post, sure } from "../lib/api.mjs";

async function draft(page, lines) {
  const g = await goods(page, 60);
  const client = await partner(page, fresh("Ціни"));
  const others = (await get(page, "/products?limit=8&kind=goods&fields=sku,name")).items.filter(p => p.id !== g.product);
  const made = await post(page, "/sales-orders", { partner_id: client.id, company_id: g.company, warehouse_id: g.warehouse, lines: lines(g, others) });
  return { g, others, client, order: made };
}

const panelOf = page => page.locator("[data-why]");
const cell = (page, row, column) => page.locator("table[data-lines] tbody tr").nth(row).locator(`td[data-c=${column}]`);

/** Waits until the cell shows something else than it did. */
async function changes(page, at, was) {
  for (let i = 0; i < 60; i += 1) {
    const now = await at.innerText();
    if (now !== was && now) return now;
    await page.waitForTimeout(100);
  }
  throw new Error(`it still says ${was}`);
}

export async function prc_13_the_panel_tells_steps_losers_and_what_would_give_another_price(t) {
  const page = await t.open("/", { as: "director" });
  const { order, g, client } = await draft(page, g => [{ product_id: g.product, quantity: "10" }]);
  await post(page, "/price-conditions", { kind: "quantity", partner_id: client.id, product_id: g.product, from_quantity: "30", percent: "20" });
  await t.goto(page, `/sales-orders/${order.id}`);
  await cell(page, 0, "quantity").click();
  await page.keyboard.press("F4");
  const panel = panelOf(page);
  await panel.locator(".k-trace li.fin").waitFor();
  sure((await panel.locator(".k-trace li").count()) >= 3, "steps, and the price they lead to");
  await panel.locator(".k-trace a[href^='/']").first().waitFor();
  sure((await panel.locator(".lost li").count()) >= 1, "what lost is told");
  const price = Number(order.lines[0].price);
  const ask = panel.locator(".k-ask input");
  await ask.fill(String(price * 0.8).replace(".", ","));
  await ask.press("Enter");
  const way = panel.locator(".k-not > div", { hasText: "30" }).first();
  await way.waitFor();
  await t.accessible(page);
  await t.fits(page);
  await t.shot(page, "price-why-not-1440-light");
  await way.locator("button").click();
  await page.waitForFunction(() => document.querySelector("table[data-lines] td[data-c=quantity]")?.textContent?.trim() === "30");
  await changes(page, cell(page, 0, "discount_percent"), "0");
  equal((await cell(page, 0, "discount_percent").innerText()).trim(), "20", "the rule applies from 30");
  // another client does not have it
  const other = await partner(page, fresh("Інший"));
  await panel.locator("[data-combobox] input[role=combobox]").fill(other.name);
  await panel.locator("[role=option]", { hasText: other.name }).first().click();
  const otherwise = panel.locator("[role=status] .k-fig b");
  await otherwise.waitFor();
  equal(Number((await otherwise.innerText()).replace(/[^\d,]/g, "").replace(",", ".")), price, "the plain price for somebody else");
}

export async function prc_13_a_card_is_taken_from_the_panel_and_a_larger_order_takes_the_caret_to_a_new_line(t) {
  const page = await t.open("/", { as: "director" });
  const { order, g, client } = await draft(page, g => [{ product_id: g.product, quantity: "10" }]);
  const program = await post(page, "/loyalty-programs", { name: fresh("Програма") });
  const card = await post(page, "/loyalty-cards", { number: fresh("К-"), program_id: program.id, partner_id: client.id });
  await post(page, "/price-conditions", { kind: "card", loyalty_program_id: program.id, product_id: g.product, percent: "20" });
  const price = Number(order.lines[0].price);
  await post(page, "/price-conditions", { kind: "amount", partner_id: client.id, product_id: g.product, from_amount: String(price * 10 + 500), percent: "30" });
  await t.goto(page, `/sales-orders/${order.id}`);
  await cell(page, 0, "quantity").click();
  await page.keyboard.press("F4");
  const panel = panelOf(page), ask = panel.locator(".k-ask input");
  await panel.locator(".k-trace li.fin").waitFor();
  await ask.fill(String(price * 0.8).replace(".", ","));
  await ask.press("Enter");
  const way = panel.locator(".k-not > div", { hasText: card.number });
  await way.locator("button").click();
  await changes(page, cell(page, 0, "discount_percent"), "0");
  equal((await cell(page, 0, "discount_percent").innerText()).trim(), "20", "the card gives its discount");
  equal(await page.locator(".k-props [name=loyalty_card_id]").inputValue(), card.id, "and stands in the order");
  await ask.fill(String(price * 0.5).replace(".", ","));
  await ask.press("Enter");
  const more = panel.locator(".k-not > div button", { hasText: "додати товари" });
  await more.waitFor();
  await t.shot(page, "price-why-not-more-1440-light");
  await more.click();
  equal(await page.locator("table[data-lines] td.cell-on").evaluate(td => td.parentElement.sectionRowIndex), 1, "the caret is in a new line");
}

export async function prc_01_the_panel_says_what_a_product_without_a_category_misses(t) {
  const page = await t.open("/", { as: "director" });
  const { g, client } = await draft(page, g => [{ product_id: g.product, quantity: "1" }]);
  const like = await get(page, `/products/${g.product}`);
  const bare = await post(page, "/products", { name: fresh("Без категорії"), unit_id: like.unit.id, kind: "service", vat_rate: like.vat_rate });
  const order = await post(page, "/sales-orders", { partner_id: client.id, company_id: g.company, lines: [{ product_id: bare.id, quantity: "1", price: "10" }] });
  await t.goto(page, `/sales-orders/${order.id}`);
  await cell(page, 0, "quantity").click();
  await page.keyboard.press("F4");
  const said = panelOf(page).locator("[data-remark]", { hasText: "категорії" });
  await said.waitFor();
  sure((await said.innerText()).includes("Вкажіть її в картці товару"), "and what to do about it");
  await t.accessible(page);
}

export async function prc_16_departures_are_told_before_saving_and_given_back_to_the_terms(t) {
  const page = await t.open("/", { as: "sales_manager" });
  const { order } = await draft(page, g => [{ product_id: g.product, quantity: "10" }]);
  await t.goto(page, `/sales-orders/${order.id}`);
  const price = cell(page, 0, "price");
  await price.waitFor();
  const was = await price.innerText();
  await price.click();
  await page.keyboard.type("1");
  await page.keyboard.press("Enter");
  const box = page.locator("[data-deviations]");
  await box.locator("li").first().waitFor();
  await page.locator("[data-total=deviation_total]:visible").waitFor();
  sure((await page.locator("[data-total=deviation_total]").innerText()).startsWith("−"), "less than the terms");
  equal((await get(page, `/sales-orders/${order.id}`)).lines[0].manual_price, false, "nothing is saved yet");
  await t.accessible(page);
  await t.shot(page, "order-deviations-1440-light");
  await box.locator("[data-by-terms]").click();
  await page.waitForFunction(w => document.querySelector("table[data-lines] td[data-c=price]")?.textContent === w, was);
  await box.waitFor({ state: "hidden" });
}

const margins = [["uk", "director"], ["ru", "sales_manager"], ["en", "director"]];
export const [
  prc_16_a_new_quote_tells_margin_and_departures_before_it_is_saved,
  prc_16_a_new_quote_tells_margin_and_departures_in_russian,
  prc_16_a_new_quote_tells_margin_and_departures_in_english,
] = margins.map(([lang, as]) => t => newQuote(t, lang, as));

/** A line is typed into a quote that nobody has saved; its price is made so low that nothing is left. */
async function newQuote(t, lang, as) {
  const page = await t.open("/quotes/new", { as, lang });
  const before = (await get(page, "/quotes?limit=1&sort=-created_at&fields=number")).items[0]?.id;
  const g = await goods(page, 60);
  const client = (await get(page, "/partners?roles=client&limit=1")).items[0];
  const sku = (await get(page, `/products/${g.product}`)).sku;
  await page.locator("#f-partner_id").fill(client.name);
  await page.locator("[role=option]", { hasText: client.name }).first().click();
  await cell(page, 0, "sku").click();
  await page.keyboard.type(sku);
  await page.locator(".k-sug li").first().waitFor();
  await page.keyboard.press("Enter");
  await page.keyboard.type("3");
  await page.keyboard.press("Enter");
  const margin = await changes(page, cell(page, 0, "margin_percent"), "");
  sure(!margin.startsWith("−"), `it earns something by the terms: ${margin}`);
  await page.locator("[data-total=margin]:visible").waitFor();
  await cell(page, 0, "price").click();
  await page.keyboard.type("1");
  await page.keyboard.press("Enter");
  await page.locator("[data-deviations] li").first().waitFor();
  await page.locator("[data-total=deviation_total]:visible").waitFor();
  sure((await page.locator("[data-total=deviation_total]").innerText()).startsWith("−"), "how much less than by the terms");
  sure((await changes(page, cell(page, 0, "margin_percent"), margin)).startsWith("−"), "the line loses money");
  const cut = await cell(page, 0, "margin_percent").evaluate(td => td.scrollWidth > td.clientWidth);
  sure(!cut, "and the figure is not cut");
  await changes(page, page.locator("[data-total=margin_percent]"), "");
  equal((await get(page, "/quotes?limit=1&sort=-created_at&fields=number")).items[0]?.id, before, "nothing is saved");
  await t.accessible(page);
  await t.fits(page);
  await t.shot(page, `quote-new-margin-${lang}`);
}

export async function prc_02_a_currency_without_a_rate_is_told_and_the_order_stays_editable(t) {
  const page = await t.open("/", { as: "director" });
  const { order } = await draft(page, g => [{ product_id: g.product, quantity: "2" }]);
  await t.goto(page, `/sales-orders/${order.id}`);
  await cell(page, 0, "price").waitFor();
  const was = await cell(page, 0, "amount").innerText();
  // A currency that the demo has no rate of.
  await page.locator("#f-currency").fill("ISK");
  await page.locator("#f-currency").press("Tab");
  await changes(page, cell(page, 0, "amount"), was).catch(() => {});
  await page.waitForFunction(() => !/[1-9]/.test(document.querySelector("table[data-lines] td[data-c=price]")?.textContent ?? ""));
  await cell(page, 0, "quantity").click();
  await page.keyboard.press("F4");
  await panelOf(page).getByText("ISK").first().waitFor();
  sure(/, (ISK|kr)$/.test(await page.locator("[data-of]").innerText()), "what is to be paid is in the currency that was chosen");
  await t.accessible(page);
  await t.shot(page, "order-no-rate-1440-light");
  // By hand it has one, and is saved.
  await cell(page, 0, "price").click();
  await page.keyboard.type("7");
  await page.keyboard.press("Enter");
  await changes(page, cell(page, 0, "amount"), "");
  await page.keyboard.press("Control+s");
  for (let i = 0; i < 50; i += 1) {
    const now = await get(page, `/sales-orders/${order.id}`);
    if (now.currency === "ISK") return equal(`${Number(now.lines[0].price)} ${Number(now.total)}`, "7 14", "what was written by hand");
    await page.waitForTimeout(100);
  }
  throw new Error("the order was not saved");
}

export async function prc_12_a_gift_is_offered_and_taken_by_a_key(t) {
  const page = await t.open("/", { as: "director" });
  const { order, g, client, others } = await draft(page, g => [{ product_id: g.product, quantity: "5" }]);
  const name = fresh("Подарунок");
  await post(page, "/promotions", { name, kind: "gift", partner_id: client.id, product_id: g.product, from_quantity: "5", gift_product_id: others[0].id, gift_quantity: "1" });
  await t.goto(page, `/sales-orders/${order.id}`);
  const offer = page.locator("[data-offers] .k-offer");
  await offer.waitFor();
  sure((await offer.innerText()).includes(name), "which promotion gives it");
  await t.accessible(page);
  await t.shot(page, "order-gift-1440-light");
  await cell(page, 0, "quantity").click();
  await page.keyboard.press("Alt+g");
  await offer.waitFor({ state: "hidden" });
  await page.waitForFunction(() => document.querySelectorAll("table[data-lines] tbody tr")[1]?.querySelector("td[data-c=amount]")?.textContent?.startsWith("0"));
  await page.keyboard.press("F4");
  await panelOf(page).locator(".k-trace", { hasText: name }).waitFor();
  await page.keyboard.press("Control+s");
  for (let i = 0; i < 50; i += 1) {
    const now = await get(page, `/sales-orders/${order.id}`);
    if (now.lines.length === 2) return equal(`${now.lines[1].product_id} ${Number(now.lines[1].amount)}`, `${others[0].id} 0`, "the gift is a free line");
    await page.waitForTimeout(100);
  }
  throw new Error("the gift was not saved");
}

export async function prc_07_prices_of_a_product_in_time_as_picture_and_table(t) {
  const page = await t.open("/", { as: "director" });
  const g = await goods(page);
  const types = (await get(page, "/price-types?method=manual&limit=1")).items;
  await post(page, "/prices", { price_type_id: types[0].id, product_id: g.product, price: "12345.67", valid_from: "2031-01-01" });
  await t.goto(page, `/products/${g.product}?tab=prices`);
  await page.locator("[data-island=chart][data-landed] svg").first().waitFor();
  sure((await page.locator("table tbody tr", { hasText: /12.345,67/ }).count()) >= 1, "the change is in the table");
  await t.accessible(page);
  await t.shot(page, "product-prices-1440-light");
  await t.goto(page, `/products/${g.product}?tab=prices&on=2031-02-01`);
  sure(/12.345,67/.test(await page.locator("section", { has: page.locator("form") }).first().innerText()), "in force on that day");
  const phone = await t.open(`/products/${g.product}?tab=prices`, { as: "sales_manager", width: 390, theme: "dark" });
  await phone.locator("[data-island=chart][data-landed] svg").first().waitFor();
  await t.fits(phone);
  await t.shot(phone, "product-prices-390-dark");
}

export async function agr_02_who_approves_sees_what_was_departed_from(t) {
  const page = await t.open("/", { as: "director" });
  const { order, g } = await draft(page, g => [{ product_id: g.product, quantity: "2", price: "1" }]);
  const company = await get(page, `/companies/${g.company}`);
  equal(company.terms_control, "warn", "the demo's company watches its terms");
  await post(page, `/sales-orders/${order.id}/confirm`, { version: order.version });
  await t.goto(page, `/sales-orders/${order.id}`);
  const heed = page.locator(".k-heed");
  await heed.waitFor();
  sure(/1,00/.test(await heed.innerText()), "the price and the one of the terms");
  await t.accessible(page);
  await t.shot(page, "order-departed-1440-light");
}

export async function prc_13_a_quote_that_is_not_saved_yet_explains_its_lines(t) {
  const page = await t.open("/quotes/new", { as: "salesperson" });
  const client = (await get(page, "/partners?roles=client&limit=1")).items[0];
  const product = (await get(page, "/products?kind=goods&limit=1&fields=sku")).items[0];
  await page.locator("#f-partner_id").fill(client.name);
  await page.locator("[role=option]", { hasText: client.name }).first().click();
  await cell(page, 0, "sku").click();
  await page.keyboard.type(product.sku);
  await page.locator(".k-sug li").first().waitFor();
  await page.keyboard.press("Enter");
  await page.keyboard.type("3");
  await page.keyboard.press("Enter");
  await changes(page, cell(page, 0, "amount"), "");
  await cell(page, 0, "quantity").click();
  await page.keyboard.press("F4");
  await panelOf(page).locator(".k-trace li.fin").waitFor();
  sure(/\d/.test(await panelOf(page).locator(".k-trace li.fin .v").innerText()), "a price without a saved document");
  await t.accessible(page);
  await t.shot(page, "quote-new-why-1440-light");
}
