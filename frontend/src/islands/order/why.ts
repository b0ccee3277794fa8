// F4: the steps that led to a price and the rules that lost, as the API tells them. Sentences arrive in the caller's language.
import type { Json, Row } from "../../lib/api.ts";
import { local } from "../../lib/decimal.ts";
import { h, icon } from "../../lib/dom.ts";
import { t } from "../../lib/texts.ts";
import { text, title, value, type Line } from "./model.ts";

const list = (v: Json | undefined): Row[] => (Array.isArray(v) ? (v as Row[]) : []);
const obj = (v: Json | undefined): Row => (v && typeof v === "object" && !Array.isArray(v) ? v : {});
const figure = (v: Json | undefined): string => {
  const s = text(v) || text(Object.values(obj(v))[0]);
  return s ? local(s, 2) : "";
};

function lost(steps: Row[]): Row[] {
  return steps.flatMap(s => [...list(s["lost"]), ...list(s["tried"]).filter(x => x["lost"]), ...lost(list(s["steps"]))]);
}
function flat(steps: Row[]): Row[] {
  return steps.flatMap(s => [...flat(list(s["steps"])), s]);
}

export function why(line: Line, at: number, close: () => void): Node[] {
  const raw = line.server?.["trace"];
  const steps = flat(Array.isArray(raw) ? list(raw) : list(obj(raw)["steps"]));
  const losers = Array.isArray(raw) ? lost(list(raw)) : [...list(obj(raw)["lost"]), ...lost(list(obj(raw)["steps"]))];
  const head = h("div", { class: "k-sec tight" },
    h("div", { class: "row-f sp" }, h("h2", {}, t("why-price")), h("span", { class: "row-f g2" }, h("span", { class: "k-hint" }, h("kbd", {}, "F4")), h("button", { type: "button", class: "k-icb", "aria-label": t("close"), click: close }, icon("x")))),
    h("p", { class: "s12 m1 cut" }, [t("line-n", { n: at + 1 }), line.sku, `${local(line.quantity || "1")} ${line.unit}`].filter(Boolean).join(" · ")));
  if (!steps.length) return [head, h("div", { class: "k-sec m2" }, line.price !== null ? t("price-by-hand") : t("no-trace"))];
  const row = (s: Row): HTMLLIElement => {
    const rule = obj(s["rule"]);
    const name = text(rule["name"]) || text(s["title"]);
    const sentence = text(s["text"]) || text(obj(s["note"])["text"]);
    const url = text(rule["url"]) || text(s["url"]);
    const change = text(s["change"]);
    return h("li", {}, h("span", { class: "pt" }), h("b", {}, url ? h("a", { class: "lk", href: url }, name || sentence) : name || sentence),
      h("span", { class: "v n" }, [figure(s["after"] ?? s["value"]), text(s["currency"])].filter(Boolean).join("\u00a0"), change ? h("small", { class: "s12" }, change) : null), name && sentence ? h("small", {}, sentence) : null);
  };
  const price = value(line, "price");
  const unit = text(line.server?.["currency"]) || text(obj(raw)["currency"]);
  const sections: Node[] = [head, h("div", { class: "k-sec tight" }, h("ol", { class: "k-trace" }, ...steps.map(row),
    h("li", { class: "fin" }, h("span", { class: "pt" }), h("b", {}, line.price !== null ? t("price-by-hand") : t("price")), h("span", { class: "v n" }, price ? `${local(price, 2)}${unit ? `\u00a0${unit}` : ""}` : "—"))))];
  if (losers.length) sections.push(h("div", { class: "k-sec tight" }, h("header", {}, h("h3", {}, t("lost"), h("i", {}, losers.length))),
    h("ol", { class: "lost" }, ...losers.map(l => {
      const reason = text(l["reason"]) || text(obj(l["lost"])["text"]) || text(l["text"]);
      return h("li", {}, icon("circle-x"), h("b", {}, text(obj(l["rule"])["name"]) || title(l["title"])), h("span", { class: "v n s12" }, text(l["change"])), reason ? h("small", {}, reason) : null);
    }))));
  return sections;
}
