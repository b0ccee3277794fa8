// Nothing that is shown leads to a page that one may not open: every link of the pages that each role meets.
import { equal, get, sure } from "../lib/api.mjs";

/** Of pages of one kind so many are looked at; links are followed however many there are. */
const OF_A_KIND = 2, PAGES = 260;

/** A page without its ids and numbers. */
const kind = path => path.split("?")[0].replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "ID") + (/tab=\w+/.exec(path)?.[0] ?? "");

async function walked(t, role) {
  const page = await t.open("/", { as: role, lang: "ru" });
  const base = new URL(page.url()).origin, seen = new Map([["/", ""]]), kinds = new Map(), wrong = [];
  const queue = ["/"];
  // Everything that the palette offers stands in the page, or is asked for by what is typed.
  for (let n = 0; queue.length > 0 && n < PAGES; n += 1) {
    const at = queue.shift(), answer = await page.request.get(base + at);
    if (answer.status() !== 200) wrong.push(`${answer.status()} ${at} shown on ${seen.get(at)}`);
    if (answer.status() !== 200 || !(answer.headers()["content-type"] ?? "").includes("html")) continue;
    for (const [, href] of (await answer.text()).matchAll(/\bhref="([^"#][^"]*)"/g)) {
      const url = new URL(href.replaceAll("&amp;", "&"), base), path = url.pathname + url.search;
      if (url.origin !== base || seen.has(path) || /^\/(assets|language|sign-out|api)/.test(path) || path.includes("export")) continue;
      seen.set(path, at);
      const of = kind(path), known = kinds.get(of) ?? 0;
      kinds.set(of, known + 1);
      if (known < OF_A_KIND) queue.push(path);
    }
  }
  sure(kinds.size > 20, `${kinds.size} kinds of pages were met`);
  equal(wrong.join("\n"), "", "links that do not open");
}

export const plt_02_a_director_is_shown_nothing_closed = t => walked(t, "director");
export const plt_02_an_administrator_is_shown_nothing_closed = t => walked(t, "administrator");
export const plt_02_a_manager_is_shown_nothing_closed = t => walked(t, "sales_manager");
export const plt_02_a_salesperson_is_shown_nothing_closed = t => walked(t, "salesperson");
export const plt_02_a_storekeeper_is_shown_nothing_closed = t => walked(t, "storekeeper");
export const plt_02_an_accountant_is_shown_nothing_closed = t => walked(t, "accountant");
export const plt_02_a_field_agent_is_shown_nothing_closed = t => walked(t, "field_agent");

export async function fin_02_a_payment_tells_what_it_closed(t) {
  const page = await t.open("/", { as: "accountant", lang: "ru" });
  const { items } = await get(page, "/payments?state=posted&direction=in&limit=200&fields=number,allocations,unallocated,amount");
  const paid = items.find(p => (p.allocations ?? []).length === 0 && Number(p.unallocated) < Number(p.amount));
  sure(paid, "the demo has a payment that closed something by itself");
  const { items: parts } = await get(page, `/settlement-documents/${paid.id}/parts`);
  await t.goto(page, `/payments/${paid.id}`);
  for (const part of parts) await page.locator(`.k-side a[href='/${part.entity}/${part.record_id}']`, { hasText: part.document.title }).waitFor();
  await t.goto(page, `/settlement-documents/${parts[0].document_id}`);
  await page.locator(`.k-side a[href='/payments/${paid.id}']`).waitFor();
  await page.locator(`.k-side a.btn[href='/${parts[0].entity}/${parts[0].document_id}']`).waitFor();
}

export async function prc_16_a_simulator_without_a_rule_says_one_thing(t) {
  t.allow(/status of 422/);
  const page = await t.open("/price-simulator", { as: "director", lang: "ru" });
  const begin = page.locator("#job-shows .k-empty");
  await begin.waitFor();
  await page.locator("form.k-params[action$='/run'] button[type=submit]").click();
  await page.locator("#price-going [role=alert]").waitFor();
  await begin.waitFor({ state: "hidden" });
}

/** What has to stand in lists on a phone, where the usual choice would tell little. */
const TOLD = { rates: 3, "settlement-documents": 3, companies: 2, "price-types": 2, stages: 2 };

export async function plt_17_lists_of_settings_tell_something_on_a_phone(t) {
  const page = await t.open("/", { as: "administrator", lang: "ru", width: 390 });
  for (const [list, columns] of Object.entries(TOLD)) {
    await t.goto(page, `/${list}`);
    const heads = page.locator(".k-grid thead th:visible");
    await heads.first().waitFor();
    equal(await heads.filter({ hasText: /\S/ }).count(), columns, `columns of ${list}`);
    const named = await page.locator(".k-grid tbody td.nm a").first().evaluate(a => a.scrollWidth <= a.clientWidth).catch(() => true);
    if (list === "rates") sure(named, "the currency is not cut");
    await t.fits(page);
  }
}
