// The demo company: something of everything, twelve months of it.
import { get, sure } from "../lib/api.mjs";

/** What the demo company does not use yet; a name goes from here when it does. */
const EMPTY = [
  "order-types", "payment-forms", "loyalty-programs", "loyalty-cards",
  "price-lists", "price-programs",
  "price-list-mappings", "settlement-stages", "rebates", "rate-feeds",
  "characteristics", "external-ids",
];

export async function ins_01_the_demo_has_something_of_everything(t) {
  const page = await t.open("/", { as: "administrator", lang: "en" });
  const { paths } = await get(page, "/openapi.json");
  const lists = Object.keys(paths).flatMap(p => {
    const [, name] = p.match(/^\/api\/v1\/([a-z-]+)$/) ?? [];
    const asked = paths[p].get?.parameters?.some(x => x.name === "count" || x.$ref?.endsWith("/count"));
    return name && asked ? [name] : [];
  });
  sure(lists.length > 40, `collections: ${lists.length}`);
  const empty = [];
  for (const name of lists) {
    const { count } = await get(page, `/${name}?count=true&limit=1`);
    if (!count && !EMPTY.includes(name)) empty.push(name);
  }
  sure(!empty.length, `nothing in ${empty.join(", ")}`);
}

export async function ins_01_the_demo_has_twelve_months_of_sales(t) {
  const page = await t.open("/", { as: "director", lang: "en" });
  const { items } = await get(page, "/sales-orders?state=confirmed&sort=date&limit=1&fields=date");
  sure(items.length === 1, "an open order");
  const months = new Set();
  for (let after = ""; ; ) {
    const got = await get(page, `/shipments?state=posted&fields=date&limit=500${after}`);
    got.items.forEach(s => months.add(s.date.slice(0, 7)));
    if (!got.next) break;
    after = `&after=${encodeURIComponent(got.next)}`;
  }
  sure(months.size >= 12, `months with shipments: ${[...months].sort().join(" ")}`);
}
