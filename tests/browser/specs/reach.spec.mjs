// Whom to call and what about: the card of a contact, of a task and of a talk; a payment in its chain.
import { equal, fresh, get, partner, post, sure } from "../lib/api.mjs";

export const ptr_03_a_contact_is_reached_from_its_card = t => reached(t, "uk", 1440, "light");
export const ptr_03_a_contact_is_reached_from_its_card_on_a_phone = t => reached(t, "ru", 390, "dark");
export const ptr_03_a_contact_is_reached_from_its_card_in_english = t => reached(t, "en", 1440, "dark");

async function reached(t, lang, width, theme) {
  const page = await t.open("/", { as: "director", lang, width, theme });
  const client = await partner(page, fresh("Контактний"));
  const contact = await post(page, "/contacts", {
    full_name: fresh("Олена Бондар"), partner_id: client.id, position: "закупівлі", decision_role: "decides",
    phones: [{ value: "+380671112233", kind: "mobile" }], emails: [{ value: "o@clients.example", kind: "work" }],
  });
  await t.goto(page, `/contacts/${contact.id}`);
  const answers = page.locator(".k-answers");
  await answers.locator("a[href='tel:+380671112233']").waitFor();
  sure((await answers.locator("a[href^='tel:']").innerText()).replace(/\s/g, " ") === "+380 67 111 22 33", "the number as people read it");
  equal(await answers.locator("a[href='mailto:o@clients.example']").count(), 1, "a mail");
  equal(await answers.locator(`a[href='/partners/${client.id}']`).count(), 1, "the partner");
  sure(!(await page.locator("body").innerText()).includes("⟦"), "every word is translated");
  await t.fits(page);
  if (width > 600) await t.accessible(page);
  const task = await post(page, "/tasks", { subject: fresh("Передзвонити"), kind: "call", contact_id: contact.id, partner_id: client.id, due_at: "2030-01-10T10:00:00Z" });
  await t.goto(page, `/contacts/${contact.id}`);
  await page.locator(`.k-answers .next a[href='/tasks/${task.id}']`).waitFor();
  await t.goto(page, `/tasks/${task.id}`);
  await page.locator(".k-side a[href='tel:+380671112233']").waitFor();
  await page.locator(`.k-side a[href='/contacts/${contact.id}']`).waitFor();
}

export async function fin_02_a_payment_of_an_order_stands_in_its_chain(t) {
  const page = await t.open("/", { as: "director" });
  const { items } = await get(page, "/payments?sales_order_id.empty=false&state=posted&limit=1&fields=sales_order_id,number");
  await t.goto(page, `/payments/${items[0].id}`);
  await page.locator(`nav.k-chain a[href='/sales-orders/${items[0].sales_order_id}']`).waitFor();
  await page.locator("nav.k-chain", { hasText: items[0].number }).waitFor();
  const kept = page.locator("details.k-frozen");
  await kept.locator("summary").click();
  sure((await kept.innerText()).length > 40, "the parties as they were");
}
