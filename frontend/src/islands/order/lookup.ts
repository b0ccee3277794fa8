// Finding products by article, name or barcode, one while typing or a whole pasted table.
import { get, type Row } from "../../lib/api.ts";
import { add, typed } from "../../lib/decimal.ts";
import { text } from "./model.ts";

const FIELDS = "title,name,sku,unit_id,barcode";
export const products = async (q: string, limit: number, signal?: AbortSignal): Promise<Row[]> =>
  (await get<Row & { items: Row[] }>(`/products?q=${encodeURIComponent(q)}&limit=${limit}&fields=${FIELDS}`, signal)).items;

/** The same, or what the same keys write in the Latin layout, where nothing is called so. */
export async function either(q: string, other: string | null, limit: number, signal?: AbortSignal): Promise<{ q: string; found: Row[] }> {
  const found = await products(q, limit, signal);
  if (found.length || !other) return { q, found };
  return { q: other, found: await products(other, limit, signal) };
}

/** The one product that `q` names exactly: by article, by barcode, or because nothing else was found. */
export function exact(q: string, found: Row[]): Row | null {
  const same = found.filter(p => text(p["sku"]).toLocaleLowerCase() === q.toLocaleLowerCase() || text(p["barcode"]).toLocaleLowerCase() === q.toLocaleLowerCase());
  if (same.length === 1) return same[0] ?? null;
  return found.length === 1 ? found[0] ?? null : null;
}

/** Articles and units of products by id, for lines that came without them. */
export async function byId(ids: string[]): Promise<Map<string, Row>> {
  const out = new Map<string, Row>();
  for (let i = 0; i < ids.length; i += 200) {
    const { items } = await get<Row & { items: Row[] }>(`/products?id.in=${ids.slice(i, i + 200).join(",")}&limit=200&fields=title,sku,unit_id`);
    for (const p of items) out.set(text(p["id"]), p);
  }
  return out;
}

/** What is free of each product, in one warehouse or in all. Nothing on record is nothing free. */
export async function available(ids: string[], warehouse: string): Promise<Map<string, string>> {
  const out = new Map<string, string>(ids.map(id => [id, "0"]));
  for (let i = 0; i < ids.length; i += 200) {
    const { items } = await get<Row & { items: Row[] }>(`/stock?product_id.in=${ids.slice(i, i + 200).join(",")}${warehouse ? `&warehouse_id=${warehouse}` : ""}`);
    for (const r of items) out.set(text(r["product_id"]), add(out.get(text(r["product_id"])) ?? "0", text(r["available"])));
  }
  return out;
}

export interface Pasted { what: string; quantity: string }

/** Rows of a table copied from a spreadsheet: the first cell names the product, the first figure after it is the quantity. */
export function table(tsv: string): Pasted[] {
  return tsv.replace(/\r/g, "").split("\n").filter(r => r.trim()).map(r => {
    const cells = r.split("\t").map(c => c.trim());
    const first = cells.findIndex(c => c !== "");
    const figure = cells.slice(first + 1).map(typed).find(v => v !== null);
    return { what: cells[first] ?? "", quantity: figure ?? "1" };
  });
}

/** Products for many typed texts: articles and barcodes in pages of 100, the rest one by one, six at a time. */
export async function many(texts: string[]): Promise<Map<string, Row | "many" | null>> {
  const out = new Map<string, Row | "many" | null>(texts.map(t => [t, null]));
  const by = async (field: string) => {
    const open = [...out].filter(([, v]) => v === null).map(([k]) => k).filter(k => !k.includes(","));
    for (let i = 0; i < open.length; i += 100) {
      const part = open.slice(i, i + 100);
      const { items } = await get<Row & { items: Row[] }>(`/products?${field}.in=${part.map(encodeURIComponent).join(",")}&limit=500&fields=${FIELDS}`);
      for (const p of items) {
        const key = part.find(k => k.toLocaleLowerCase() === text(p[field]).toLocaleLowerCase());
        if (key !== undefined) out.set(key, out.get(key) ? "many" : p);
      }
    }
  };
  await by("sku");
  await by("barcode");
  const rest = [...out].filter(([, v]) => v === null).map(([k]) => k).slice(0, 60);
  for (let i = 0; i < rest.length; i += 6) {
    await Promise.all(rest.slice(i, i + 6).map(async k => {
      const found = await products(k, 3);
      out.set(k, exact(k, found) ?? (found.length > 1 ? "many" : null));
    }));
  }
  return out;
}
