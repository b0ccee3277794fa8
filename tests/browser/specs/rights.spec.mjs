// Rights of a role: found by typing, set by keys, saved, told, taken back; on a phone; without scripts.
import { api, equal, fresh, get, post, sure, toast } from "../lib/api.mjs";

const code = word => fresh(word).toLowerCase().replace(/\W+/g, "_");
/** A role of its own, so that the demo's people keep their rights. */
const role = (page, permissions) => post(page, "/roles", { code: code("helper"), name: fresh("Помічник"), permissions });
const level = (page, right) => page.locator(`select[name="g.${right}"]`);

export const plt_02_rights_are_found_set_by_keys_saved_and_taken_back = t => set(t, "uk");
export const plt_02_rights_are_found_set_by_keys_saved_and_taken_back_in_russian = t => set(t, "ru");
export const plt_02_rights_are_found_set_by_keys_saved_and_taken_back_in_english = t => set(t, "en");

async function set(t, lang) {
  const page = await t.open("/", { as: "administrator", lang });
  const made = await role(page, { partners: "read:own" });
  await t.goto(page, `/roles/${made.id}`);
  await page.locator("[data-landed] .k-rightsgrid").waitFor();
  sure(!(await page.locator("body").innerText()).includes("⟦"), "every word is translated");
  await t.accessible(page);
  await page.keyboard.press("/");
  await page.keyboard.type({ uk: "партнери", ru: "партнёры", en: "partners" }[lang]);
  await level(page, "units.read").waitFor({ state: "hidden" });
  await page.keyboard.press("Enter");
  const first = await page.evaluate(() => document.activeElement.name);
  sure(first.endsWith(".read"), `the caret is in the first row found: ${first}`);
  await level(page, "partners.read").focus();
  await page.keyboard.press("3");
  await page.keyboard.press("ArrowRight");
  equal(await page.evaluate(() => document.activeElement.name), "g.partners.create", "the arrow goes to the cell beside");
  await page.keyboard.press("3");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("2");
  equal(await page.locator("td.new").count(), 3, "changed cells are marked");
  sure((await page.locator("[data-changes]").innerText()).includes("3"), "and counted");
  await page.locator(`select[name="h.partners"]`).selectOption("phone");
  await page.locator(".k-hide.new input[value=phone]").waitFor();
  await page.keyboard.press("Control+s");
  await toast(page);
  const saved = await get(page, `/roles/${made.id}`);
  equal(saved.permissions.partners, "read create update:team hide:phone", "the rights");
  await page.locator(".k-answers").waitFor();
  await page.keyboard.press("Control+z");
  await page.waitForFunction(() => document.querySelector("select[name='g.partners.read']")?.value === "own");
  equal((await get(page, `/roles/${made.id}`)).permissions.partners, "read:own", "taken back");
}

export async function plt_13_rights_changed_by_two_are_told_cell_by_cell(t) {
  t.allow(/status of 409/);
  const page = await t.open("/", { as: "administrator" });
  const made = await role(page, { partners: "read:own", regions: "read" });
  await t.goto(page, `/roles/${made.id}`);
  await page.locator("[data-landed] .k-rightsgrid").waitFor();
  await level(page, "partners.read").selectOption("all");
  await api(page, "PATCH", `/roles/${made.id}`, { version: made.version, permissions: { partners: "read:team", regions: "read create" } });
  await page.locator("form[data-form] button[data-main]").click();
  const clash = page.locator("td.clash");
  await clash.waitFor();
  equal(await clash.count(), 1, "cells that both changed");
  equal(await level(page, "partners.read").inputValue(), "all", "mine stands in the cell");
  equal(await level(page, "regions.create").inputValue(), "all", "what only they changed is taken over");
  await page.locator("form[data-form] button[data-main]").click();
  await toast(page);
  const { permissions } = await get(page, `/roles/${made.id}`);
  equal(`${permissions.partners}, ${permissions.regions}`, "read, read create", "the rights");
}

export async function plt_02_a_role_is_copied_and_its_rights_work(t) {
  const page = await t.open("/", { as: "administrator" });
  const { items } = await get(page, "/roles?code=storekeeper");
  await t.goto(page, `/roles/${items[0].id}`);
  await page.locator(".k-head details.k-menu summary").first().click();
  await page.locator(`a[href="/roles/new?from=${items[0].id}"]`).click();
  const name = fresh("Комора");
  await page.locator("form[data-form] [name=code]").fill(code("store"));
  await page.locator("form[data-form] [name=name]").fill(name);
  await page.locator("form[data-form] .k-acts button[data-main]").click();
  await page.locator("h1", { hasText: name }).waitFor();
  equal(await level(page, "partners.read").inputValue(), "all", "what the storekeeper sees");
  await page.locator(".k-hides .k-hide input[value=annual_revenue]").first().waitFor({ state: "attached" });
  await page.locator("details.k-words summary").click();
  await page.locator("details.k-words dd", { hasText: "Бачить" }).first().waitFor();
}

export async function plt_02_rights_are_set_on_a_phone_and_without_scripts(t) {
  t.allow(/request failed: GET .*\.js csp/);
  const page = await t.open("/", { as: "administrator", width: 390, theme: "dark" });
  const made = await role(page, {});
  await t.goto(page, `/roles/${made.id}`);
  await page.locator("[data-landed] .k-rightsgrid").waitFor();
  await t.fits(page);
  await level(page, "partners.read").waitFor({ state: "hidden" });
  await page.locator("tr:has(select[name='g.partners.read']) .k-unfold").click();
  await level(page, "partners.read").selectOption("team");
  await page.locator("form[data-form] button[data-main]").click();
  await toast(page);
  equal((await get(page, `/roles/${made.id}`)).permissions.partners, "read:team", "set by touch");
  const bare = await t.open(`/roles/${made.id}?find=${encodeURIComponent("регіон")}`, { as: "administrator", scripts: false });
  equal(await bare.locator("tr[data-words]:not([hidden])").filter({ has: bare.locator("select[name='g.regions.read']") }).count(), 1, "the row looked for");
  await bare.locator(`select[name="g.regions.read"]`).selectOption("all");
  await bare.locator("form[data-form] button[data-main]").click();
  await bare.locator("h1").waitFor();
  const { permissions } = await get(page, `/roles/${made.id}`);
  equal(`${permissions.partners}, ${permissions.regions}`, "read:team, read", "set without scripts, nothing lost");
}

export async function plt_06_external_ids_name_their_records(t) {
  const page = await t.open("/", { as: "administrator" });
  const name = fresh("Промінь");
  const code = fresh("x").replace(" ", "-");
  const made = await post(page, "/partners", { name, roles: ["client"], source: "1c", external_id: `${code}-1` });
  await post(page, "/external-ids", { entity: "partners", record_id: made.id, source: "shop", external_id: `${code}-2` });
  for (const [lang, width] of [["uk", 1440], ["ru", 390], ["en", 1440], ["uk", 390]]) {
    const seen = await t.open(`/external-ids?external_id.starts=${code}`, { as: "administrator", lang, width });
    const link = seen.locator(`tbody a[href="/partners/${made.id}"]`);
    await link.first().waitFor();
    equal(await link.count(), 2, "both names lead to the record");
    sure((await link.first().innerText()).includes(name), "by its title");
    await t.fits(seen);
    await t.goto(seen, `/external-ids?record_id=${made.id}`);
    await seen.locator(".k-chip .v", { hasText: name }).waitFor();
    await seen.context().close();
  }
  await t.goto(page, `/partners/${made.id}`);
  await page.locator(".k-side .k-sec", { hasText: "Відомо деінде як" }).getByText("shop").waitFor();
}
