// Lists beyond one page: a change of everything that matches with undo, totals, groups, views that colleagues share.
import { equal, fresh, get, partner, sure, toast } from "../lib/api.mjs";

const rows = page => page.locator("tbody > tr[data-id]");

/** Partners that share a word, made a few at a time. */
async function crowd(page, word, n) {
  for (let i = 0; i < n; i += 20) await Promise.all(Array.from({ length: Math.min(20, n - i) }, (_, k) => partner(page, `${word} ${String(i + k).padStart(3, "0")}`)));
}

async function withManager(page, word, id) {
  const { count } = await get(page, `/partners?name.contains=${encodeURIComponent(word)}&manager_id=${id}&limit=1&count=true`);
  return count;
}

/** Selects everything that matches and gives it a manager through the dialog. */
async function changeAll(t, page, word, manager) {
  await t.goto(page, `/partners?name.contains=${encodeURIComponent(word)}`);
  await rows(page).first().waitFor();
  await page.locator("[data-select-all]").check();
  await page.locator("[data-bulk-all]").click();
  await page.locator(".k-bulk [data-dialog='#bulk-manager_id']").click();
  const dialog = page.locator("dialog#bulk-manager_id");
  const field = dialog.locator("[data-combobox] input.form-control");
  await field.fill(manager.name);
  await dialog.locator("li[role=option]", { hasText: manager.name }).first().click();
  await dialog.locator("button[type=submit]").click();
}

async function undone(page, word, manager) {
  const undo = page.locator(".k-toast:has(kbd) button").first();
  await undo.waitFor();
  await undo.click();
  await page.waitForFunction(() => /\d/.test(document.querySelector(".k-toast .grow")?.textContent ?? "") && !document.querySelector(".k-toast kbd"));
  equal(await withManager(page, word, manager.id), 0, "after undo");
}

export async function plt_11_everything_that_matches_is_changed_and_taken_back(t) {
  const page = await t.open("/", { as: "director" });
  const word = fresh("Гурт");
  await crowd(page, word, 60);
  const manager = (await get(page, "/users?login=sales2&limit=1")).items[0];
  await changeAll(t, page, word, manager);
  await (await toast(page)).locator("button").first().waitFor();
  equal(await withManager(page, word, manager.id), 60, "more than the page were changed");
  await undone(page, word, manager);
}

export async function plt_11_a_change_of_very_many_shows_how_far_it_is(t) {
  const page = await t.open("/", { as: "director" });
  const word = fresh("Натовп");
  await crowd(page, word, 320);
  const manager = (await get(page, "/users?login=sales3&limit=1")).items[0];
  await changeAll(t, page, word, manager);
  await page.locator(".k-toast .grow", { hasText: "320" }).waitFor();
  await page.locator(".k-toast kbd").waitFor({ timeout: 60_000 });
  equal(await withManager(page, word, manager.id), 320, "all were changed by the job");
  await undone(page, word, manager);
}

export async function plt_10_a_list_is_added_up_and_put_into_groups(t) {
  const page = await t.open("/", { as: "director" });
  const all = await get(page, "/sales-orders?state=confirmed&limit=500&fields=total,currency,state");
  sure(all.items.length && !all.next, "the demo has confirmed orders, fewer than a page of the API");
  const whole = all.items.filter(o => o.currency === "UAH").reduce((sum, o) => sum + Math.round(Number(o.total) * 100), 0);
  await t.goto(page, "/sales-orders?state=confirmed");
  const digits = async what => (await what.innerText()).replace(/\D/g, "");
  const foot = page.locator("tfoot td.r").first();
  await foot.waitFor();
  equal(await digits(foot), String(whole), "the sum below the list is that of all of them");
  await t.accessible(page);
  await page.locator("summary", { hasText: "Групувати" }).click();
  await page.locator("details.k-menu a[href*='group=manager_id']").click();
  await page.waitForURL(/group=manager_id/);
  const groups = page.locator("tbody > tr[data-href]");
  await groups.first().waitFor();
  const counts = await groups.locator("td:nth-child(2)").allInnerTexts();
  equal(counts.reduce((a, n) => a + Number(n), 0), all.items.length, "the groups hold every order");
  await t.accessible(page);
  await t.fits(page);
  await t.shot(page, "orders-grouped-1440-light");
  await groups.first().locator("a").click();
  await page.waitForURL(/manager_id=/);
  await page.locator("tbody > tr[data-peek]").first().waitFor();
  equal(await rows(page).count(), Number(counts[0]), "a group opens to its rows");
}

export async function plt_11_a_view_is_shared_with_colleagues(t) {
  const mine = await t.open("/", { as: "director" });
  const name = fresh("Київські");
  await t.goto(mine, "/partners?name.contains=Київ");
  await mine.locator("[data-open='#save-view']").click();
  const dialog = mine.locator("dialog#save-view");
  await dialog.locator("[name=name]").fill(name);
  await dialog.locator("input[type=checkbox][name=shared]").check();
  await dialog.locator("button[type=submit]").click();
  await mine.locator(".k-tabs a.on", { hasText: name }).waitFor();
  const theirs = await t.open("/partners", { as: "sales_manager" });
  const tab = theirs.locator(".k-tabs a", { hasText: name });
  // views are read anew after a few seconds
  for (let i = 0; i < 12 && !(await tab.count()); i += 1) {
    await theirs.waitForTimeout(700);
    await t.goto(theirs, "/partners");
  }
  await tab.click();
  await theirs.waitForURL(/name\.contains=/);
  await rows(theirs).first().waitFor();
  equal(await theirs.locator("form[action$='/views/remove']").count(), 0, "another's view is not mine to remove");
  await mine.locator("form[action$='/views/remove'] button").click();
  await mine.locator(".k-tabs a", { hasText: name }).waitFor({ state: "detached" });
}

export async function act_02_open_tasks_come_first(t) {
  const page = await t.open("/", { as: "director" });
  await page.locator(".k-rail a[href^='/tasks']").click();
  await page.waitForURL("**/tasks*");
  await rows(page).first().waitFor();
  const ids = await rows(page).evaluateAll(all => all.map(r => r.dataset.id));
  const { items } = await get(page, `/tasks?id.in=${ids.join(",")}&limit=100&fields=state`);
  sure(items.every(i => ["planned", "in_work"].includes(i.state)), "nothing that is done stands among what is to be done");
}

export async function crm_02_the_list_of_deals_leads_back_to_the_board(t) {
  const page = await t.open("/deals?state=open", { as: "director" });
  await page.locator(".k-head .k-seg a[href='/deals']").click();
  await page.locator(".k-board .k-dc").first().waitFor();

}

export async function plt_11_each_cell_stands_under_its_head(t) {
  const page = await t.open("/", { as: "administrator", lang: "uk" });
  for (const path of ["/jobs", "/partners", "/sales-orders", "/deals?view=list", "/price-changes", "/prices"]) {
    await t.goto(page, path);
    const counts = await page.evaluate(() => [document.querySelectorAll("table.k-grid thead th").length, ...[...document.querySelectorAll("table.k-grid tbody tr[data-id]")].map(r => r.cells.length)]);
    sure(counts.length > 1, `${path} has rows`);
    equal([...new Set(counts)].length, 1, `cells of heads and rows of ${path}`);
  }
}

export async function plt_11_work_that_began_by_itself_is_called_in_the_callers_language(t) {
  const page = await t.open("/jobs", { as: "administrator", lang: "uk" });
  const names = await page.locator("tbody tr[data-id] td.nm").allInnerTexts();
  sure(names.includes("Прибирання") && !names.some(n => /Loading|Housekeeping|reminders/.test(n)), names.join(", "));
}

export async function plt_11_a_list_on_a_phone_uses_the_whole_width(t) {
  for (const path of ["/sales-orders", "/deals?view=list", "/payments", "/stock-receipts"]) {
    const page = await t.open(path, { as: "director", width: 390 });
    const row = page.locator("tbody tr[data-id]").first();
    await row.waitFor();
    const seen = await row.evaluate(r => {
      const cells = [...r.cells].filter(c => c.offsetWidth > 0);
      return { least: Math.min(...cells.map(c => c.getBoundingClientRect().width)), right: Math.max(...cells.map(c => c.getBoundingClientRect().right)), width: innerWidth };
    });
    sure(seen.least >= 80, `${path}: the narrowest cell has ${seen.least} px`);
    sure(seen.right >= seen.width - 2, `${path}: the row ends at ${seen.right} of ${seen.width} px`);
    await t.fits(page);
    await page.context().close();
  }
}
