// F8: where the product of a line lies, and what of the same category is in stock, with its price for this very document.
import { call, get, message, type Row } from "../../lib/api.ts";
import { less, local } from "../../lib/decimal.ts";
import { h, icon } from "../../lib/dom.ts";
import { t } from "../../lib/texts.ts";
import { available } from "./lookup.ts";
import { text, title, type Line } from "./model.ts";

/** Products looked through, and offered. */
const LOOKED = 100, OFFERED = 12;

export interface Asked {
  line: Line;
  at: number;
  warehouse: string;
  /** The document with these lines, as its pricing takes it; null while it cannot be priced. */
  question: (lines: Row[]) => Row | null;
  preview: string;
  choose: (product: Row) => void;
  close: () => void;
}

type Items = Row & { items: Row[] };

/** Fills `panel`; answers when it is filled, also when something refused (then that stands there). */
export async function substitutes(panel: HTMLElement, a: Asked): Promise<void> {
  const head = h("div", { class: "k-sec tight" },
    h("div", { class: "row-f sp" }, h("h2", {}, t("substitutes")), h("span", { class: "row-f g2" }, h("span", { class: "k-hint" }, h("kbd", {}, "F8")), h("button", { type: "button", class: "k-icb", "aria-label": t("close"), click: a.close }, icon("x")))),
    h("p", { class: "s12 m1 cut" }, [t("line-n", { n: a.at + 1 }), a.line.sku || a.line.name, `${local(a.line.quantity || "1")} ${a.line.unit}`].filter(Boolean).join(" · ")));
  panel.replaceChildren(head);
  try {
    const [stock, product] = await Promise.all([get<Items>(`/stock?product_id=${a.line.product}`), get<Row>(`/products/${a.line.product}`)]);
    panel.append(places(stock.items, a.warehouse));
    const others = await offered(a, text(product["category_id"]));
    panel.append(h("div", { class: "k-sec tight" }, h("header", {}, h("h3", {}, t("same-category"), h("i", {}, title(product["category"])))),
      others.length ? h("ul", { class: "k-subs" }, ...others.map(o => one(o, a))) : h("p", { class: "m2" }, t("none-in-stock"))));
  } catch (e) {
    panel.append(h("div", { class: "k-sec m2" }, message(e)));
  }
}

function places(rows: Row[], here: string): HTMLElement {
  const free = rows.filter(r => text(r["available"]) !== "0");
  const row = (r: Row) => h("tr", { class: text(r["warehouse_id"]) === here ? "b5" : null }, h("td", {}, title(r["warehouse"])), h("td", { class: "r n" }, local(text(r["on_hand"]))), h("td", { class: "r n m2" }, local(text(r["reserved"]))), h("td", { class: "r n" }, local(text(r["available"]))));
  return h("div", { class: "k-sec tight" }, h("header", {}, h("h3", {}, t("by-warehouse"))),
    free.length ? h("table", { class: "k-plain" }, h("thead", {}, h("tr", {}, ...["warehouse", "on-hand", "reserved", "available"].map((k, i) => h("th", { scope: "col", class: i ? "r" : null }, t(k))))), h("tbody", {}, ...free.map(row))) : h("p", { class: "m2" }, t("none-in-stock")));
}

interface Offer { product: Row; free: string; price: string }

async function offered(a: Asked, category: string): Promise<Offer[]> {
  if (!category) return [];
  const { items } = await get<Items>(`/products?category_id=${category}&limit=${LOOKED}&fields=title,name,sku,unit_id,barcode`);
  const found = items.filter(p => text(p["id"]) !== a.line.product);
  if (!found.length) return [];
  const free = await available(found.map(p => text(p["id"])), a.warehouse);
  const amount = (p: Row) => free.get(text(p["id"])) ?? "0";
  // what is enough for the line comes first, then what there is
  const enough = (p: Row) => !less(amount(p), a.line.quantity || "1");
  const some = found.filter(p => less("0", amount(p))).sort((x, y) => Number(enough(y)) - Number(enough(x))).slice(0, OFFERED);
  const ask = a.question(some.map(p => ({ product_id: text(p["id"]), quantity: a.line.quantity || "1" })));
  let prices: Row[] = [];
  if (ask && some.length) {
    // one without a price must not hide the others: then they stand without figures
    const answer = await call<Row>("POST", a.preview, ask).catch(() => null);
    prices = Array.isArray(answer?.data["lines"]) ? (answer.data["lines"] as Row[]) : [];
  }
  return some.map((product, i) => ({ product, free: amount(product), price: text(prices[i]?.["price"]) }));
}

const one = (o: Offer, a: Asked): HTMLLIElement =>
  h("li", {}, h("button", { type: "button", title: t("take-instead"), click: () => a.choose(o.product) },
    h("b", { class: "b5 cut" }, text(o.product["title"]) || text(o.product["name"])), h("span", { class: "n" }, o.price ? local(o.price, 2) : ""),
    h("span", { class: "s12 m2 cut" }, text(o.product["sku"])), h("span", { class: less(o.free, a.line.quantity || "1") ? "s12 n warn" : "s12 n m1" }, `${t("available")} ${local(o.free)}`)));
