// One partner: card, form, errors of fields, undo, history, two editors, names that look like markup.
import { api, equal, fresh, get, goods, partner, post, sure, toast } from "../lib/api.mjs";

const save = page => page.locator("form[data-form] button[type=submit].btn-primary, form[data-form] .k-acts button[type=submit]").first().click();

export const ptr_01_a_card_is_edited_saved_undone_and_remembered = t => edited(t, "uk");
export const ptr_01_a_card_is_edited_saved_undone_and_remembered_in_russian = t => edited(t, "ru");
export const ptr_01_a_card_is_edited_saved_undone_and_remembered_in_english = t => edited(t, "en");

async function edited(t, lang) {
  t.allow(/status of 422/);
  const page = await t.open("/", { as: "director", lang });
  const name = fresh("Картка");
  const made = await partner(page, name);
  await t.goto(page, `/partners/${made.id}`);
  await page.locator("h1", { hasText: name }).waitFor();
  await t.accessible(page);
  await page.keyboard.press("e");
  await page.waitForURL("**/edit");
  const field = page.locator("form[data-form] [name=name]");
  await field.fill("");
  await save(page);
  const wrong = page.locator("#f-name-note.neg");
  await wrong.waitFor();
  sure({ uk: /[а-щіїєґ]/i, ru: /[а-яё]/i, en: /[a-z]/i }[lang].test(await wrong.innerText()), "the error stands at its field, in the page's language");
  equal(await field.getAttribute("aria-invalid"), "true", "the field is marked");
  await field.fill(`${name} нова`);
  await save(page);
  await page.locator("h1", { hasText: `${name} нова` }).waitFor();
  await (await toast(page)).locator("button").first().click();
  await page.waitForFunction(n => document.querySelector("h1")?.textContent.trim() === n, name);
  equal((await get(page, `/partners/${made.id}`)).name, name, "the name after undo");
  await t.goto(page, `/partners/${made.id}?tab=history`);
  await page.locator("#main", { hasText: `${name} нова` }).waitFor();
}

export async function plt_13_two_editors_of_one_field_see_both_values(t) {
  t.allow(/status of 409/);
  const mine = await t.open("/", { as: "director" });
  const name = fresh("Двоє");
  const made = await partner(mine, name);
  await t.goto(mine, `/partners/${made.id}/edit`);
  const theirs = await t.open("/", { as: "sales_manager" });
  await api(theirs, "PATCH", `/partners/${made.id}`, { name: `${name} інший`, version: made.version });
  const field = mine.locator("form[data-form] [name=name]");
  await field.fill(`${name} мій`);
  await save(mine);
  const both = mine.locator("[data-conflict=name]");
  await both.waitFor();
  const text = await both.innerText();
  sure([`${name} інший`, `${name} мій`].every(v => text.includes(v)), `both values: ${text}`);
  await both.locator("button[data-take]").first().click();
  await save(mine);
  await mine.locator("h1", { hasText: `${name} інший` }).waitFor();
  equal((await get(mine, `/partners/${made.id}`)).name, `${name} інший`, "theirs was taken");
}

export async function plt_12_markup_in_names_is_text(t) {
  const page = await t.open("/", { as: "director" });
  await page.evaluate(() => { window.alert = () => { window.hurt = true; }; });
  const name = fresh("<img src=x onerror=alert(1)>\"'</script>");
  const made = await partner(page, name);
  for (const path of [`/partners?q=${encodeURIComponent(name)}`, `/partners/${made.id}`, `/partners/${made.id}/edit`, `/partners/${made.id}?tab=history`]) {
    await t.goto(page, path);
    await page.locator("#main h1").first().waitFor();
    equal(await page.locator("img[src=x]").count(), 0, `pictures at ${path}`);
    if (!path.endsWith("/edit")) sure((await page.locator("#main").innerText()).includes("<img src=x onerror=alert(1)>"), `the name as text at ${path}`);
  }
  await t.goto(page, "/");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("img src=x");
  await page.locator("dialog.k-pal li[role=option]", { hasText: "<img src=x" }).first().waitFor();
  equal(await page.locator("img[src=x]").count(), 0, "pictures in the palette");
}

export async function plt_15_a_card_shows_what_a_colleague_changes(t) {
  const page = await t.open("/", { as: "director" });
  const name = fresh("Живе");
  const made = await partner(page, name);
  await t.goto(page, `/partners/${made.id}`);
  await page.locator("h1", { hasText: name }).waitFor();
  const colleague = await t.open("/", { as: "sales_manager" });
  await api(colleague, "PATCH", `/partners/${made.id}`, { name: `${name} далі`, version: made.version });
  await page.locator("h1", { hasText: `${name} далі` }).waitFor();
}

export async function plt_10_what_cannot_be_taken_back_is_no_way_to_save_a_form(t) {
  const page = await t.open("/deals/new", { as: "salesperson", lang: "uk" });
  equal(await page.locator("form[data-form] button[data-main]").getAttribute("name"), null, "the main button of a new deal saves");
  equal(await page.locator("form[data-form] button[value=win]").count(), 0, "ways to win an unsaved deal");
  await t.goto(page, "/tasks/new");
  equal(await page.locator("form[data-form] button[value=done]").count(), 0, "ways to do an unsaved task");
}

export async function plt_10_a_time_is_typed_as_the_page_shows_it(t) {
  const page = await t.open("/tasks/new", { as: "salesperson", lang: "uk" });
  const subject = fresh("Перевірити щит");
  await page.fill("input[name=subject]", subject);
  const due = page.locator(".k-date:has(input[name=due_at]) > input[type=text]");
  await due.fill("24.11.2026 16:30");
  await page.keyboard.press("Control+s");
  await page.waitForURL(/\/tasks\/[0-9a-f-]{36}/);
  sure((await page.locator("#main").innerText()).includes("16:30"), "the card tells the hour");
}

export async function plt_11_much_said_about_a_partner_leaves_room_for_its_name_and_actions(t) {
  const page = await t.open("/", { as: "director", lang: "uk" });
  const name = fresh("Дуже довга назва партнера без кінця та краю").padEnd(180, "я");
  const roles = ["client", "supplier", "competitor", "carrier", "manufacturer"];
  const made = await partner(page, name, { roles, tags: ["перша мітка", "друга довга мітка", "третя", "четверта", "п’ята"], phone: "+380671112233", email: "a@b.example" });
  await t.goto(page, `/partners/${made.id}`);
  const seen = await page.evaluate(() => ({ name: document.querySelector(".k-head h1").getBoundingClientRect().width, action: document.querySelector(".k-head .btn-primary").getBoundingClientRect().right, width: innerWidth }));
  sure(seen.name > 120, `the name has ${seen.name} px`);
  sure(seen.action <= seen.width, `the main action ends at ${seen.action} of ${seen.width} px`);
}

export async function plt_11_lines_of_a_draft_name_their_products(t) {
  const page = await t.open("/", { as: "director", lang: "uk" });
  const g = await goods(page);
  const client = await partner(page, fresh("Рядки"));
  const order = await post(page, "/sales-orders", { company_id: g.company, partner_id: client.id, warehouse_id: g.warehouse, confirm: true, lines: [{ product_id: g.product, quantity: "2", price: "10" }] });
  const shipment = await post(page, "/shipments", { sales_order_id: order.id });
  for (const width of [1440, 390]) {
    const shown = await t.open(`/shipments/${shipment.id}`, { as: "director", lang: "uk", width });
    const name = shown.locator("table.k-lines tbody a[href^='/products/']").first();
    await name.waitFor();
    const box = await name.locator("xpath=..").boundingBox();
    sure(box.width >= 150, `the product's name has ${box.width} px at ${width}`);
    sure(!/[0-9a-f]{8}-[0-9a-f]{4}-/.test(await shown.locator("table.k-lines").innerText()), "no ids among the lines");
    await t.fits(shown);
  }
}

export async function plt_11_a_new_record_is_typed_at_once(t) {
  const page = await t.open("/partners", { as: "salesperson", lang: "ru" });
  await page.keyboard.press("Control+k");
  await page.keyboard.type("новый партнер");
  await page.locator("dialog.k-pal li", { hasText: "Новый партнёр" }).first().waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL("**/partners/new");
  await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "name");
}
