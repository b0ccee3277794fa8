// A refusal as people see it: what is wrong, what would have to change, and the way there.
import { message, Problem, type FieldProblem, type Way } from "./api.ts";
import { $, h, icon } from "./dom.ts";
import { go } from "./navigate.ts";
import { t } from "./texts.ts";

export type TakeWay = (way: Way, error: FieldProblem) => void;

/** `<li>` of one blocker with its ways out as buttons. */
export function blocker(e: FieldProblem, take: TakeWay, jump?: () => void): HTMLLIElement {
  return h("li", {}, Object.assign(icon("alert-triangle"), {}), h("div", {},
    jump ? h("button", { type: "button", class: "lk b5", click: jump }, e.message) : h("b", { class: "b5" }, e.message),
    e.hint ? h("span", { class: "m2 s12" }, ` · ${e.hint}`) : null,
    e.ways?.length ? h("div", { class: "k-ways" }, ...e.ways.map((w, i) => h("button", { type: "button", class: i < 2 ? "btn btn-2 btn-s" : "btn btn-3 btn-s", click: () => take(w, e) }, w.label))) : null));
}

export function showProblem(e: unknown, take: TakeWay = w => { if (w.href) void go(w.href); }): void {
  $("dialog#problem")?.remove();
  const errors = e instanceof Problem ? e.errors : [];
  const head = message(e);
  const listed = errors.filter(x => x.message !== head || x.hint || x.ways?.length);
  const dialog = h("dialog", { class: "k-dlg", id: "problem", "aria-labelledby": "problem-title", close: () => dialog.remove() },
    h("h3", { id: "problem-title" }, head || t("failed")),
    listed.length ? h("ul", { class: "k-block" }, ...listed.map(x => blocker(x, (w, y) => { dialog.close(); take(w, y); }))) : null,
    e instanceof Problem && e.status >= 500 ? h("p", { class: "m2" }, t("event", { id: String(e.body["event"] ?? e.body["instance"] ?? e.status) })) : null,
    h("div", { class: "acts" }, h("button", { type: "button", class: "btn btn-2", autofocus: true, click: () => dialog.close() }, t("understood"), h("kbd", {}, "Esc"))));
  document.body.append(dialog);
  dialog.showModal();
}
