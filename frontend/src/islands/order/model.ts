// The document as the grid holds it: lines typed by a person beside what the server last said about them.
import type { FieldProblem, Json, Row } from "../../lib/api.ts";
import { plain, scaled } from "../../lib/decimal.ts";

export interface Line {
  /** id of a saved line, kept when it is saved again */
  id: string | null;
  product: string | null;
  /** what was typed and found no product yet */
  typed: string;
  sku: string;
  name: string;
  unit: string;
  unitId: string | null;
  quantity: string;
  /** set by hand; null asks the rules */
  price: string | null;
  discount: string | null;
  /** other editable columns, e.g. cost of a receipt */
  extra: Record<string, string>;
  /** the line of the last answer */
  server: Row | null;
  /** free in stock, asked once per product */
  free: string;
  errors: Record<string, string>;
}

/** What a line may hold without a column for it: sent back as it came. */
const KEPT = ["supply", "ship_on", "warehouse_id", "note"];

export const empty = (): Line => ({ id: null, product: null, typed: "", sku: "", name: "", unit: "", unitId: null, quantity: "", price: null, discount: null, extra: {}, server: null, free: "", errors: {} });
export const isBlank = (l: Line): boolean => !l.product && !l.typed && !l.quantity;

export const text = (v: Json | undefined): string => (typeof v === "string" ? v : typeof v === "number" ? String(v) : "");
const obj = (v: Json | undefined): Row | null => (v && typeof v === "object" && !Array.isArray(v) ? v : null);
export const title = (v: Json | undefined): string => text(obj(v)?.["title"]) || text(obj(v)?.["name"]) || text(v);

/** Whether the server says that a person set this figure. */
const byHand = (r: Row, what: string): boolean => [`${what}_by_hand`, `${what}_is_manual`, `${what}_manual`, `manual_${what}`].some(k => r[k] === true) || r[`${what}_source`] === "manual";

export function fromServer(r: Row, edits: string[]): Line {
  const l = empty();
  const product = obj(r["product"]);
  l.id = text(r["id"]) || null;
  l.product = text(product?.["id"]) || text(r["product_id"]) || null;
  l.quantity = text(r["quantity"]);
  l.price = byHand(r, "price") ? text(r["price"]) : null;
  l.discount = byHand(r, "discount") || byHand(r, "discount_percent") ? text(r["discount_percent"]) : null;
  for (const k of [...edits, ...KEPT]) {
    const v = text(r[k]) || text(obj(r[k.replace(/_id$/, "")])?.["id"]);
    if (v) l.extra[k] = v;
  }
  take(l, r);
  return l;
}

/** Takes over what an answer says about a line; what the person typed stays. */
export function take(l: Line, r: Row): void {
  const product = obj(r["product"]), unit = obj(r["unit"]);
  l.server = r;
  l.sku = text(r["sku"]) || text(product?.["sku"]) || l.sku;
  l.name = title(r["product"]) || l.name;
  l.unit = title(r["unit"]) || text(unit?.["code"]) || l.unit;
  l.unitId = text(unit?.["id"]) || text(r["unit_id"]) || l.unitId;
}

/** A product of `GET /products`. */
export function takeProduct(l: Line, p: Row): void {
  l.product = text(p["id"]);
  l.typed = "";
  l.sku = text(p["sku"]);
  l.name = title(p["title"]) || text(p["name"]);
  l.unit = title(p["unit"]) || text(obj(p["unit"])?.["code"]);
  l.unitId = text(obj(p["unit"])?.["id"]) || null;
  l.server = null;
  l.free = "";
  l.price = null;
  l.discount = null;
  l.errors = {};
}

/** Takes a way out: fields of a line as the API names them. */
export function setFields(l: Line, set: Row): void {
  for (const [k, v] of Object.entries(set)) {
    if (k === "quantity") l.quantity = text(v);
    else if (k === "price") l.price = text(v) || null;
    else if (k === "discount_percent") l.discount = text(v) || null;
    else l.extra[k] = text(v);
  }
}

export function toInput(l: Line): Row {
  const r: Row = { product_id: l.product, quantity: l.quantity || "1" };
  if (l.id) r["id"] = l.id;
  if (l.unitId) r["unit_id"] = l.unitId;
  if (l.price !== null) r["price"] = l.price;
  if (l.discount !== null) r["discount_percent"] = l.discount;
  for (const [k, v] of Object.entries(l.extra)) r[k] = v;
  return r;
}

/** What a column shows: what was typed, else what the server said. */
export function value(l: Line, col: string): string {
  switch (col) {
    case "sku": return l.typed || l.sku;
    case "name": return l.name;
    case "unit": return l.unit;
    case "quantity": return l.quantity;
    case "price": return l.price ?? text(l.server?.["price"]);
    case "discount_percent": return l.discount ?? text(l.server?.["discount_percent"]);
    case "available": return text(l.server?.["available"]) || l.free;
    case "margin_percent": return text(l.server?.["margin_percent"]) || margin(l.server);
    default: return l.extra[col] ?? (title(l.server?.[col]) || text(l.server?.[col]));
  }
}

/** Margin in percent of the net amount, one decimal; empty while the cost is not known. */
function margin(r: Row | null): string {
  const amount = scaled(text(r?.["amount"])), cost = scaled(text(r?.["cost"]));
  if (!r || cost === 0n || amount === 0n) return "";
  const net = r["vat_included"] === true ? amount - scaled(text(r["vat_amount"])) : amount;
  if (net === 0n) return "";
  const tenths = ((net - cost) * 2000n + (net < 0n ? -net : net)) / (2n * net);
  return plain(tenths * 10n ** 7n);
}

/** `lines.3.quantity` → [3, "quantity"]; anything else is of the header. */
export function place(field: string): [number, string] | null {
  const m = /^lines[.[](\d+)\]?[.[]?(\w*)/.exec(field);
  return m ? [Number(m[1]), m[2] || "sku"] : null;
}

export const column = (field: string): string => ({ product_id: "sku", product: "sku", unit_id: "unit", discount: "discount_percent" })[field] ?? field;
export type { FieldProblem };
