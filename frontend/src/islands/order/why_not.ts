// "Why not 95?": a price is typed, the smallest changes that would give it are told, each to be taken at once where it can be.
import { call, message, type Json, type Row } from "../../lib/api.ts";
import { typed } from "../../lib/decimal.ts";
import { $, h, icon } from "../../lib/dom.ts";
import { t } from "../../lib/texts.ts";
import { text } from "./model.ts";
import type { WhyAsked } from "./why.ts";

const list = (v: Json | undefined): Row[] => (Array.isArray(v) ? (v as Row[]) : []);

/** Fields that a change sets; none where goods would have to be added. */
function fields(s: Row): Row | null {
  const value = text(s["value"]), id = text(s["id"]), title = text(s["title"]);
  switch (text(s["kind"])) {
    case "by_hand": return { price: value, discount_percent: "" };
    case "quantity": return { quantity: value };
    case "date": return { date: value };
    case "agreement": return { agreement_id: { id, title } };
    case "contract": return { contract_id: { id, title } };
    case "card": return { loyalty_card_id: { id, title } };
    case "payment_form": return { payment_form_id: { id, title } };
    default: return null;
  }
}

/** Fields of the header can be set only where the form has them. */
const settable = (form: HTMLFormElement | null, of: Row): boolean => Object.keys(of).every(k => ["price", "discount_percent", "quantity"].includes(k) || !!(form && $(`.k-props [name="${k}"]`, form)));

export function whyNot(a: WhyAsked): { box: HTMLElement; again: () => void } {
  const input = h("input", { type: "text", inputmode: "decimal", autocomplete: "off", placeholder: t("why-not-hint"), "aria-label": t("why-not") });
  const found = h("div", { class: "k-not", role: "status" });
  const box = h("div", { class: "k-sec tight" }, h("div", { class: "k-ask" }, icon("help"), input, h("kbd", {}, "⏎")), found);
  const row = (s: Row): HTMLElement => {
    const set = fields(s), approval = s["needs_approval"] === true;
    return h("div", {}, icon(approval ? "lock" : "arrow-right"), h("span", {}, text(s["text"]), approval ? h("span", { class: "warn" }, ` · ${t("needs-approval")}`) : null),
      set && settable(input.form, set) ? h("button", { type: "button", class: "lk", click: () => a.take(set) }, t("apply"))
        : text(s["kind"]) === "order_amount" && a.more ? h("button", { type: "button", class: "lk", click: a.more }, t("add-goods")) : h("span"));
  };
  const ask = async (): Promise<void> => {
    const wanted = typed(input.value.trim());
    if (!input.value.trim()) return found.replaceChildren();
    const asked = wanted === null ? null : a.ask({ wanted_price: wanted });
    if (!asked) return found.replaceChildren(h("div", {}, icon("circle-x"), h("span", { class: "neg" }, t("not-a-number"))));
    found.setAttribute("aria-busy", "true");
    try {
      const { data } = await call<Row>("POST", asked.path, asked.body);
      const not = (data["why_not"] ?? {}) as Row, all = list(not["suggestions"]);
      found.replaceChildren(...(all.length ? all.slice(0, 6).map(row) : [h("div", {}, icon("circle-x"), h("span", {}, text(not["text"])))]));
    } catch (e) {
      found.replaceChildren(h("div", {}, icon("circle-x"), h("span", { class: "neg" }, message(e))));
    } finally {
      found.removeAttribute("aria-busy");
    }
  };
  // the field stands in the document's form: Enter asks, it does not save
  input.addEventListener("keydown", e => { if (e.key === "Enter" && !e.ctrlKey) { e.preventDefault(); e.stopPropagation(); void ask(); } });
  input.addEventListener("change", e => { e.stopPropagation(); void ask(); });
  return { box, again: () => void ask() };
}
