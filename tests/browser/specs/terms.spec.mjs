// Terms of sale: cards of agreements and contracts.
import { equal, fresh, get, goods, partner, post, sure } from "../lib/api.mjs";

/** A client with an agreement of his own, made from a standard one. */
async function agreed(page, more = {}) {
  const g = await goods(page, 20);
  const client = await partner(page, fresh("Умови"));
  const type = (await get(page, "/price-types?limit=1")).items[0];
  const standard = await post(page, "/agreements", { kind: "standard", company_id: g.company, price_type_id: type.id, currency: "UAH", name: fresh("Типові"), valid_from: "2031-01-01", priority: Math.floor(Math.random() * 900_000) });
  const own = await post(page, "/agreements", {
    kind: "individual", partner_id: client.id, standard_id: standard.id, company_id: g.company, price_type_id: type.id, currency: "UAH", name: fresh("Власні"), valid_from: "2026-01-01", valid_to: "2030-06-30",
    payment_terms: { kind: "credit", days: 30 }, payment_stages: [{ kind: "prepay", percent: "30" }, { kind: "credit", percent: "70", days: 30 }], discount_percent: "7.5", delivery_terms: "DAP Київ", lines: [{ product_id: g.product, price: "62.3" }], ...more,
  });
  return { g, client, type, standard, own };
}

export async function agr_01_the_card_of_an_agreement_tells_its_terms_and_warns_of_gaps(t) {
  const page = await t.open("/", { as: "director" });
  const { g, client, type, standard, own } = await agreed(page);
  await post(page, "/agreements", { kind: "individual", partner_id: client.id, company_id: g.company, price_type_id: type.id, currency: "UAH", name: fresh("Наступні"), valid_from: "2030-07-11" });
  await t.goto(page, `/agreements/${own.id}`);
  const card = await page.locator("#main").innerText();
  for (const part of [client.name, standard.name, "30", "70", "62,30", "DAP Київ", "7,5"]) sure(card.includes(part), `${part} on the card`);
  sure(/01\.07\.2030.*10\.07\.2030/.test(await page.locator(".k-heed").innerText()), "ten days without terms");
  await t.accessible(page);
  await t.fits(page);
  await t.shot(page, "agreement-1440-light");
  await t.goto(page, `/agreements/${standard.id}`);
  sure((await page.locator("#main").innerText()).includes(client.name), "what was made from it");
  const phone = await t.open(`/agreements/${own.id}`, { as: "sales_manager", width: 390, theme: "dark", lang: "en" });
  await t.fits(phone);
  await t.shot(phone, "agreement-390-dark");
}

export async function agr_03_the_card_of_a_contract_tells_what_is_delivered_and_what_is_late(t) {
  const page = await t.open("/", { as: "director" });
  const g = await goods(page, 40);
  const client = await partner(page, fresh("Договір"));
  const contract = await post(page, "/contracts", {
    company_id: g.company, partner_id: client.id, date: "2026-01-10", valid_from: "2026-01-10", valid_to: "2031-01-10", currency: "UAH", amount: "100000", payment_terms: { kind: "credit", days: 45 }, payment_stages: [{ kind: "prepay", percent: "40" }, { kind: "credit", percent: "60", due_on: "2030-12-31" }],
    lines: [{ due_on: "2026-02-01", product_id: g.product, quantity: "5" }, { due_on: "2026-03-01", product_id: g.product, quantity: "9" }, { due_on: "2030-01-15", product_id: g.product, quantity: "20" }],
  });
  const order = await post(page, "/sales-orders", { company_id: g.company, partner_id: client.id, contract_id: contract.id, warehouse_id: g.warehouse, confirm: true, lines: [{ product_id: g.product, quantity: "8" }] });
  await post(page, "/payments", { company_id: g.company, partner_id: client.id, sales_order_id: order.id, amount: order.total, currency: "UAH", date: "2026-11-20", direction: "in", post: true });
  await post(page, "/shipments", { sales_order_id: order.id, post: true });
  await t.goto(page, `/contracts/${contract.id}`);
  const rows = page.locator("#main section.k-sec", { hasText: "01.02.2026" }).locator("tbody tr");
  equal(await rows.count(), 3, "the schedule");
  sure(/6/.test(await rows.nth(1).locator(".k-badge, .badge").innerText()), "six of the second day are missing");
  sure((await page.locator(".k-heed li").count()) >= 1, "it is behind");
  for (const part of [order.number, "40", "31.12.2030"]) sure((await page.locator("#main").innerText()).includes(part), `${part} on the card`);
  await t.accessible(page);
  await t.fits(page);
  await t.shot(page, "contract-1440-light");
  const phone = await t.open(`/contracts/${contract.id}`, { as: "director", width: 390, lang: "ru" });
  await t.fits(phone);
  await t.shot(phone, "contract-390-light");
}

export async function prc_12_rules_stand_by_kind_and_warn_of_those_that_may_meet(t) {
  const page = await t.open("/", { as: "director" });
  const word = fresh("р");
  const segments = [];
  for (const n of [1, 2]) segments.push(await post(page, "/segments", { name: `${word} ${n}`, members: "partners", filter: { "name.contains": word } }));
  for (const [n, s] of segments.entries()) await post(page, "/price-conditions", { kind: "segment", segment_id: s.id, percent: String(5 + n), name: `${word} ${n}`, priority: 777_000 });
  await post(page, "/price-conditions", { kind: "surcharge", percent: "3", name: `${word} плюс`, company_id: (await goods(page)).company, priority: Math.floor(Math.random() * 900_000) });
  await t.goto(page, "/price-rules");
  const heed = page.locator(".k-heed li", { hasText: word }).first();
  await heed.waitFor();
  sure((await heed.innerText()).includes(`${word} 0`) && (await heed.innerText()).includes(`${word} 1`), "both rules are named");
  const row = page.locator(".k-rules tr", { hasText: `${word} плюс` });
  sure((await row.innerText()).includes("+3"), "a surcharge adds");
  equal(await page.locator(".k-rules tr", { hasText: `${word} 0` }).locator("svg").count(), 1, "the rule is marked");
  await t.accessible(page);
  await t.fits(page);
  await t.shot(page, "price-rules-1440-light");
  await t.goto(page, "/price-rules?on=2020-01-01&all=true");
  await page.locator(".k-rules tr", { hasText: `${word} 0` }).waitFor();
  const phone = await t.open("/price-rules", { as: "sales_manager", width: 390, theme: "dark", lang: "en" });
  await t.fits(phone);
  await t.shot(phone, "price-rules-390-dark");
}

export async function prc_09_the_matrix_tells_who_gets_what_and_a_rule_is_made_from_it(t) {
  const page = await t.open("/", { as: "director" });
  const g = await goods(page);
  const [one, two] = [await partner(page, fresh("Матриця")), await partner(page, fresh("Матриця"))];
  const product = await get(page, `/products/${g.product}`);
  await post(page, "/price-conditions", { kind: "special", partner_id: one.id, category_id: product.category_id, percent: "25" });
  await t.goto(page, `/price-matrix?who=clients&what=products&partner_id=${one.id}&product_id=${g.product}`);
  const table = page.locator("table.k-matrix");
  sure((await table.locator("tbody td").first().innerText()).includes("−25"), "the discount of the client");
  // one more client is added by the field
  const field = page.locator("#f-add_partner_id");
  await field.fill(two.name);
  await page.locator("[role=option]", { hasText: two.name }).first().click();
  await page.locator(".k-matrixbar button[type=submit]").click();
  await table.locator("tbody tr").nth(1).waitFor();
  equal(await table.locator("tbody tr").count(), 2, "clients");
  await table.locator("tbody tr").nth(1).locator("td a").first().click();
  const panel = page.locator("aside.k-why");
  await panel.locator(".k-trace li.fin").waitFor();
  await t.accessible(page);
  await t.fits(page);
  await t.shot(page, "price-matrix-1440-light");
  await panel.locator(".k-ways a").first().click();
  await page.locator("form[data-form]").waitFor();
  await page.locator("[name=percent]").fill("11");
  await page.keyboard.press("Control+s");
  await page.waitForURL(/\/price-conditions\/[0-9a-f-]{36}/);
  await t.goto(page, `/price-matrix?who=clients&what=products&partner_id=${two.id}&product_id=${g.product}`);
  sure((await table.locator("tbody td").first().innerText()).includes("−11"), "the rule made from the cell");
  const phone = await t.open("/price-matrix?what=categories&who=terms", { as: "sales_manager", width: 390, theme: "dark", lang: "ru" });
  await phone.locator("table.k-matrix tbody tr").first().waitFor();
  await t.fits(phone);
  await t.shot(phone, "price-matrix-390-dark");
}

export async function prc_12_a_rule_that_meets_another_of_its_key_is_refused_and_leads_to_it(t) {
  t.allow(/status of 422/);
  const page = await t.open("/price-conditions", { as: "director" });
  const [first, second] = [fresh("Перша"), fresh("Друга")];
  const priority = 1000 + Math.floor(Math.random() * 900_000);
  const made = await post(page, "/price-conditions", { name: first, kind: "quantity", percent: "3", from_quantity: "10", priority, active: true });
  await t.goto(page, `/price-conditions/new?kind=quantity&percent=4&from_quantity=10&priority=${priority}`);
  await page.locator("form[data-form] [name=name]").fill(second);
  await page.locator("form[data-form] button[data-main]").click();
  const told = page.locator(".k-sum-err");
  await told.waitFor();
  const words = await page.locator("form[data-form]").innerText();
  sure(words.includes(first) && words.includes(second), "both rules are named");
  equal(await page.locator("form[data-form] [name=percent]").inputValue(), "4", "nothing typed is lost");
  await t.accessible(page);
  await told.locator(`a[href='/price-conditions/${made.id}']`).click();
  await page.waitForURL(new RegExp(`/price-conditions/${made.id}`));
}
