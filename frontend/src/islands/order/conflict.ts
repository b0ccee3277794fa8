// Somebody changed the same: each field shows what was, theirs, mine; mine is sent again over their version.
import type { Problem, Row } from "../../lib/api.ts";
import { h } from "../../lib/dom.ts";
import { t } from "../../lib/texts.ts";

const show = (v: unknown): string => {
  if (v === null || v === undefined) return "—";
  if (Array.isArray(v)) return String(v.length);
  return typeof v === "object" ? String((v as Row)["title"] ?? JSON.stringify(v)) : String(v);
};

/** `label` names a field as the page does. Answers "mine", "theirs", or null when the dialog was left. */
export function conflict(e: Problem, label: (field: string) => string): Promise<"mine" | "theirs" | null> {
  return new Promise(done => {
    const dialog = h("dialog", { class: "k-dlg wide", "aria-labelledby": "conflict-title", close: () => { dialog.remove(); done(null); } });
    const choose = (whose: "mine" | "theirs") => { done(whose); dialog.close(); };
    const row = (who: string, v: unknown, strong: boolean) => [h("span", { class: "m2" }, who), strong ? h("b", { class: "b5" }, show(v)) : h("span", {}, show(v)), h("span")];
    dialog.append(h("h3", { id: "conflict-title" }, t("conflict")),
      ...e.conflicts.map(c => h("div", { class: "k-field" }, h("span", { class: "lab" }, c.label ?? label(c.field)),
        h("div", { class: "k-conf" }, ...row(t("was"), c.base, false), ...row(c.by ?? t("theirs"), c.theirs, true), ...row(t("yours"), c.yours, true)))),
      h("div", { class: "acts" },
        h("button", { type: "button", class: "btn btn-3", click: () => dialog.close() }, t("close"), h("kbd", {}, "Esc")),
        h("button", { type: "button", class: "btn btn-2", click: () => choose("theirs") }, t("take-theirs")),
        h("button", { type: "button", class: "btn btn-primary", click: () => choose("mine") }, t("take-mine"))));
    document.body.append(dialog);
    dialog.showModal();
  });
}
