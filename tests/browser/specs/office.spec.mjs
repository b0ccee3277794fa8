// A new, empty office: from the one-time code in the log over the first steps to an order whose price is there by itself.
import { equal, get, post, sure } from "../lib/api.mjs";
import { binaryPath, freePort } from "../lib/server.mjs";
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../../..");
const PASSWORD = "a long enough password";

/** Runs `walk` on a server without any data; `at` is the address of its set-up as the log told it. */
async function office(walk) {
  const folder = await mkdtemp(join(tmpdir(), "kontor-office-")), port = await freePort();
  const child = spawn(binaryPath(ROOT), ["serve", "--listen", `127.0.0.1:${port}`, "--data", folder], { stdio: ["ignore", "pipe", "inherit"], cwd: folder });
  const ended = new Promise(done => child.once("exit", done));
  try {
    const at = await new Promise((found, fail) => {
      let said = "";
      child.stdout.on("data", chunk => { said += chunk; const told = /First administrator: (\S+)\n/.exec(said); if (told) found(told[1]); });
      ended.then(code => fail(new Error(`the server ended: ${code}`)));
    });
    await walk(at);
  } finally {
    child.kill("SIGTERM");
    await ended;
    await rm(folder, { recursive: true, force: true });
  }
}

async function enter(page) {
  await page.fill("[name=name]", "Олена");
  await page.fill("[name=login]", "olena");
  await page.fill("[name=password]", PASSWORD);
  await Promise.all([page.waitForURL(url => url.pathname === "/"), page.locator("button[type=submit]").click()]);
}

export const plt_16_the_door_of_a_new_office_speaks_ones_language = t => office(async at => {
  const page = await t.open(at, { lang: "ru", width: 390, theme: "dark" });
  const code = new URL(at).searchParams.get("code");
  for (const lang of ["en", "uk"]) {
    await page.locator(`.k-door a[data-lang=${lang}]`).click();
    await page.waitForFunction(l => document.documentElement.lang === l, lang);
    equal(await page.locator("[name=code]").inputValue(), code, "the code of the log stays");
    sure(!(await page.locator("body").innerText()).includes("⟦"), "every word is translated");
    await t.accessible(page);
    await t.fits(page);
  }
  await enter(page);
  const again = await t.open(at, { lang: "en" });
  equal(new URL(again.url()).pathname, "/sign-in", "who comes once more signs in");
  // Pages listen to their server; they go before it does.
  for (const p of [page, again]) await p.context().close();
});

const file = (name, text) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });

async function saved(page) {
  await Promise.all([page.waitForURL(/\/[0-9a-f-]{36}$/), page.locator("form.k-form button[type=submit]").first().click()]);
}

export const plt_16_the_first_steps_of_an_office_lead_to_a_price = t => office(async at => {
  t.allow(/status of 422/);
  const base = new URL(at).origin, page = await t.open(at, { lang: "uk" });
  const next = async where => {
    await t.goto(page, `${base}/`);
    equal(await page.locator(".k-steps .now a").first().getAttribute("href"), where, "the next step");
  };
  await enter(page);
  await t.accessible(page);
  await next("/companies/new");
  await t.goto(page, `${base}/companies/new`);
  await page.fill("[name=name]", "Ромашка");
  await page.selectOption("[name=currency]", "UAH");
  await page.selectOption("[name=country]", "UA");
  await saved(page);
  equal((await page.locator(".k-org b").innerText()).trim(), "Ромашка", "the office bears its name at once");
  await next("/warehouses/new");
  await t.goto(page, `${base}/warehouses/new`);
  await page.fill("[name=name]", "Основний");
  await saved(page);

  await next("/products/new");
  await t.goto(page, `${base}/list/products/import`);
  await page.locator("form.k-import input[type=file]").setInputFiles(file("goods.csv", "Прайс;;;\nАртикул;Товар;Од. вим.;Ставка ПДВ;Залишок\nA-1;Кабель;м;20%;5\n"));
  const run = page.locator(".k-importing button[data-main]");
  await run.click();
  await page.locator("#import-told select[aria-label='Залишок']").waitFor();
  equal(await page.locator("#import-told b.neg").count(), 0, "a head that is not known is a question, no error");
  await run.click();
  await page.locator("#import-told a[href='/products']").waitFor();
  sure(!(await page.locator("#import-told select").first().isVisible()), "what was asked is folded away");

  await next("/price-types/new");
  await t.goto(page, `${base}/price-types/new`);
  equal(await page.locator("[name=currency]").inputValue(), "UAH", "the currency of our company");
  equal(await page.locator("[name=method]").inputValue(), "manual", "prices are typed or loaded first");
  sure(await page.locator("input[type=checkbox][name=is_default]").isChecked(), "the first price type is the usual one");
  await page.fill("[name=name]", "Роздріб");
  await saved(page);

  await next("/list/prices/import");
  await t.goto(page, `${base}/list/prices/import`);
  await page.locator("form.k-import input[type=file]").setInputFiles(file("prices.csv", "Артикул;Опис;Ціна роздріб\nA-1;Кабель;48,35\n"));
  await run.click();
  const type = page.locator("#import-told select[name='const.price_type_id']");
  await type.waitFor();
  equal(await type.inputValue(), "Роздріб", "the only price type is chosen");
  await t.accessible(page);
  await run.click();
  await page.locator("#import-told a[href='/prices']").waitFor();

  await next("/stock-receipts/new");
  await t.goto(page, `${base}/stock-receipts/new`);
  equal(await page.locator("[name=warehouse_id__title]").inputValue(), "Основний", "the only warehouse");
  const [company, goods] = await Promise.all(["companies", "products"].map(async c => (await get(page, `/${c}?limit=1`)).items[0]));
  const receipt = await post(page, "/stock-receipts", { company_id: company.id, lines: [{ product_id: goods.id, quantity: "10", cost: "30" }] });
  await post(page, `/stock-receipts/${receipt.id}/post`, {});
  await next("/partners/new");
  const client = await post(page, "/partners", { name: "Перший", roles: ["client"] });
  await next("/users/new");
  equal(await page.locator(".k-steps > li:last-child a").first().getAttribute("href"), "/sales-orders/new", "what all of it is for");

  await t.goto(page, `${base}/deals`);
  await page.locator(".k-board .k-empty a[href^='/deals/new']").waitFor();
  await t.accessible(page);
  const order = await post(page, "/sales-orders", { company_id: company.id, partner_id: client.id, lines: [{ product_id: goods.id, quantity: "2" }] });
  equal(order.lines[0].price, "48.35", "the price by itself");
  equal(goods.vat_rate, "ua20", "the rate of VAT by its percent");
  await page.context().close();
});
