// The price office: edited prices changed by the hundred and one by one, put into effect, taken back.
import { equal, get, sure } from "../lib/api.mjs";

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
