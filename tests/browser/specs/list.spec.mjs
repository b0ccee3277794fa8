// Home and lists under the hands: conditions, order, endless rows, keyboard, the quick look, the palette.
import { equal, fresh, get, partner, sure } from "../lib/api.mjs";

const rows = page => page.locator("tbody > tr[data-id]");

export async function plt_16_home_shows_the_day_and_leads_on(t) {
  const page = await t.open("/", { as: "director" });
  await page.locator("#main h1").first().waitFor();
  await t.accessible(page);
  await t.fits(page);
  await t.shot(page, "home-1440-light");
  await page.locator(".k-rail a[href='/partners']").click();
  await rows(page).first().waitFor();
  equal(new URL(page.url()).pathname, "/partners", "where the rail leads");
}

export const plt_10_a_list_is_filtered_by_typing_and_sorted_by_its_heads = t => filtered(t, "uk");
export const plt_10_a_list_is_filtered_by_typing_and_sorted_by_its_heads_in_russian = t => filtered(t, "ru");
export const plt_10_a_list_is_filtered_by_typing_and_sorted_by_its_heads_in_english = t => filtered(t, "en");

async function filtered(t, lang) {
  const page = await t.open("/", { as: "director", lang });
  const word = fresh("Відбір");
  for (const end of ["Ґанок", "Їжак", "Абрикос"]) await partner(page, `${word} ${end}`);
  await t.goto(page, "/partners");
  await rows(page).first().waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type(`name~${word}`);
  await page.keyboard.press("Enter");
  await page.waitForURL(/name\.contains=/);
  await page.waitForFunction(() => document.querySelectorAll("tbody > tr[data-id]").length === 3);
  const names = async () => (await rows(page).locator("td.nm").allInnerTexts()).map(n => n.trim().split(" ").at(-1));
  await page.locator("thead th[aria-sort] a, thead th a").first().click();
  await page.waitForURL(/sort=/);
  await page.waitForFunction(() => document.querySelectorAll("tbody > tr[data-id]").length === 3);
  const once = (await names()).join();
  sure(["Абрикос,Ґанок,Їжак", "Їжак,Ґанок,Абрикос"].includes(once), `Ukrainian order: ${once}`);
  await page.locator(".k-chip button[data-drop]").click();
  await page.waitForFunction(() => document.querySelectorAll("tbody > tr[data-id]").length > 3);
}

export async function plt_10_rows_come_as_one_scrolls(t) {
  const page = await t.open("/products", { as: "director" });
  await rows(page).first().waitFor();
  const before = await rows(page).count();
  sure((await page.locator("tr.k-more").count()) === 1, "there are more rows than one page");
  await page.locator("tr.k-more").scrollIntoViewIfNeeded();
  await page.waitForFunction(n => document.querySelectorAll("tbody > tr[data-id]").length > n, before);
  const ids = await rows(page).evaluateAll(all => all.map(r => r.dataset.id));
  equal(new Set(ids).size, ids.length, "each row once");
}

export async function plt_11_arrows_walk_space_looks_enter_opens(t) {
  const page = await t.open("/partners", { as: "director" });
  await rows(page).first().waitFor();
  await t.accessible(page);
  await t.shot(page, "partners-1440-light");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  equal(await rows(page).nth(1).getAttribute("aria-current"), "true", "the second row");
  await page.keyboard.press("Space");
  const peek = page.locator("[data-peek-place]");
  await peek.locator("h2").waitFor();
  equal((await peek.locator("h2").innerText()).trim(), (await rows(page).nth(1).locator("td.nm").innerText()).trim(), "what is looked at");
  await page.keyboard.press("Escape");
  await peek.waitFor({ state: "hidden" });
  const href = await rows(page).nth(1).getAttribute("data-href");
  await page.keyboard.press("Enter");
  await page.waitForURL(`**${href}`);
  await page.goBack();
  await rows(page).first().waitFor();
}

export async function plt_11_a_peek_on_its_way_does_not_keep_anybody_from_going_back(t) {
  const page = await t.open("/partners", { as: "director" });
  await rows(page).first().waitFor();
  const href = await rows(page).first().getAttribute("data-href");
  const slow = async route => {
    await new Promise(done => setTimeout(done, 300));
    await route.continue();
  };
  for (const path of [href, `${href}/peek`]) await page.route(`**${path}`, slow);
  await page.keyboard.press("ArrowDown");
  const opened = new Promise(done => page.on("requestfinished", asked => asked.url().endsWith(href) && done()));
  await page.keyboard.press("Space");
  await Promise.all([page.waitForRequest(`**${href}`), page.keyboard.press("Enter")]);
  await page.goBack();
  await opened;
  await page.waitForURL("**/partners");
  await rows(page).first().waitFor();
  await page.locator("h1", { hasText: await page.locator(`tr[data-href='${href}'] td.nm`).innerText() }).waitFor({ state: "detached" });
}

export async function plt_11_the_palette_finds_a_partner_and_opens_it(t) {
  const page = await t.open("/", { as: "sales_manager", lang: "en" });
  const name = fresh("Palette Ltd");
  const made = await partner(page, name);
  await t.goto(page, "/");
  await page.locator("#main h1").first().waitFor();
  await page.keyboard.press("Control+k");
  const palette = page.locator("dialog.k-pal");
  await palette.waitFor();
  await page.keyboard.type(name.toLowerCase());
  await palette.locator("li[role=option]", { hasText: name }).first().waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/partners/${made.id}`);
  await page.locator("h1", { hasText: name }).waitFor();
  equal((await get(page, `/partners/${made.id}`)).name, name, "the partner opened");
}

export async function plt_11_who_is_quicker_than_the_server_sees_the_last_page_asked_for(t) {
  const page = await t.open("/", { as: "director" });
  await page.locator("#main h1").first().waitFor();
  for (let i = 0; i < 3; i += 1) {
    await page.evaluate(() => {
      for (const path of ["/partners", "/products", "/deals"]) document.querySelector(`.k-rail a[href='${path}']`).click();
    });
    await page.locator(".k-board .k-dc").first().waitFor();
    await page.evaluate(() => history.back());
    await page.evaluate(() => history.back());
    await page.waitForURL("**/partners");
    await page.locator("[data-list][data-collection=partners] tbody tr[data-id]").first().waitFor();
  }
}
