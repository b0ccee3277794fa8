// The order editor beyond the chain: what to offer instead, two people at the same lines, no scripts at all.
import { api, equal, fresh, get, goods, partner, post, sure } from "../lib/api.mjs";

async function draft(page, lines) {
  const g = await goods(page);
  const client = await partner(page, fresh("Редактор"));
  const others = (await get(page, "/products?limit=3&kind=goods&fields=sku,name")).items;
  const made = await post(page, "/sales-orders", { partner_id: client.id, company_id: g.company, warehouse_id: g.warehouse, lines: lines(g, others) });
  return { g, others, order: made };
}

export async function sal_06_instead_of_what_is_short_the_same_category_is_offered(t) {
  const page = await t.open("/", { as: "sales_manager" });
  const { order, g } = await draft(page, g => [{ product_id: g.product, quantity: String(g.free + 100) }]);
  await t.goto(page, `/sales-orders/${order.id}`);
  await page.locator("table[data-lines] td[data-c=quantity]").first().click();
  await page.keyboard.press("F8");
  const panel = page.locator("[data-why]");
  await panel.locator(".k-subs button").first().waitFor();
  await panel.locator(".k-plain tbody tr").first().waitFor();
  sure(/\d/.test(await panel.locator(".k-subs button .n").first().innerText()), "with a price for this document");
  await t.accessible(page);
  await t.fits(page);
  await t.shot(page, "order-substitutes-1440-light");
  const sku = (await panel.locator(".k-subs button .cut").nth(1).innerText()).trim();
  await panel.locator(".k-subs button").first().click();
  await page.locator("table[data-lines] td[data-c=sku]", { hasText: sku }).first().waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+s");
  for (let i = 0; i < 50; i += 1) {
    const now = await get(page, `/sales-orders/${order.id}`);
    if (now.lines[0].product_id !== g.product) return equal(Number(now.lines[0].quantity), g.free + 100, "the quantity stays");
    await page.waitForTimeout(100);
  }
  throw new Error("the product was not replaced");
}

export async function plt_13_lines_that_two_changed_are_settled_one_by_one(t) {
  t.allow(/status of 409/);
  const mine = await t.open("/", { as: "sales_manager" });
  const { order } = await draft(mine, (g, others) => [{ product_id: g.product, quantity: "1" }, { product_id: others[0].id, quantity: "2" }, { product_id: others[1].id, quantity: "3" }]);
  await t.goto(mine, `/sales-orders/${order.id}`);
  const cell = n => mine.locator("table[data-lines] tbody tr").nth(n).locator("td[data-c=quantity]");
  await cell(0).waitFor();
  const theirs = await t.open("/", { as: "director" });
  const now = await get(theirs, `/sales-orders/${order.id}`);
  const lines = now.lines.map((l, i) => ({ id: l.id, product_id: l.product_id, quantity: ["11", "22", "3"][i] }));
  await api(theirs, "PATCH", `/sales-orders/${order.id}`, { version: now.version, lines });
  for (const [n, quantity] of [[0, "111"], [2, "333"]]) {
    await cell(n).click();
    await mine.keyboard.type(quantity);
    await mine.keyboard.press("Enter");
  }
  await mine.keyboard.press("Control+s");
  const dialog = mine.locator("dialog[aria-labelledby=conflict-title]");
  await dialog.waitFor();
  equal(await dialog.locator("tbody tr").count(), 3, "three lines were changed");
  equal(await dialog.locator("tbody tr.clash").count(), 1, "one by both of us");
  await t.accessible(mine);
  await t.shot(mine, "order-conflict-1440-light");
  // the line that both changed: theirs
  await dialog.locator("tbody tr.clash input[type=radio]").first().check();
  await dialog.locator(".acts .btn-primary").click();
  await dialog.waitFor({ state: "detached" });
  for (let i = 0; i < 50; i += 1) {
    const done = await get(mine, `/sales-orders/${order.id}`);
    const found = done.lines.map(l => Number(l.quantity)).join();
    if (found === "11,22,333") return;
    await mine.waitForTimeout(100);
  }
  throw new Error(`lines: ${(await get(mine, `/sales-orders/${order.id}`)).lines.map(l => l.quantity)}`);
}

export async function sal_03_without_scripts_a_line_is_added_by_its_article(t) {
  t.allow(/request failed: GET .*\.js csp/);
  const help = await t.open("/", { as: "sales_manager" });
  const { order, others } = await draft(help, g => [{ product_id: g.product, quantity: "1" }]);
  const page = await t.open(`/sales-orders/${order.id}`, { as: "sales_manager", scripts: false });
  await page.locator("[name='lines[1][product_id]__title']").fill(others[0].sku);
  await page.locator("[name='lines[1][quantity]']").fill("7");
  await page.locator("form[data-island=order-grid] button[type=submit]:not([name=verb])").first().click();
  await page.waitForURL(/\/sales-orders\/[0-9a-f-]{36}$/);
  const now = await get(help, `/sales-orders/${order.id}`);
  equal(now.lines.length, 2, "lines");
  equal([now.lines[1].product_id, Number(now.lines[1].quantity)].join(), [others[0].id, 7].join(), "the new line");
}
