// Many lines at once: a table pasted from a spreadsheet, the lines of the partner's last order.
import { get, type Row } from "../../lib/api.ts";
import { t } from "../../lib/texts.ts";
import { many, table } from "./lookup.ts";
import { empty, fromServer, takeProduct, text, type Line } from "./model.ts";

/** Lines as they were pasted; their products are still to be found. */
export const pasted = (tsv: string): Line[] => table(tsv).map(r => ({ ...empty(), typed: r.what, quantity: r.quantity }));

/** Finds the products of pasted lines; what is not found or not clear says so in its cell. Answers how many. */
export async function resolve(fresh: Line[]): Promise<number> {
  const found = await many([...new Set(fresh.map(l => l.typed))]);
  let missing = 0;
  for (const l of fresh) {
    const p = found.get(l.typed);
    if (p && p !== "many") {
      const quantity = l.quantity;
      takeProduct(l, p);
      l.quantity = quantity;
    } else {
      missing++;
      l.errors["sku"] = t(p === "many" ? "product-unclear" : "nothing-found", { q: l.typed });
    }
  }
  return missing;
}

/** Products and quantities of the latest other document of this partner; prices are asked anew. Errors are for people. */
export async function linesOfLast(collection: string, partner: string, self: string): Promise<Line[]> {
  if (!partner) throw new Error(t("partner-first"));
  const { items } = await get<Row & { items: Row[] }>(`/${collection}?partner_id=${partner}&sort=-date&limit=2&fields=id`);
  const last = items.map(i => text(i["id"])).find(i => i && i !== self);
  if (!last) throw new Error(t("no-last-order"));
  const doc = await get<Row>(`/${collection}/${last}`);
  return (Array.isArray(doc["lines"]) ? (doc["lines"] as Row[]) : []).map(r => ({ ...fromServer(r, []), id: null, price: null, discount: null, server: null }));
}
