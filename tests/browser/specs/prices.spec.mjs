// The price office: edited prices changed by the hundred and one by one, put into effect, taken back.
import { equal, fresh, get, post, sure } from "../lib/api.mjs";

const untranslated = async page => sure(!(await page.locator("body").innerText()).includes("⟦"), "every word is translated");

/** Presses what starts a job and waits for its end and for the table that shows what came of it. */
async function job(page, button) {
  const shown = page.waitForResponse(r => r.request().method() === "GET" && new URL(r.url()).pathname === "/price-workbench");
  await page.locator(button).first().click();
  await shown;
  await page.locator("#price-going [data-state=done]").first().waitFor();
  await page.waitForFunction(() => !document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling"));
}

export const prc_07_prices_are_edited_tried_put_into_effect_and_taken_back = t => workbench(t, "uk");
export const prc_07_prices_are_edited_tried_put_into_effect_and_taken_back_in_russian = t => workbench(t, "ru");
export const prc_07_prices_are_edited_tried_put_into_effect_and_taken_back_in_english = t => workbench(t, "en");

async function workbench(t, lang) {
  t.allow(/422/); // a price that is no number is refused
  const page = await t.open("/price-workbench", { as: "director", lang });
  const type = await page.locator("select[name=price_type_id]").first().inputValue();
  const shelf = "?price_type_id=" + type + "&name.contains=Elkor";
  await t.goto(page, "/price-workbench" + shelf);
  const rows = page.locator("#job-shows tbody tr[data-id]");
  sure((await rows.count()) > 3, "products under the filter");
  const product = await rows.first().getAttribute("data-id");
  const price = async () => (await get(page, `/prices/at?price_type_id=${type}&product_id=${product}`)).items[0].price;
  const edited = async () => (await get(page, `/edited-prices?product_id=${product}&price_type_id=${type}`)).items[0]?.price ?? null;
  const [before, draft] = [await price(), await edited()];

  // tried first: nothing is written
  await page.selectOption("#op-kind", "coefficient");
  await page.locator(".of-coefficient input").fill("1,1");
  await page.locator(".k-tried tbody tr").first().waitFor();
  equal(await edited(), draft, "trying writes nothing");
  await job(page, "#op-told .btn-primary");
  await page.locator("#job-shows tbody tr[data-id] input.k-price:not([value=''])").first().waitFor();

  // one price in its place; a word is refused and told
  const field = rows.first().locator("input.k-price");
  await field.fill("багато");
  await field.press("Enter");
  await rows.first().locator("input[aria-invalid=true]").waitFor();
  await rows.first().locator("input.k-price").fill("777,5");
  await rows.first().locator("input.k-price").press("Enter");
  await page.waitForFunction(id => document.querySelector(`tr[data-id="${id}"] input.k-price:not([aria-invalid])`), product);
  equal(await edited(), "777.5", "typed over");

  await untranslated(page);
  await t.accessible(page);
  await t.fits(page);

  // into effect, and back
  await job(page, "form[action$='/apply'] button[type=submit]");
  equal(await price(), "777.5", "in force today");
  await t.goto(page, "/price-workbench" + shelf);
  await job(page, "#price-applied form button");
  equal(await price(), before, "as it was");

  await page.selectOption("#op-kind", "formula");
  await page.locator(".of-formula :is(input, textarea)").fill("cost * prise");
  const fault = page.locator(".k-fault mark");
  await fault.waitFor();
  equal(await fault.innerText(), "prise", "the fault is marked in its place");
  await page.selectOption("#op-kind", "discard");
  await page.locator("#op-told .btn-primary").filter({ hasNot: page.locator("[disabled]") }).first().waitFor();
  await page.waitForFunction(() => !document.querySelector(".k-fault"));
  await job(page, "#op-told .btn-primary");
  equal(await edited(), null, "nothing is left behind");
}

export const prc_03_a_price_type_is_tried_while_its_formula_is_written = t => priceType(t, "uk");
export const prc_03_a_price_type_is_tried_while_its_formula_is_written_in_english = t => priceType(t, "en");

async function priceType(t, lang) {
  t.allow(/422/); // a formula that cannot be read yet
  const page = await t.open("/price-types/new", { as: "director", lang });
  const retail = (await get(page, "/price-types?is_default=true&limit=1")).items[0];
  await page.fill("#f-name", fresh("Проба"));
  await page.selectOption("select[name=currency]", retail.currency);
  sure(!(await page.locator("[name=formula]").isVisible()), "the formula shows for a formula only");
  await page.selectOption("select[name=method]", "formula");
  await page.fill("[name=formula]", "price(\"");
  await page.locator(".k-fault mark").waitFor();
  await page.fill("[name=formula]", "2 *\n ");
  await page.locator(`[data-insert='price("${retail.name}")']`).click();
  const item = page.locator("#type-told .k-tryitem").first();
  await item.waitFor();
  const product = await page.locator("[name=try_product]").first().inputValue();
  const price = (await get(page, `/prices/at?price_type_id=${retail.id}&product_id=${product}`)).items[0].price;
  const shown = (await item.locator("summary b").innerText()).replace(/[^\d,.]/g, "").replace(/,(?=\d{3})/g, "").replace(",", ".");
  equal(Number(shown), Number(price) * 2, "twice the retail price");
  await item.locator("summary").click();
  await item.locator("ol li").first().waitFor();
  await page.fill("[name=formula]", "cost * prise");
  await page.locator(".k-fault mark").waitFor();
  equal(await page.locator(".k-fault mark").innerText(), "prise", "the fault is marked in its place");
  await untranslated(page);
  await t.accessible(page);
  await t.fits(page);
  await page.fill("[name=formula]", `price("${retail.name}") * 1.1`);
  await page.locator("#type-told .k-tryitem").first().waitFor();
  await page.press("[name=formula]", "Control+s");
  await page.waitForURL(/price-types\/[0-9a-f-]{36}$/);
  await page.locator(".k-typetold .k-tryitem").first().waitFor();
  await t.accessible(page);
}

export const prc_17_a_draft_rule_is_tried_on_past_orders = t => simulator(t, "uk");
export const prc_17_a_draft_rule_is_tried_on_past_orders_in_russian = t => simulator(t, "ru");
export const prc_17_a_draft_rule_is_tried_on_past_orders_in_english = t => simulator(t, "en");

async function simulator(t, lang) {
  const page = await t.open("/price-simulator", { as: "director", lang });
  const name = fresh("Проба");
  const rule = await post(page, "/price-conditions", { name, kind: "quantity", percent: "5", from_quantity: "10", active: false });
  await t.goto(page, `/price-simulator?rule=${rule.id}&date.ge=2026-01-01`);
  await page.locator(".k-params button.btn-primary").click();
  await page.locator(".k-figures").waitFor();
  await page.waitForURL(/job=/);
  await page.locator("#job-shows [data-island=chart] svg").first().waitFor();
  const clients = page.locator("#job-shows table.k-grid tbody tr");
  sure((await clients.count()) > 0, "clients whose orders would change");
  await untranslated(page);
  await t.accessible(page);
  await t.fits(page);
  // the address holds the result, and another cut of it
  await page.locator(".k-seg a").nth(1).click();
  await page.waitForURL(/by=products/);
  await page.locator("#job-shows table.k-grid tbody a[href^='/products/']").first().waitFor();
  const kept = await get(page, `/price-conditions/${rule.id}`);
  equal(kept.active, false, "nothing was switched on");
}

export async function prc_17_a_change_written_in_a_form_is_tried_before_it_is_saved(t) {
  const page = await t.open("/price-simulator", { as: "director" });
  const before = (await get(page, "/price-conditions?count=true&limit=1")).count;
  await t.goto(page, "/price-conditions/new?kind=quantity&percent=5&from_quantity=2");
  await page.locator("button[name=then][value=try]").click();
  await page.waitForURL(/price-simulator$/);
  const kept = page.locator(".k-trials li");
  await kept.first().waitFor();
  await t.accessible(page);
  // it is gone on with in its form, and stays one change
  await kept.first().locator("a").click();
  const percent = page.locator("form[data-form] [name=percent]");
  equal(await percent.inputValue(), "5", "what was written");
  await percent.fill("7");
  await page.locator("button[name=then][value=try]").click();
  await kept.first().waitFor();
  equal(await kept.count(), 1, "still one change");
  // a record can be taken out as well
  await page.locator("select[name=collection]").selectOption("price-types");
  await page.locator("#sim-choose button[value=remove]").waitFor();
  await t.fits(page);
  await t.goto(page, "/price-simulator?date.ge=2026-01-01");
  await page.locator(".k-params button.btn-primary").click();
  await page.locator(".k-figures").waitFor();
  sure((await page.locator("#job-shows table.k-grid tbody tr").count()) > 0, "clients whose orders would change");
  equal((await get(page, "/price-conditions?count=true&limit=1")).count, before, "nothing was written");
  await page.locator(".k-trials button").first().click();
  await kept.first().waitFor({ state: "detached" });
}

export const prc_02_rates_stand_by_day_with_their_course_and_their_sources = t => rates(t, "uk");
export const prc_02_rates_stand_by_day_with_their_course_and_their_sources_in_russian = t => rates(t, "ru");
export const prc_02_rates_stand_by_day_with_their_course_and_their_sources_in_english = t => rates(t, "en");

async function rates(t, lang) {
  t.allow(/422/); // an address inside of our own network is refused
  const page = await t.open("/rate-matrix", { as: "director", lang });
  await page.locator("[data-island=chart] svg").first().waitFor();
  const heads = page.locator(".k-ratematrix thead th a");
  sure((await heads.count()) >= 2, "several currencies");
  const other = await heads.first().locator("b").innerText();
  await heads.first().click();
  await page.waitForURL(/of=/);
  await page.locator("h3", { hasText: other }).waitFor();
  sure((await page.locator(".k-ratematrix tbody tr").count()) > 10, "days");
  await page.fill("#rates-url", "http://127.0.0.1:1/rates.xml");
  await page.locator("form[action$='/load'] button[type=submit]").click();
  await page.locator("#rates-told [role=alert]").waitFor();
  const feed = await post(page, "/rate-feeds", { name: fresh("Банк"), url: "http://127.0.0.1:1/rates.xml", active: false });
  await t.goto(page, "/rate-matrix");
  await page.locator(`form:has(input[value="${feed.id}"]) button`).click();
  await page.locator("#price-going [data-state]").waitFor();
  await t.goto(page, "/rate-matrix");
  await page.locator(`li:has(input[value="${feed.id}"]) .neg`).waitFor();
  await untranslated(page);
  await t.accessible(page);
  await t.fits(page);
}
