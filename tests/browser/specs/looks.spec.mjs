// On a phone and in the dark: nothing sticks out sideways, everything is there to be read.
import { get, sure } from "../lib/api.mjs";

/** Pictures at 390 px in light and dark; each is checked for what sticks out and once for who cannot see it well. */
async function phone(t, as, name, path, ready) {
  for (const theme of ["light", "dark"]) {
    const page = await t.open(path, { as, width: 390, theme });
    await page.locator(ready).first().waitFor();
    await t.shot(page, `${name}-390-${theme}`);
    await t.fits(page);
    if (theme === "dark") await t.accessible(page);
    await page.context().close();
  }
}

export async function plt_11_a_phone_shows_home_and_a_list(t) {
  await phone(t, "salesperson", "home", "/", "#main h1");
  await phone(t, "salesperson", "partners", "/partners", "tbody > tr[data-id]");
}

export async function plt_11_a_phone_shows_a_card_and_an_order(t) {
  const page = await t.open("/", { as: "director" });
  const order = (await get(page, "/sales-orders?state=confirmed&limit=1")).items[0];
  sure(order, "the demo has a confirmed order");
  await page.context().close();
  await phone(t, "director", "partner", `/partners/${order.partner_id}`, "#main h1");
  await phone(t, "director", "order", `/sales-orders/${order.id}`, "#main h1");
  await phone(t, "director", "order-new", `/sales-orders/new?partner_id=${order.partner_id}`, "table[data-lines] td");
}

export async function plt_11_a_row_of_a_list_is_opened_by_a_touch(t) {
  const page = await t.open("/partners", { as: "salesperson", width: 390 });
  const row = page.locator("tbody > tr[data-id]").first();
  const href = await row.getAttribute("data-href");
  await row.locator("td:visible").last().tap();
  await page.waitForURL(`**${href}`);
  await t.fits(page);
}

export async function plt_11_pages_stand_in_the_dark_on_a_desk(t) {
  for (const [path, ready] of [["/", "#main h1"], ["/deals", ".k-board .k-dc"], ["/reports/sales", "[data-island=chart] svg"]]) {
    const page = await t.open(path, { as: "director", theme: "dark" });
    await page.locator(ready).first().waitFor();
    await t.accessible(page);
    await t.fits(page);
    await t.shot(page, `dark${path.replaceAll("/", "-")}-1440`);
    await page.context().close();
  }
}
