// The board of deals: a card is carried by mouse and by keys, won, lost with a reason.
import { equal, fresh, get, goods, partner, post, sure } from "../lib/api.mjs";

async function board(t, page, name, amount, company) {
  const client = await partner(page, name);
  const own = company ?? (await get(page, "/companies?limit=1")).items[0].id;
  const kind = (await get(page, "/deal-kinds?limit=1")).items[0];
  const stages = (await get(page, `/stages?kind_id=${kind.id}&limit=10`)).items;
  const deal = await post(page, "/deals", { name, partner_id: client.id, company_id: own, kind_id: kind.id, stage_id: stages[0].id, amount, currency: "UAH" });
  await t.goto(page, `/deals?view=board&q=${encodeURIComponent(name)}`);
  const card = page.locator(`.k-dc[data-id='${deal.id}']`);
  await card.waitFor();
  return { deal, card };
}

const stageOf = card => card.evaluate(el => el.closest(".k-col").dataset.stage);
async function moved(page, deal, was) {
  for (let i = 0; i < 50; i += 1) {
    const now = await get(page, `/deals/${deal.id}`);
    if (now.stage_id !== was) return now;
    await page.waitForTimeout(100);
  }
  throw new Error("the deal was not moved");
}

export async function crm_02_a_deal_is_carried_by_keys_and_by_mouse(t) {
  const page = await t.open("/", { as: "director" });
  const { deal, card } = await board(t, page, fresh("Дошка"), "12000");
  await t.accessible(page);
  const first = await stageOf(card);
  await card.focus();
  await page.keyboard.press("Shift+ArrowRight");
  const second = (await moved(page, deal, first)).stage_id;
  equal(await stageOf(card), second, "where the card lies after the keys");
  await page.waitForFunction(id => !document.querySelector(`.k-dc[data-id='${id}']`)?.hasAttribute("aria-busy"), deal.id);
  const target = page.locator(".k-col .cards").nth(2);
  const from = await card.boundingBox(), to = await target.boundingBox();
  await page.mouse.move(from.x + from.width / 2, from.y + from.height - 12);
  await page.mouse.down();
  await page.mouse.move(from.x + from.width / 2 + 12, from.y + from.height, { steps: 4 });
  await page.mouse.move(to.x + to.width / 2, to.y + 30, { steps: 12 });
  await page.mouse.up();
  const third = (await moved(page, deal, second)).stage_id;
  equal(await stageOf(card), third, "where the card lies after the mouse");
}

export const crm_03_a_deal_is_won = t => won(t, "uk");
export const crm_03_a_deal_is_won_in_russian = t => won(t, "ru");
export const crm_03_a_deal_is_won_in_english = t => won(t, "en");

async function won(t, lang) {
  const page = await t.open("/", { as: "director", lang });
  const { deal } = await board(t, page, fresh("Виграш"), "500");
  await t.goto(page, `/deals/${deal.id}`);
  await page.keyboard.press("Control+Enter");
  const dialog = page.locator("dialog#verb-win");
  await dialog.waitFor();
  await dialog.locator("button[type=submit]").click();
  await dialog.waitFor({ state: "hidden" });
  await page.locator("[data-open='#verb-lose']").waitFor({ state: "detached" });
  equal((await get(page, `/deals/${deal.id}`)).state, "won", "the deal");
}

export async function crm_03_a_lost_deal_needs_its_reason(t) {
  t.allow(/status of 422/);
  const page = await t.open("/", { as: "director", lang: "en" });
  const { deal } = await board(t, page, fresh("Lost"), "700");
  await t.goto(page, `/deals/${deal.id}`);
  const dialog = page.locator("dialog#verb-lose");
  await page.locator("[data-open='#verb-lose']").click();
  await dialog.locator("button[type=submit]").click();
  await dialog.locator(".neg").first().waitFor();
  equal((await get(page, `/deals/${deal.id}`)).state, "open", "without a reason");
  const reason = dialog.locator("[data-combobox] input.form-control").first();
  await reason.click();
  const option = dialog.locator("li[role=option]").first();
  await option.waitFor();
  const words = (await option.innerText()).trim();
  await option.click();
  await dialog.locator("button[type=submit]").click();
  await page.locator("dialog#verb-lose[open]").waitFor({ state: "detached" });
  const lost = await get(page, `/deals/${deal.id}`);
  equal(lost.state, "lost", "the deal");
  equal(lost.loss_reason.title, words, "its reason");
  sure((await page.locator("#main").innerText()).includes(words), "the card says why");
}

export const crm_05_a_deal_leads_to_a_quote_and_that_to_an_order = t => toOrder(t, "uk");
export const crm_05_a_deal_leads_to_a_quote_and_that_to_an_order_in_russian = t => toOrder(t, "ru");
export const crm_05_a_deal_leads_to_a_quote_and_that_to_an_order_in_english = t => toOrder(t, "en");

async function toOrder(t, lang) {
  const page = await t.open("/", { as: "director", lang });
  const g = await goods(page);
  const { deal } = await board(t, page, fresh("Основа"), "900", g.company);
  await t.goto(page, `/deals/${deal.id}`);
  await page.locator("#main details.k-menu", { has: page.locator("a[href^='/quotes/new']") }).locator("summary").click();
  await page.locator("#main a[href^='/quotes/new']").first().click();
  await page.waitForURL("**/quotes/new*");
  await page.locator("table[data-lines] td[data-c=sku]").first().click();
  await page.keyboard.type(g.sku);
  await page.locator(".k-sug li[role=option].on").first().waitFor();
  await page.keyboard.press("Enter");
  await page.locator("table[data-lines] td[data-c=quantity] input").waitFor();
  await page.keyboard.type("2");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => /\d/.test(document.querySelector("[data-total=total]")?.textContent ?? ""));
  await page.keyboard.press("Control+Enter");
  await page.waitForURL(/\/quotes\/[0-9a-f-]{36}$/);
  const quote = page.url().split("/").at(-1);
  await page.locator(`nav.k-chain a[href='/deals/${deal.id}']`).waitFor();
  await t.goto(page, `/sales-orders/new?quote_id=${quote}`);
  await page.locator("table[data-lines] td[data-c=sku]", { hasText: g.sku }).first().waitFor();
  await page.locator("table[data-lines] td[data-c=quantity]").first().click();
  await page.keyboard.press("Control+s");
  await page.waitForURL(/\/sales-orders\/[0-9a-f-]{36}$/);
  const order = await get(page, `/sales-orders/${page.url().split("/").at(-1)}`);
  equal(order.quote_id, quote, "what the order is made from");
  equal(Number(order.lines[0].quantity), 2, "its quantity");
  for (const path of [`/deals/${deal.id}`, `/quotes/${quote}`]) await page.locator(`nav.k-chain a[href='${path}']`).waitFor();
}

export async function crm_03_a_card_dropped_on_lost_asks_for_the_reason(t) {
  t.allow(/status of 422/);
  const page = await t.open("/", { as: "director" });
  const { deal, card } = await board(t, page, fresh("Кинуто"), "800");
  const carry = async () => {
    const from = await card.boundingBox(), to = await page.locator(".k-fold[data-verb=lose]").boundingBox();
    await page.mouse.move(from.x + from.width / 2, from.y + from.height - 12);
    await page.mouse.down();
    await page.mouse.move(from.x + from.width / 2 + 12, from.y + from.height, { steps: 4 });
    await page.mouse.move(to.x + to.width / 2, to.y + 160, { steps: 14 });
    await page.mouse.up();
  };
  await carry();
  const dialog = page.locator("dialog#drop-lose");
  await dialog.waitFor();
  await t.accessible(page);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  await card.waitFor();
  equal((await get(page, `/deals/${deal.id}`)).state, "open", "whoever leaves the dialog loses nothing");
  await carry();
  await dialog.waitFor();
  // without a reason it is refused, and the dialog stays with what was typed and what is wrong
  const note = dialog.locator("textarea").first();
  if (await note.count()) await note.fill("Дорого");
  await dialog.locator("button[type=submit]").click();
  await dialog.locator("[data-refused]").waitFor();
  await dialog.locator("[aria-invalid=true]").first().waitFor();
  equal(await page.locator("dialog#problem").count(), 0, "no other window");
  if (await note.count()) equal(await note.inputValue(), "Дорого", "what was typed");
  await t.accessible(page);
  await dialog.locator("[data-combobox] input.form-control").first().click();
  await dialog.locator("li[role=option]").first().click();
  await dialog.locator("button[type=submit]").click();
  await card.waitFor({ state: "detached" });
  const lost = await get(page, `/deals/${deal.id}`);
  equal(lost.state, "lost", "the deal");
  sure(lost.loss_reason?.title, "its reason");
  await page.locator(".k-toast button").first().click();
  await card.waitFor();
  equal((await get(page, `/deals/${deal.id}`)).state, "open", "after undo");
}

export async function crm_03_a_card_is_carried_to_lost_by_keys(t) {
  const page = await t.open("/", { as: "director" });
  const { deal, card } = await board(t, page, fresh("Клавіші"), "650");
  const lost = page.locator(".k-fold[data-verb=lose]");
  const carry = async () => {
    await card.focus();
    await page.keyboard.press("Space");
    const stages = await page.locator(".k-col[data-stage]").count();
    for (let i = 0; i < stages + 1; i += 1) await page.keyboard.press("ArrowRight");
    equal(await lost.evaluate(el => el === document.activeElement), true, "past what is won stands what is lost");
  };
  await carry();
  await t.accessible(page);
  await page.keyboard.press("ArrowLeft");
  equal(await page.locator(".k-fold[data-verb=win]").evaluate(el => el === document.activeElement), true, "one back");
  await page.keyboard.press("Escape");
  equal(await card.evaluate(el => el === document.activeElement && !el.classList.contains("held")), true, "put back");
  equal((await get(page, `/deals/${deal.id}`)).stage_id, deal.stage_id, "its stage");
  await carry();
  await page.keyboard.press("Space");
  const dialog = page.locator("dialog#drop-lose");
  await dialog.waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  equal((await get(page, `/deals/${deal.id}`)).state, "open", "whoever leaves the dialog loses nothing");
  await carry();
  await page.keyboard.press("Enter");
  await dialog.waitFor();
  await dialog.locator("[data-combobox] input.form-control").first().focus();
  await page.keyboard.press("ArrowDown");
  await dialog.locator("li[role=option]").first().waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await card.waitFor({ state: "detached" });
  const closed = await get(page, `/deals/${deal.id}`);
  equal(closed.state, "lost", "the deal");
  sure(closed.loss_reason?.title, "its reason");
}
