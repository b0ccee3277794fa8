// Two people changed the lines of one document: line by line, what it was, theirs, mine, and whose is taken.
import type { Row } from "../../lib/api.ts";
import { local, percent, plain, scaled } from "../../lib/decimal.ts";
import { h, uid } from "../../lib/dom.ts";
import { t } from "../../lib/texts.ts";
import { text } from "./model.ts";

export type Whose = "theirs" | "yours";
/** One line in the three versions; null where it is not there. */
export interface Three { base: Row | null; theirs: Row | null; yours: Row | null; clash: boolean; taken: Whose }

/** What tells two versions of a line apart. Prices and discounts count only where a person set them. */
function essence(r: Row | null): string {
  if (!r) return "";
  const figure = (v: unknown) => (text(v as never) ? plain(scaled(text(v as never))) : "");
  const byHand = (what: string, flag: string) => (r[flag] === false ? "" : figure(r[what]));
  return [text(r["product_id"]), figure(r["quantity"]), byHand("price", "manual_price"), byHand("discount_percent", "manual_discount"), text(r["ship_on"]), text(r["warehouse_id"]), text(r["note"])].join("\u0001");
}

/** Lines by their ids, in their order, mine that are new after them. What only one of us changed is his. */
export function compare(base: Row[], theirs: Row[], yours: Row[]): Three[] {
  const by = (rows: Row[]) => new Map(rows.filter(r => text(r["id"])).map(r => [text(r["id"]), r]));
  const [b, th, y] = [by(base), by(theirs), by(yours)];
  const ids = [...new Set([...th.keys(), ...y.keys(), ...b.keys()])];
  const known = ids.map((id): Three => {
    const three = { base: b.get(id) ?? null, theirs: th.get(id) ?? null, yours: y.get(id) ?? null };
    const [was, his, mine] = [essence(three.base), essence(three.theirs), essence(three.yours)];
    return { ...three, clash: his !== was && mine !== was && his !== mine, taken: mine !== was ? "yours" : "theirs" };
  });
  return [...known, ...yours.filter(r => !text(r["id"])).map((r): Three => ({ base: null, theirs: null, yours: r, clash: false, taken: "yours" }))];
}

export const changed = (l: Three): boolean => essence(l.base) !== essence(l.theirs) || essence(l.base) !== essence(l.yours);

/** The lines as they were settled. */
export const settled = (all: Three[]): { row: Row; whose: Whose }[] => all.flatMap(l => { const row = l[l.taken]; return row ? [{ row, whose: l.taken }] : []; });

/** The rows of the dialog: only lines that somebody changed. `name` tells a product by its id. */
export function table(all: Three[], name: (product: string) => string, theirs: string): HTMLElement {
  const version = (r: Row | null) => {
    if (!r) return h("span", { class: "m2" }, t("no-line"));
    const price = r["manual_price"] === false ? "" : text(r["price"]), off = r["manual_discount"] === false ? "" : text(r["discount_percent"]);
    return h("span", {}, h("span", { class: "cut" }, name(text(r["product_id"]))), h("b", { class: "b5 n" }, local(text(r["quantity"]) || "1"), price ? ` × ${local(price, 2)}` : "", off ? ` − ${percent(off)}` : ""));
  };
  const row = (l: Three, n: number) => {
    const group = uid("whose");
    const choice = (whose: Whose) => h("td", { "data-label": whose === "theirs" ? theirs : t("yours"), class: essence(l[whose]) === essence(l.base) ? "m2" : null }, h("label", { class: "k-check" }, h("input", { type: "radio", class: "form-check-input", name: group, checked: l.taken === whose, change: () => { l.taken = whose; } }), version(l[whose])));
    return h("tr", { class: l.clash ? "clash" : null }, h("td", { class: "m2" }, n + 1), h("td", { class: "m2", "data-label": t("was") }, version(l.base)), choice("theirs"), choice("yours"));
  };
  return h("div", { class: "k-lconf" }, h("table", { class: "k-plain" },
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "№"), h("th", { scope: "col" }, t("was")), h("th", { scope: "col" }, theirs), h("th", { scope: "col" }, t("yours")))),
    h("tbody", {}, ...all.flatMap((l, n) => (changed(l) ? [row(l, n)] : [])))));
}
