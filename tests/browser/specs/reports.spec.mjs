// Reports: a picture and the same figures as a table, in every language.
import { equal, get, sure } from "../lib/api.mjs";
import { LANGS } from "../lib/tester.mjs";

export const ins_01_sales_by_month_are_drawn_and_listed = t => drawn(t, "uk");
export const ins_01_sales_by_month_are_drawn_and_listed_in_russian = t => drawn(t, "ru");
export const ins_01_sales_by_month_are_drawn_and_listed_in_english = t => drawn(t, "en");

async function drawn(t, lang) {
  const page = await t.open("/reports", { as: "director", lang });
  await page.locator("a[href^='/reports/sales']").first().click();
  await page.waitForURL("**/reports/sales*");
  await page.locator("[data-island=chart] svg").first().waitFor();
  const rows = await page.locator("#main table.k-grid tbody tr").count();
  sure(rows >= 6, `months of history: ${rows}`);
  const sums = (await page.locator("#main table.k-grid tfoot td").allInnerTexts()).join(" ");
  sure(/\d{3}/.test(sums), `totals: ${sums}`);
  sure(!(await page.locator("body").innerText()).includes("⟦"), "every word is translated");
  await t.accessible(page);
  await t.fits(page);
}

export async function ins_02_the_funnel_and_the_settlements_stand(t) {
  for (const [name, lang] of ["funnel", "settlements"].flatMap(name => LANGS.map(lang => [name, lang]))) {
    const page = await t.open(`/reports/${name}`, { as: "director", lang });
    await page.locator("#main table.k-grid tbody tr").first().waitFor();
    const title = await page.locator("#main h1").first().innerText();
    equal(/[а-яіїєґ]/i.test(title), lang !== "en", `${name} is called ${title}`);
    sure(!(await page.locator("body").innerText()).includes("⟦"), `${name}: every word is translated`);
    await t.accessible(page);
    await t.fits(page);
    await page.context().close();
  }
  const page = await t.open("/", { as: "accountant" });
  const report = await get(page, "/reports/settlements");
  sure(JSON.stringify(report).length > 50, "the accountant may ask for it as well");
  equal((await t.goto(page, "/reports/settlements")).status(), 200, "and see it");
}
