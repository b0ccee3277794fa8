// Dates in the page's own format, in whatever language the browser is.
import { equal, fresh, get, partner, sure } from "../lib/api.mjs";

export async function plt_10_a_date_is_typed_and_chosen_in_the_pages_format(t) {
  for (const [lang, shown] of [["uk", "05.12.2026"], ["en", "5 Dec 2026"]]) {
    const page = await t.open("/", { as: "director", lang });
    const made = await partner(page, fresh("Дата"));
    await t.goto(page, `/partners/${made.id}/edit`);
    const field = page.locator("#f-client_since");
    await field.fill("5.12.26");
    await field.press("Tab");
    equal(await field.inputValue(), shown, `typed, in ${lang}`);
    equal(await page.locator("input[name=client_since]").inputValue(), "2026-12-05", "what is sent");
    await field.fill("31.02.2026");
    await field.press("Tab");
    equal(await field.getAttribute("aria-invalid"), "true", "the 31st of February");
    await field.fill("5.12.26");
    await field.press("Alt+ArrowDown");
    const calendar = page.locator(".k-cal");
    await calendar.waitFor();
    await t.accessible(page);
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("PageUp");
    await page.keyboard.press("Enter");
    await calendar.waitFor({ state: "detached" });
    equal(await page.locator("input[name=client_since]").inputValue(), "2026-11-06", "a day on, a month back");
    await page.keyboard.press("+");
    equal(await page.locator("input[name=client_since]").inputValue(), "2026-11-07", "plus a day");
    await page.keyboard.press("Control+s");
    await page.waitForURL(`**/partners/${made.id}`);
    equal((await get(page, `/partners/${made.id}`)).client_since, "2026-11-07", "what was saved");
    await page.context().close();
  }
}

export async function plt_10_without_scripts_the_browsers_own_date_field_serves(t) {
  t.allow(/request failed: GET .*\.js csp/);
  const page = await t.open("/partners/new", { as: "director", scripts: false });
  equal(await page.locator("#f-client_since").getAttribute("type"), "date", "the field");
  const name = fresh("Без скриптів");
  await page.locator("[name=name]").fill(name);
  await page.locator("#f-client_since").fill("2026-03-04");
  await page.locator("form[data-form] button[type=submit]").first().click();
  await page.locator("h1", { hasText: name }).waitFor();
  sure((await page.locator("#main").innerText()).includes(name), "the card");
}
