// F4: asks the API how the price of a line comes about and shows the steps and the rules that lost, in the caller's words.
import { call, message, type Json, type Row } from "../../lib/api.ts";
import { local } from "../../lib/decimal.ts";
import { h, icon } from "../../lib/dom.ts";
import { t } from "../../lib/texts.ts";
import { text, type Line } from "./model.ts";

const list = (v: Json | undefined): Row[] => (Array.isArray(v) ? (v as Row[]) : []);
const obj = (v: Json | undefined): Row => (v && typeof v === "object" && !Array.isArray(v) ? v : {});

/** Fields of the document's header that a price depends on. */
const ASKED = ["company_id", "partner_id", "agreement_id", "price_type_id", "currency", "vat", "date"];
const PAGES: Record<string, string> = { price_type: "price-types", default: "price-types", agreement: "agreements", agreement_product: "agreements", agreement_category: "agreements", rates: "rate-types" };

function link(rule: Row): Node | null {
  const name = text(rule["name"]), page = PAGES[text(rule["kind"])], id = text(rule["id"]);
  return name ? (page && id ? h("a", { class: "lk", href: `/${page}/${id}` }, name) : document.createTextNode(name)) : null;
}

/** Steps in the order in which they happened: what a step started from stands before it. */
const flat = (steps: Row[]): Row[] => steps.flatMap(s => [...flat(list(s["steps"])), s]);

function step(s: Row): HTMLLIElement {
  const percent = /discount/.test(text(s["step"])) && !text(s["currency"]);
  const after = text(s["after"]), name = link(obj(s["rule"]));
  const figure = after ? (percent ? `${local(after)}\u00a0%` : [local(after, 2), text(s["currency"])].filter(Boolean).join("\u00a0")) : "";
  return h("li", {}, h("span", { class: "pt" }), h("b", {}, text(s["title"]), name ? " " : null, name), h("span", { class: "v n" }, figure), text(s["text"]) ? h("small", {}, text(s["text"])) : null);
}

function lost(answer: Row): HTMLLIElement[] {
  const rows = [...list(answer["candidates"]).filter(c => c["won"] !== true).map(c => ({ rule: c, lost: c["lost"] ?? null })), ...flat(list(answer["steps"])).slice(1).flatMap(s => list(s["tried"]).filter(x => x["lost"]))];
  const seen = new Set<string>();
  return rows.flatMap(r => {
    const rule = obj(r["rule"]), reason = text(r["lost"]), key = `${text(rule["name"])} ${reason}`;
    if (seen.has(key) || !text(rule["name"])) return [];
    seen.add(key);
    return [h("li", {}, icon("circle-x"), h("b", {}, link(rule)), h("span", { class: "v" }), reason ? h("small", {}, reason) : null)];
  });
}

/** Fills `panel`; answers when it is filled, also when the API refused (then the refusal stands there). */
export async function why(panel: HTMLElement, line: Line, at: number, header: Row, close: () => void): Promise<void> {
  const head = h("div", { class: "k-sec tight" },
    h("div", { class: "row-f sp" }, h("h2", {}, t("why-price")), h("span", { class: "row-f g2" }, h("span", { class: "k-hint" }, h("kbd", {}, "F4")), h("button", { type: "button", class: "k-icb", "aria-label": t("close"), click: close }, icon("x")))),
    h("p", { class: "s12 m1 cut" }, [t("line-n", { n: at + 1 }), line.sku || line.name, `${local(line.quantity || "1")} ${line.unit}`].filter(Boolean).join(" · ")));
  panel.replaceChildren(head);
  const question: Row = { product_id: line.product, quantity: line.quantity || "1" };
  for (const k of ASKED) if (text(header[k])) question[k] = header[k] ?? null;
  if (line.price !== null) question["price"] = line.price;
  if (line.discount !== null) question["discount_percent"] = line.discount;
  try {
    const { data } = await call<Row>("POST", "/prices/explain", question);
    const unit = text(data["currency"]), price = text(data["price"]), net = text(data["net_price"]), rule = text(data["rule_price"]);
    const losers = lost(data);
    panel.replaceChildren(head, h("div", { class: "k-sec tight" }, h("ol", { class: "k-trace" }, ...flat(list(data["steps"])).map(step),
      h("li", { class: "fin" }, h("span", { class: "pt" }), h("b", {}, line.price !== null ? t("price-by-hand") : t("price")), h("span", { class: "v n" }, price ? `${local(net || price, 2)}\u00a0${unit}` : "—"),
        line.price !== null && rule ? h("small", {}, t("by-rule", { price: local(rule, 2) })) : text(data["problem"]) ? h("small", { class: "neg" }, text(data["problem"])) : null))));
    if (losers.length) panel.append(h("div", { class: "k-sec tight" }, h("header", {}, h("h3", {}, t("lost"), h("i", {}, losers.length))), h("ol", { class: "lost" }, ...losers)));
  } catch (e) {
    panel.replaceChildren(head, h("div", { class: "k-sec m2" }, message(e)));
  }
}
