// Somebody changed the same: each field shows what was, theirs, mine; lines are settled one by one. Mine is sent again over
// their version.
import type { Conflict, Problem, Row } from "../../lib/api.ts";
import { h } from "../../lib/dom.ts";
import { t } from "../../lib/texts.ts";
import { compare, settled, table, type Whose } from "./line_conflict.ts";

const show = (v: unknown): string => {
  if (v === null || v === undefined) return "—";
  return typeof v === "object" ? String((v as Row)["title"] ?? JSON.stringify(v)) : String(v);
};
const rows = (v: unknown): Row[] => (Array.isArray(v) ? (v as Row[]) : []);
const ofLines = (c: Conflict): boolean => Array.isArray(c.theirs) && Array.isArray(c.yours);

/** `mine`: sent again; `lines` are the settled ones when the lines clashed. */
export interface Settled { whose: "mine" | "theirs"; lines: { row: Row; whose: Whose }[] | null }

/** `label` names a field as the page does, `name` a product. Answers null when the dialog was left. */
export function conflict(e: Problem, label: (field: string) => string, name: (product: string) => string): Promise<Settled | null> {
  return new Promise(done => {
    const lines = e.conflicts.find(ofLines);
    const three = lines ? compare(rows(lines.base), rows(lines.theirs), rows(lines.yours)) : null;
    const fields = e.conflicts.filter(c => c !== lines);
    const dialog = h("dialog", { class: "k-dlg wide", "aria-labelledby": "conflict-title", close: () => { dialog.remove(); done(null); } });
    const choose = (whose: "mine" | "theirs") => { done({ whose, lines: three && settled(three) }); dialog.close(); };
    const row = (who: string, v: unknown, strong: boolean) => [h("span", { class: "m2" }, who), strong ? h("b", { class: "b5" }, show(v)) : h("span", {}, show(v)), h("span")];
    dialog.append(h("h3", { id: "conflict-title" }, t("conflict")),
      ...fields.map(c => h("div", { class: "k-field" }, h("span", { class: "lab" }, c.label ?? label(c.field)),
        h("div", { class: "k-conf" }, ...row(t("was"), c.base, false), ...row(c.by ?? t("theirs"), c.theirs, true), ...row(t("yours"), c.yours, true)))),
      ...(three ? [table(three, name, lines?.by ?? t("theirs"))] : []),
      h("div", { class: "acts" },
        h("button", { type: "button", class: "btn btn-3", click: () => dialog.close() }, t("close"), h("kbd", {}, "Esc")),
        h("button", { type: "button", class: "btn btn-2", click: () => choose("theirs") }, t("take-theirs")),
        h("button", { type: "button", class: "btn btn-primary", click: () => choose("mine") }, t(three ? "take-chosen" : "take-mine"))));
    document.body.append(dialog);
    dialog.showModal();
  });
}
