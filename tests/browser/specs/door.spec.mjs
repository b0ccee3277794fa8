// The door: who may come in, in which language, and what those see who have no right to a page.
import { account, ROLES } from "../lib/accounts.mjs";
import { equal, fresh, partner, sure } from "../lib/api.mjs";
import { LANGS } from "../lib/tester.mjs";

export async function plt_12_each_role_signs_in_and_finds_its_day_in_its_language(t) {
  for (const [i, role] of ROLES.entries()) {
    const lang = LANGS[i % LANGS.length];
    const page = await t.open("/", { as: role, lang });
    await page.locator("#main h1").first().waitFor();
    equal(await page.getAttribute("html", "lang"), lang, `language of ${role}`);
    sure((await page.locator(".k-rail a").count()) > 3, `${role} has places to go`);
    sure(!(await page.locator("body").innerText()).includes("⟦"), `every word of the home of ${role} is translated`);
    await page.context().close();
  }
}

export async function plt_12_a_wrong_password_is_refused_in_the_language_of_the_browser(t) {
  t.allow(/status of 422/);
  const words = { uk: /парол/i, ru: /парол/i, en: /password/i };
  for (const lang of LANGS) {
    const page = await t.open("/sign-in", { lang });
    if (lang === "uk") await t.accessible(page);
    await page.fill("#f-login", account("director").login);
    await page.fill("#f-password", "not this one");
    await page.press("#f-password", "Enter");
    const said = await page.locator("[role=alert]").innerText();
    sure(words[lang].test(said), `${lang}: ${said}`);
    equal(await page.inputValue("#f-login"), account("director").login, "the login typed");
    equal(await page.inputValue("#f-password"), "", "the password typed");
  }
}

export async function plt_12_who_signed_out_is_out_and_comes_back_to_the_page_asked_for(t) {
  const page = await t.open("/partners?sort=-name");
  equal(new URL(page.url()).pathname, "/sign-in", "where a stranger stands");
  const { login, password } = account("accountant");
  await page.fill("#f-login", login);
  await page.fill("#f-password", password);
  await page.press("#f-password", "Enter");
  await page.waitForURL("**/partners?sort=-name");
  await page.locator(".k-top details.k-menu summary").last().click();
  await page.locator("button[form=sign-out]").click();
  await page.waitForURL("**/sign-in");
  await t.goto(page, "/partners");
  equal(new URL(page.url()).pathname, "/sign-in", "after signing out");
}

export async function plt_12_pages_of_other_roles_and_records_of_others_stay_closed(t) {
  t.allow(/status of 40[34]/);
  const boss = await t.open("/", { as: "director" });
  const secret = fresh("Тільки директору");
  const theirs = await partner(boss, secret);
  const seller = await t.open("/", { as: "salesperson" });
  const answer = await t.goto(seller, `/partners/${theirs.id}`);
  equal(answer.status(), 404, "a partner of somebody else");
  sure(!(await seller.content()).includes(secret), "its name is not told");
  await t.goto(seller, `/partners?q=${encodeURIComponent(secret)}`);
  equal(await seller.locator("tbody tr[data-id]").count(), 0, "rows found by its name");
  const keeper = await t.open("/", { as: "storekeeper" });
  equal(await keeper.locator(".k-rail a[href='/deals']").count(), 0, "deals in the storekeeper's rail");
  for (const path of ["/deals", "/payments", "/reports/sales"]) sure([403, 404].includes((await t.goto(keeper, path)).status()), `${path} is closed to the storekeeper`);
}

export async function plt_13_the_language_is_switched_and_kept(t) {
  const page = await t.open("/partners", { as: "administrator" });
  for (const lang of ["ru", "en", "uk"]) {
    await page.locator(".k-top details.k-menu summary").last().click();
    await page.locator(`.k-top a[data-lang=${lang}]`).click();
    await page.waitForFunction(l => document.documentElement.lang === l, lang);
    await page.locator("tbody > tr[data-id]").first().waitFor();
    equal(new URL(page.url()).pathname, "/partners", "the page stays");
    sure(!(await page.locator("body").innerText()).includes("⟦"), `every word is there in ${lang}`);
  }
}

export async function plt_16_a_demo_is_entered_by_one_touch_on_a_phone(t) {
  const page = await t.open("/sign-in", { width: 390, theme: "dark", lang: "en" });
  await page.locator(".k-door .demo button").first().waitFor();
  await t.accessible(page);
  await t.fits(page);
  await page.locator(".k-door .demo button", { hasText: account("accountant").login }).tap();
  await page.waitForURL(url => url.pathname === "/");
  await page.locator("#main h1").first().waitFor();
}
