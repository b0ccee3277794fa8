// The page that takes a file into any list: what is wrong is told by row and column and nothing is taken; then a good file.
import { equal, fresh, get, sure } from "../lib/api.mjs";

const file = text => ({ name: "partners.csv", mimeType: "text/csv", buffer: Buffer.from(text) });

export const plt_06_a_file_is_refused_by_row_then_taken = t => taken(t, "uk");
export const plt_06_a_file_is_refused_by_row_then_taken_in_russian = t => taken(t, "ru");
export const plt_06_a_file_is_refused_by_row_then_taken_in_english = t => taken(t, "en");

async function taken(t, lang) {
  t.allow(/status of 422/);
  const page = await t.open("/list/partners/import", { as: "director", lang });
  const name = fresh("Файл");
  const count = async () => (await get(page, `/partners?name.starts=${encodeURIComponent(name)}&count=true&limit=1`)).count;
  const input = page.locator("form.k-import input[type=file]"), told = page.locator("#import-told");
  const cyrillic = async () => equal(/[а-яіїєґ]/i.test((await told.locator("b").innerText())), lang !== "en", "in the language of the page");
  const rows = country => `name,country,external_id,source\n${name} A,UA,${name}1,browser\n${name} B,${country},${name}2,browser\n`;

  await input.setInputFiles(file(rows("QQ")));
  await page.locator(".k-importing button[data-main]").click();
  await told.locator("b.neg").waitFor();
  await cyrillic();
  const wrong = told.locator("tbody tr");
  equal(await wrong.count(), 1, "rows that are wrong");
  sure(/^\s*[23]\s/.test(await wrong.innerText()) && (await wrong.innerText()).includes("QQ"), `row and value: ${await wrong.innerText()}`);
  equal(await count(), 0, "taken of a file with an error");
  await t.accessible(page);
  await t.fits(page);

  await input.setInputFiles(file(rows("PL")));
  await page.locator(".k-importing button[name=check]").click();
  await told.locator("b.pos").waitFor();
  equal(await count(), 0, "taken by checking");
  await page.locator(".k-importing button[data-main]").click();
  await told.locator("a[href='/partners']").waitFor();
  await cyrillic();
  equal(await count(), 2, "taken of the good file");
  await page.locator(".k-importing button[data-main]").click();
  await page.waitForLoadState("networkidle");
  equal(await count(), 2, "taken when it comes again");
  sure(!(await page.locator("body").innerText()).includes("⟦"), "every word is translated");
}

export async function plt_06_what_is_wrong_in_a_file_is_read_on_a_phone(t) {
  t.allow(/status of 422/);
  const page = await t.open("/list/partners/import", { as: "director", lang: "ru", theme: "dark", width: 390 });
  await page.locator("form.k-import input[type=file]").setInputFiles(file(`name,country,external_id,source\n${fresh("Файл")},QQ,${fresh("x")},browser\n`));
  await page.locator(".k-importing button[data-main]").click();
  const cell = page.locator("#import-told tbody td").last();
  await cell.waitFor();
  sure(await cell.evaluate(el => el.scrollWidth <= el.clientWidth && el.getBoundingClientRect().right <= innerWidth), "what is wrong is not cut");
  await t.fits(page);
}

export const plt_06_heads_of_others_are_mapped_on_the_spot = t => mapped(t, "uk", 1440);
export const plt_06_heads_of_others_are_mapped_on_the_spot_on_a_phone = t => mapped(t, "ru", 390);

async function mapped(t, lang, width) {
  t.allow(/status of 422/);
  const page = await t.open("/list/partners/import", { as: "director", lang, width });
  const name = fresh("Чужий");
  const count = async () => (await get(page, `/partners?name.starts=${encodeURIComponent(name)}&count=true&limit=1`)).count;
  const text = `Список клієнтів;;;\n;;;\nНайменування контрагента;Тел.;Хто це;Щось зайве\n${name} А;067 123-45-67;Покупець;1\n\n${name} Б;;Supplier;2\n`;
  await page.locator("form.k-import input[type=file]").setInputFiles(file(text));
  await page.locator(".k-importing button[data-main]").click();
  const choice = head => page.locator(`#import-told select[aria-label='${head}']`);
  await choice("Щось зайве").waitFor();
  equal(await count(), 0, "taken before anybody confirmed");
  equal(await choice("Найменування контрагента").inputValue(), "name", "the guess");
  equal(await choice("Тел.").inputValue(), "phone", "the guess");
  equal(await choice("Щось зайве").inputValue(), "", "what nobody knows is left out");
  await choice("Хто це").selectOption("roles");
  await t.fits(page);
  if (width > 600) await t.accessible(page);
  await page.locator(".k-importing button[data-main]").click();
  await page.locator("#import-told a[href='/partners']").waitFor();
  const { items } = await get(page, `/partners?name.starts=${encodeURIComponent(name)}&sort=name&fields=name,roles,phone`);
  equal(items.map(p => p.roles.join()).join(), "client,supplier", "roles in their words");
  sure(items[0].phone.replace(/\D/g, "").endsWith("0671234567"), `the phone: ${items[0].phone}`);
  sure(!(await page.locator("body").innerText()).includes("⟦"), "every word is translated");
}
