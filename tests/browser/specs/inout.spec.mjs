// Prices in and out: a rival's list is taken and matched by keys, the Excel book, CommerceML, paper.
import { equal, fresh, get, post, partner, sure } from "../lib/api.mjs";

const file = (name, text, type = "text/csv") => ({ name, mimeType: type, buffer: Buffer.from(text) });

/** A list of three goods: one of ours by its article, one that is near, one that nobody has. */
async function list(page, price, unknown = fresh("R3")) {
  const ours = (await get(page, "/products?limit=3&fields=name,sku&kind=goods&barcode.empty=false&sort=name")).items;
  return `Прайс, ціни з ПДВ, грн;;;\n;;;\nКод;Товар;Опт;Роздріб\n${ours[0].sku};${ours[0].name};${price};99\nR-2;${ours[1].name.split(" ").slice(0, 3).join(" ")};12,50;13\n${unknown};${unknown.split("").reverse().join("")};по запиту;7\n`;
}

async function choose(page, name) {
  await page.locator(".k-inout [data-combobox='/partners'] input.form-control").click();
  await page.keyboard.type(name);
  await page.locator(".k-inout li[role=option]", { hasText: name }).first().click();
}

export const prc_15_a_rivals_list_is_read_and_matched_by_keys = t => matched(t, "uk");
export const prc_15_a_rivals_list_is_read_and_matched_by_keys_in_russian = t => matched(t, "ru");
export const prc_15_a_rivals_list_is_read_and_matched_by_keys_in_english = t => matched(t, "en");

async function matched(t, lang) {
  t.allow(/status of 422/);
  const page = await t.open("/price-exchange", { as: "director", lang });
  const rival = await partner(page, fresh("Суперник")), unknown = fresh("R3");
  sure(page.url().endsWith("/price-exchange/lists"), "the section opens with its first page");
  await t.accessible(page);
  await choose(page, rival.name);
  const input = page.locator(".k-inout input[type=file]");
  // a price that is none is told by its cell, and nothing is taken
  await input.setInputFiles(file("rival.csv", await list(page, "дешево")));
  await page.locator(".k-inout button[data-main]").click();
  await page.locator("#inout-told td", { hasText: "rival!C4" }).waitFor();
  equal((await get(page, `/supplier-prices?partner_id=${rival.id}&count=true&limit=1`)).count, 0, "taken of a broken list");
  await input.setInputFiles(file("rival.csv", await list(page, "10,50", unknown)));
  await page.locator(".k-inout button[name=check]").click();
  await page.locator("#inout-told select[name='role.2'] option[value=price]:checked").waitFor({ state: "attached" });
  await t.accessible(page);
  // the other column is the price
  await page.locator("select[name='role.2']").selectOption("");
  await page.locator("select[name='role.3']").selectOption("price");
  await page.locator(".k-inout button[data-main]").click();
  await page.locator("#inout-told a[href*='/matching']").waitFor();
  const taken = (await get(page, `/supplier-prices?partner_id=${rival.id}&sort=supplier_code`)).items;
  equal(taken.find(l => l.supplier_code === "R-2").price, "13", "the price of the chosen column");
  const mapping = (await get(page, `/price-list-mappings?partner_id=${rival.id}`)).items[0];
  sure(mapping.columns.some(c => c.role === "price" && c.heading === "Роздріб"), "what was chosen is remembered");
  const line = taken.find(l => l.supplier_code === unknown);
  await t.goto(page, `/price-exchange/matching?partner_id=${rival.id}&show=${line.matched}`);
  const row = page.locator("tr[data-match]", { hasText: unknown });
  await row.waitFor();
  await t.accessible(page);
  await row.locator("td").first().click();
  await row.focus();
  await page.keyboard.press("r");
  await page.locator("tr[data-done]", { hasText: unknown }).waitFor();
  const said = await get(page, `/supplier-prices/${line.id}`);
  equal(`${said.matched} ${said.product_id}`, "manual null", "none of ours");
  await page.keyboard.press("Control+z");
  await row.locator("button[value=create]").waitFor();
  equal((await get(page, `/supplier-prices/${line.id}`)).matched, line.matched, "after undo");
  await row.focus();
  await page.keyboard.press("c");
  await page.locator("tr[data-done]", { hasText: unknown }).waitFor();
  const made = await get(page, `/supplier-prices/${line.id}`);
  equal(made.product.title, line.supplier_name, "a product of ours is made of it");
  // Other walks take any product and expect it to have a price.
  const usual = (await get(page, "/price-types?is_default=true&limit=1")).items[0];
  await post(page, "/prices", { price_type_id: usual.id, product_id: made.product.id, price: "10", valid_from: "2020-01-01" });
  await t.goto(page, `/price-exchange/comparison?partner_id=${rival.id}`);
  await page.locator("table.k-grid tbody tr").first().waitFor();
  await t.accessible(page);
}

export async function prc_15_a_candidate_is_chosen_by_its_number(t) {
  const page = await t.open("/price-exchange/lists", { as: "director" });
  const rival = await partner(page, fresh("Числа"));
  await choose(page, rival.name);
  await page.locator(".k-inout input[type=file]").setInputFiles(file("r.csv", await list(page, "5")));
  await page.locator(".k-inout button[data-main]").click();
  await page.locator("#inout-told a[href*='/matching']").waitFor();
  const line = (await get(page, `/supplier-prices?partner_id=${rival.id}&supplier_code=R-2`)).items[0];
  await t.goto(page, `/price-exchange/matching?partner_id=${rival.id}&show=${line.matched}`);
  const row = page.locator("tr[data-match]", { hasText: "R-2" });
  await row.locator("input[name=product_id]").nth(1).waitFor();
  const second = await row.locator("input[name=product_id]").nth(1).getAttribute("value");
  await row.focus();
  await page.keyboard.press("2");
  await page.keyboard.press("Enter");
  await page.locator("tr[data-done]", { hasText: "R-2" }).waitFor();
  const now = await get(page, `/supplier-prices/${line.id}`);
  equal(`${now.product_id} ${now.matched}`, `${second} manual`, "the second candidate");
}

export async function prc_14_the_excel_book_goes_out_and_comes_back(t) {
  t.allow(/status of 422/);
  const page = await t.open("/price-exchange/book", { as: "director" });
  await t.accessible(page);
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator("form[action$='/book/file'] button[type=submit]").click()]);
  const path = await download.path();
  const input = page.locator(".k-inout input[type=file]");
  await input.setInputFiles(path);
  await page.locator(".k-inout button[name=check]").click();
  await page.locator("#inout-told .pos").first().waitFor();
  sure((await page.locator("#inout-told").innerText()).includes("Жодна клітинка не змінена"), "an unchanged book changes nothing");
  await input.setInputFiles(file("x.xlsx", "no workbook"));
  await page.locator(".k-inout button[data-main]").click();
  await page.locator("#inout-told .neg").first().waitFor();
}

export async function prc_14_commerceml_names_its_defects_and_reads_its_own_files(t) {
  t.allow(/status of 422/);
  const page = await t.open("/price-exchange/commerceml", { as: "director" });
  await t.accessible(page);
  const own = await page.evaluate(async () => (await fetch("/api/v1/products/export?format=commerceml")).text());
  sure(own.includes("<КоммерческаяИнформация"), "the catalogue goes out");
  const input = page.locator(".k-inout input[type=file]");
  await input.setInputFiles(file("import.xml", own, "application/xml"));
  await page.locator(".k-inout button[name=check]").click();
  await page.locator("#inout-told .pos").first().waitFor({ timeout: 60_000 });
  await input.setInputFiles(file("import.xml", own.slice(0, own.length / 2), "application/xml"));
  await page.locator(".k-inout button[data-main]").click();
  await page.locator("#inout-told table tbody tr").first().waitFor();
}

export async function prc_14_stock_of_a_file_is_compared_and_what_it_has_more_becomes_a_draft(t) {
  t.allow(/status of 422/);
  const page = await t.open("/price-exchange/commerceml", { as: "director" });
  const download = page.locator("a[href='/api/v1/prices/export?format=commerceml&stock=true']");
  equal(await download.count(), 1, "offers go out with what can be sold");
  const own = await page.evaluate(async () => (await fetch("/api/v1/prices/export?format=commerceml&stock=true")).text());
  const input = page.locator(".k-inout input[type=file]");
  const send = async (text, button) => {
    await input.setInputFiles(file("offers.xml", text, "application/xml"));
    await page.locator("select[name=kind]").selectOption("stock-receipts");
    await page.locator(`.k-inout button${button}`).click();
    await page.locator("#inout-told .pos").first().waitFor({ timeout: 60_000 });
  };
  await send(own, "[name=check]");
  equal(await page.locator("#inout-told table").count(), 0, "our own file differs in nothing");
  // five more of the first product that is anywhere, and nothing of the second
  let n = 0;
  const other = own.replace(/<Количество>[^<]*<\/Количество>/g, "").replace(/КоличествоНаСкладе="([1-9]\d*)"/g, (all, q) =>
    (n += 1) === 1 ? `КоличествоНаСкладе="${+q + 5}"` : n === 2 ? 'КоличествоНаСкладе="0"' : all);
  sure(n > 1, "the demo has stock");
  await send(other, "[data-main]");
  await page.locator("#inout-told table").nth(1).waitFor({ timeout: 60_000 });
  equal(await page.locator("#inout-told table").count(), 2, "what the file has less, and what it has more");
  await t.accessible(page);
  await page.locator("#inout-told a[href^='/stock-receipts/']").first().click();
  await page.waitForURL("**/stock-receipts/*");
  const id = page.url().split("/").pop().split("?")[0];
  const draft = await get(page, `/stock-receipts/${id}`);
  equal(`${draft.state} ${draft.lines.length} ${draft.lines[0].quantity}`, "draft 1 5", "nothing is posted by itself");
}

export async function prc_14_labels_are_seen_before_they_are_printed(t) {
  t.allow(/status of 422/);
  const page = await t.open("/products?kind=goods", { as: "director" });
  await page.locator("details.k-menu", { has: page.locator("a[href^='/price-exchange/paper']") }).locator("summary").click();
  await page.locator("a[href^='/price-exchange/paper']").first().click();
  await page.waitForURL("**/price-exchange/paper?kind=goods");
  await page.locator(".k-paper svg text").first().waitFor();
  await t.accessible(page);
  const wide = () => page.locator(".k-paper svg").getAttribute("viewBox");
  equal(await wide(), "0 0 210 297", "a price list on A4");
  await page.locator("input[name=what][value=labels]").check();
  await page.locator("select[name=paper]").selectOption("58x40");
  await page.waitForFunction(() => document.querySelector(".k-paper svg")?.getAttribute("viewBox") === "0 0 58 40");
  await page.locator("select[name=code]").selectOption("qr");
  await page.waitForFunction(() => document.querySelectorAll(".k-paper svg rect").length > 100);
  const href = await page.locator("#paper-shows a.btn-primary").getAttribute("href");
  sure(href.includes("kind=goods") && href.includes("code=qr") && href.includes("paper=58x40"), "the file is what is seen");
  const [kind, length] = await page.evaluate(async to => { const r = await fetch(to); return [r.headers.get("content-type"), (await r.arrayBuffer()).byteLength]; }, href);
  equal(kind, "application/pdf", "the file");
  sure(length > 5_000, "it holds labels");
  // as many labels as a receipt brought
  const receipt = (await get(page, "/stock-receipts?limit=1&state=posted")).items[0];
  await t.goto(page, `/stock-receipts/${receipt.id}`);
  await page.locator(`a[href*='stock_receipt_id=${receipt.id}']`).click();
  await page.locator(".k-paper svg text").first().waitFor();
}
