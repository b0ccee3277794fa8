// The first day of an office: what the old books left open is typed in, posted, seen among the debts, and paid.
import { fresh, get, goods, partner, post, sure } from "../lib/api.mjs";

export const fin_07_open_items_are_typed_in_posted_and_paid = t => walked(t, "uk");
export const fin_07_open_items_are_typed_in_posted_and_paid_in_english = t => walked(t, "en");

async function walked(t, lang) {
  const page = await t.open("/", { as: "administrator", lang });
  const { company } = await goods(page);
  const name = fresh("Старий борг"), number = fresh("РН");
  const client = await partner(page, name);
  await t.goto(page, `/opening-balances/new?company_id=${company}`);
  await t.accessible(page);
  await t.fits(page);
  const row = page.locator("[data-rows=lines] [data-row]").first();
  await row.locator("[data-combobox] input.form-control").first().fill(name);
  await page.locator("li[role=option]", { hasText: name }).first().click();
  await row.locator("[name='lines[0][number]']").fill(number);
  const due = row.locator("td", { has: page.locator("[name='lines[0][due_date]']") }).locator("input.form-control");
  await due.fill("10.01.2026");
  await due.press("Tab");
  await row.locator("[name='lines[0][amount]']").fill("150,50");
  await page.locator("form[data-form] button[type=submit].btn-primary").first().click();
  await page.waitForURL(/\/opening-balances\/[0-9a-f]{8}-/);
  const id = page.url().match(/[0-9a-f]{8}-[0-9a-f-]{27}/)[0];
  if ((await get(page, `/opening-balances/${id}`)).state === "draft") await page.locator("form[action$='/do/post'] button").first().click();
  await page.waitForFunction(async id => (await (await fetch(`/api/v1/opening-balances/${id}`)).json()).state === "posted", id);
  await t.goto(page, `/opening-balances/${id}`);
  await t.accessible(page);
  await t.fits(page);

  await t.goto(page, `/partners/${client.id}?tab=settlements`);
  await page.locator(`a[href='/opening-balances/${id}']`, { hasText: number }).first().waitFor();
  await t.goto(page, `/reports/settlements?partner_id=${client.id}`);
  sure((await page.locator("#main").innerText()).includes("150"), "the report knows the debt");

  const paid = await post(page, "/payments", { company_id: company, partner_id: client.id, amount: "100", currency: "UAH", direction: "in", post: true });
  await t.goto(page, `/payments/${paid.id}`);
  await page.locator(`.k-side a[href='/opening-balances/${id}']`, { hasText: number }).waitFor();
  await t.goto(page, `/opening-balances/${id}`);
  await page.locator(`.k-side a[href='/payments/${paid.id}']`).waitFor();
  sure((await page.locator("#main").innerText()).includes("50,50") || (await page.locator("#main").innerText()).includes("50.50"), "what is left of the line");
  await t.accessible(page);
}
