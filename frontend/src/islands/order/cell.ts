// What is typed into a cell becomes a value of its line: a number as the API takes it, or the product that is meant.
import { message } from "../../lib/api.ts";
import { typed } from "../../lib/decimal.ts";
import { t } from "../../lib/texts.ts";
import { either, exact } from "./lookup.ts";
import { takeProduct, text, type Line } from "./model.ts";

/** False where a number was wanted: the cell says so and keeps what it had. An empty price or discount is the rules' again. */
export function typeInto(l: Line, col: string, v: string, numeric: boolean): boolean {
  if (v === "" && (col === "price" || col === "discount_percent")) {
    if (col === "price") l.price = null; else l.discount = null;
  } else if (numeric) {
    const n = typed(v);
    if (n === null) { l.errors[col] = t("not-a-number"); return false; }
    if (col === "quantity") l.quantity = n;
    else if (col === "price") l.price = n === text(l.server?.["price"]) && l.price === null ? null : n;
    else if (col === "discount_percent") l.discount = n;
    else l.extra[col] = n;
  } else l.extra[col] = v;
  return true;
}

/** Finds the product that was typed; false where something else has been typed since, and the answer says nothing. */
export async function lookUp(line: Line, what: string, other: string | null): Promise<boolean> {
  try {
    const { q, found } = await either(what, other, 8);
    if (line.typed !== what) return false;
    const p = exact(q, found);
    if (p) takeProduct(line, p);
    else line.errors["sku"] = t("product-unclear", { q: what });
    if (p && !line.quantity) line.quantity = "1";
  } catch (e) {
    line.errors["sku"] = message(e);
  }
  return true;
}
