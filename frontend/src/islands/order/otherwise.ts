// What another client, or another day, would get for the same line.
import { call, message, type Row } from "../../lib/api.ts";
import { mountComboboxes } from "../../lib/combobox.ts";
import { mountDates, shown } from "../../lib/date.ts";
import { local, percent } from "../../lib/decimal.ts";
import { $, h } from "../../lib/dom.ts";
import { t } from "../../lib/texts.ts";
import { text, title } from "./model.ts";
import type { WhyAsked } from "./why.ts";

export function otherwise(a: WhyAsked): { box: HTMLElement; again: () => void } {
  const who = h("div", { class: "k-combo", "data-combobox": "/partners" }, h("input", { type: "hidden" }), h("input", { class: "form-control", type: "text", placeholder: t("other-client"), "aria-label": t("other-client") }));
  const day = h("input", { class: "form-control", type: "date", "aria-label": t("other-day"), name: "" });
  const place = h("div", {}, day), out = h("div", { role: "status" });
  const box = h("div", { class: "k-sec tight" }, h("header", {}, h("h3", {}, t("otherwise"))), h("div", { class: "k-two" }, who, place), out);
  mountComboboxes(box);
  mountDates(box);
  const value = (el: HTMLElement) => $<HTMLInputElement>("input[type=hidden]", el)?.value ?? $<HTMLInputElement>("input", el)?.value ?? "";
  const ask = async (): Promise<void> => {
    const partner = value(who), on = value(place);
    const asked = partner || on ? a.ask({ ...(partner ? { compare_partner_id: partner } : {}), ...(on ? { compare_date: on } : {}) }) : null;
    if (!asked) return out.replaceChildren();
    try {
      const c = ((await call<Row>("POST", asked.path, asked.body)).data["compared"] ?? {}) as Row;
      const price = text(c["net_price"]) || text(c["price"]);
      const terms = [shown(text(c["date"])), title(c["agreement"]), text(c["discount_percent"]) && text(c["discount_percent"]) !== "0" ? `−${percent(text(c["discount_percent"]))}` : ""].filter(Boolean).join(" · ");
      out.replaceChildren(price ? h("p", { class: "k-fig mt4" }, h("b", { class: "n" }, `${local(price, 2)}\u00a0${text(c["currency"])}`)) : h("p", { class: "neg s12 mt4" }, text(c["problem"])), h("p", { class: "s12 m2" }, terms));
    } catch (e) {
      out.replaceChildren(h("p", { class: "neg s12 mt4" }, message(e)));
    }
  };
  for (const el of [who, place]) {
    el.addEventListener("change", e => { e.stopPropagation(); void ask(); });
    el.addEventListener("keydown", e => { if (e.key === "Enter" && !e.ctrlKey) { e.preventDefault(); e.stopPropagation(); } });
  }
  return { box, again: () => void ask() };
}
