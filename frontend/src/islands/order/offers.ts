// Gifts that the lines earn: offered as lines that one click or `Alt G` takes. What departs from the agreed terms: named line by line.
import type { FieldProblem, Json, Row } from "../../lib/api.ts";
import { local } from "../../lib/decimal.ts";
import { $, $$, h, icon } from "../../lib/dom.ts";
import { t } from "../../lib/texts.ts";
import { empty, text, title, type Line } from "./model.ts";

const list = (v: Json | undefined): Row[] => (Array.isArray(v) ? (v as Row[]) : []);
const id = (v: Json | undefined): string => text((v as Row | undefined)?.["id"]);

/** A gift as a line: the rules make it free. */
export function asLine(gift: Row): Line {
  return { ...empty(), product: id(gift["product"]), sku: text(gift["sku"]), name: title(gift["product"]), quantity: text(gift["quantity"]) };
}

export function showGifts(form: HTMLElement, data: Row, take: (gifts: Row[]) => void): Row[] {
  const box = $("[data-offers]", form), gifts = list(data["gifts"]);
  if (!box) return [];
  box.hidden = !gifts.length;
  box.replaceChildren(...gifts.map((g, i) => h("div", { class: "k-offer" }, icon("gift"), h("span", { class: "m1" }, text(g["sku"])), h("b", { class: "cut" }, title(g["product"])), h("span", { class: "n b5" }, `× ${local(text(g["quantity"]))}`),
    h("span", { class: "s12 m2 cut" }, `${t("gift-free")}: `, h("a", { class: "lk", href: `/promotions/${id(g["promotion"])}` }, title(g["promotion"]))),
    h("button", { type: "button", class: "btn btn-2 btn-s", click: () => take([g]) }, t("take-gift"), i ? null : h("kbd", {}, "Alt G")))));
  return gifts;
}

/** `jump` finds the line of a departure; `byTerms` sets every price by the terms again. */
export function showDeviations(form: HTMLElement, data: Row, byHand: boolean, jump: (e: FieldProblem) => (() => void) | undefined, byTerms: () => void): void {
  const box = $("[data-deviations]", form);
  if (!box) return;
  const all = list(data["deviations"]) as unknown as FieldProblem[];
  box.hidden = !all.length && !byHand;
  const waits = data["needs_approval"] === true;
  box.replaceChildren(
    h("div", { class: "k-h" }, h("h3", {}, t("deviations"), all.length ? h("i", {}, all.length) : null), byHand ? h("button", { type: "button", class: "btn btn-3 btn-s", "data-by-terms": true, click: byTerms }, icon("arrow-back-up"), t("all-by-terms")) : null),
    h("ul", {}, ...all.map(d => { const go = jump(d); return h("li", {}, icon("alert-triangle"), go ? h("button", { type: "button", class: "lk", click: go }, d.message) : h("span", {}, d.message)); })),
    ...(waits ? [h("p", { class: "s12 warn row-f g4" }, icon("lock", true), t("waits-for-approval"))] : []));
  for (const el of $$("li .ic", box)) el.classList.add("warn");
}
