// F4: how the price of a line comes about among the other lines, unsaved as they are; what it earns; "why not 95?"; what another
// client or day would get. Stays on its line and is asked again whenever the document is priced anew.
import { aborted, call, message, type Json, type Row } from "../../lib/api.ts";
import { local, percent as percentage, sign } from "../../lib/decimal.ts";
import { h, icon } from "../../lib/dom.ts";
import { t } from "../../lib/texts.ts";
import { text, type Line } from "./model.ts";
import { otherwise } from "./otherwise.ts";
import { whyNot } from "./why_not.ts";

const list = (v: Json | undefined): Row[] => (Array.isArray(v) ? (v as Row[]) : []);
const obj = (v: Json | undefined): Row => (v && typeof v === "object" && !Array.isArray(v) ? v : {});

export interface WhyAsked {
  line: Line;
  at: number;
  /** Path of the question with its parameters, and the document as it stands; null while it cannot be priced. */
  ask: (query: Record<string, string>) => { path: string; body: Row } | null;
  /** Takes fields of the line, or of the header when they are its. */
  take: (fields: Row) => void;
  /** Takes the caret to a new line; null where the document takes none. */
  more: (() => void) | null;
  close: () => void;
}

function link(rule: Row): Node | null {
  const name = text(rule["name"]), record = obj(rule["record"]), page = text(record["collection"]), id = text(record["id"]);
  return name ? (page && id ? h("a", { class: "lk", href: `/${page}/${id}` }, name) : document.createTextNode(name)) : null;
}

/** Steps in the order in which they happened: what a step started from stands before it. */
const flat = (steps: Row[]): Row[] => steps.flatMap(s => [...flat(list(s["steps"])), s]);

function step(s: Row): HTMLLIElement {
  const percent = /discount/.test(text(s["step"])) && !text(s["currency"]);
  const figure = (v: string) => (v ? (percent ? percentage(v) : [local(v, 2), sign(text(s["currency"]))].filter(Boolean).join("\u00a0")) : "");
  const before = text(s["before"]), after = text(s["after"]), name = link(obj(s["rule"]));
  return h("li", {}, h("span", { class: "pt" }), h("b", {}, text(s["title"]), name ? " " : null, name),
    h("span", { class: "v n" }, figure(after), before && before !== after ? h("small", { class: "s12" }, `${figure(before)} →`) : null), text(s["text"]) ? h("small", {}, text(s["text"])) : null);
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

/** Margin (for who may see costs) and how far the line is from the terms. */
function profit(p: Row, percent: string, unit: string): HTMLElement | null {
  const margin = text(p["margin"]), off = text(p["deviation"]);
  const figure = (label: string, value: string, bad: boolean) => h("div", { class: "k-fig" }, h("dt", {}, label), h("dd", { class: bad ? "n neg" : "n" }, value));
  const all = [margin ? figure(t("margin"), `${local(margin, 2)} ${unit}${percent ? ` · ${percentage(percent)}` : ""}`, margin.startsWith("-")) : null,
    off && !/^-?0(\.0+)?$/.test(off) ? figure(t("off-terms"), `${local(off, 2)} ${unit}`, off.startsWith("-")) : null].filter(x => x !== null);
  return all.length ? h("dl", { class: "k-sec tight k-figs" }, ...all) : null;
}

function parts(answer: Row): HTMLElement | null {
  const all = list(answer["parts"]);
  return all.length < 2 ? null : h("div", { class: "k-sec tight" }, h("header", {}, h("h3", {}, t("line-parts"))),
    ...all.map(p => h("div", { class: "k-li" }, h("span", { class: "cut" }, `${local(text(p["quantity"]))} × ${local(text(p["net_price"]), 2)}`), h("span", { class: "m2 n" }, percentage(text(p["discount_percent"]))), h("span", { class: "n" }, local(text(p["amount"]), 2)))));
}

function answered(a: WhyAsked, data: Row): (Node | null)[] {
  const unit = sign(text(data["currency"])), price = text(data["net_price"]) || text(data["price"]), rule = text(data["rule_price"]), line = a.line;
  const byHand = line.price !== null || line.discount !== null, losers = lost(data), approvals = list(data["approvals"]).map(String), remarks = list(data["remarks"]).map(String);
  const notes = [line.price !== null && rule ? t("by-rule", { price: local(rule, 2) }) : "", text(data["units"]) ? t("per-own-unit", { n: local(text(data["units"])), unit: line.unit }) : ""].filter(Boolean).join(" · ");
  return [
    h("div", { class: "k-sec tight" }, h("ol", { class: "k-trace" }, ...flat(list(data["steps"])).map(step),
      h("li", { class: "fin" }, h("span", { class: "pt" }), h("b", {}, byHand ? t("price-by-hand") : t("price")), h("span", { class: "v n" }, price ? `${local(price, 2)}\u00a0${unit}` : "—"),
        text(data["problem"]) ? h("small", { class: "neg" }, text(data["problem"])) : notes ? h("small", {}, notes) : null)),
    ...approvals.map(x => h("p", { class: "s12 warn row-f g4 mt4" }, icon("lock", true), x)),
    ...remarks.map(x => h("p", { class: "s12 m1 row-f g4 mt4", "data-remark": "" }, icon("alert-triangle", true), h("span", {}, x))),
    byHand ? h("button", { type: "button", class: "btn btn-2 btn-s mt4", click: () => a.take({ price: "", discount_percent: "" }) }, icon("arrow-back-up"), t("by-terms")) : null),
    parts(data), profit(obj(data["profit"]), text(line.server?.["margin_percent"]), unit),
    losers.length ? h("div", { class: "k-sec tight" }, h("header", {}, h("h3", {}, t("lost"), h("i", {}, losers.length))), h("ol", { class: "lost" }, ...losers)) : null];
}

/** What stands in the panel, so that an answer that comes again does not take the caret out of its fields. */
const shown = new WeakMap<HTMLElement, { line: Line; asking: AbortController; told: HTMLElement; again: () => void; title: HTMLElement }>();

/** Fills `panel`; a refusal of the API stands in it. */
export async function why(panel: HTMLElement, a: WhyAsked): Promise<void> {
  const about = [t("line-n", { n: a.at + 1 }), a.line.sku || a.line.name, `${local(a.line.quantity || "1")} ${a.line.unit}`].filter(Boolean).join(" · ");
  let now = shown.get(panel);
  now?.asking.abort();
  const asking = new AbortController();
  if (now && now.line === a.line && panel.contains(now.told)) {
    now.asking = asking;
    now.title.textContent = about;
  } else {
    const told = h("div", { "aria-busy": "true" }), title = h("p", { class: "s12 m1 cut" }, about);
    const [not, other] = [whyNot(a), otherwise(a)];
    panel.replaceChildren(h("div", { class: "k-sec tight" },
      h("div", { class: "row-f sp" }, h("h2", {}, t("why-price")), h("span", { class: "row-f g2" }, h("span", { class: "k-hint" }, h("kbd", {}, "F4")), h("button", { type: "button", class: "k-icb", "aria-label": t("close"), click: a.close }, icon("x")))), title),
    told, not.box, other.box);
    now = { line: a.line, asking, told, title, again: () => { not.again(); other.again(); } };
    shown.set(panel, now);
  }
  const asked = a.ask({});
  if (!asked) return;
  try {
    const { data } = await call<Row>("POST", asked.path, asked.body, { signal: asking.signal });
    now.told.replaceChildren(...answered(a, data).filter(x => x !== null));
    now.told.removeAttribute("aria-busy");
    now.again();
  } catch (e) {
    if (!aborted(e)) now.told.replaceChildren(h("div", { class: "k-sec m2" }, message(e)));
  }
}
