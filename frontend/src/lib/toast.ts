// One toast at a time, bottom left, 8 seconds: what was done, and Undo. Errors that belong to a field never come here.
import { call, message, type Row } from "./api.ts";
import { $, h, icon } from "./dom.ts";
import { followed } from "./job.ts";
import { t } from "./texts.ts";

/** `undo` is an entry of the audit, `group` the group of a bulk change. */
export interface Toast { text: string; undo?: string | null; group?: string | null; onUndo?: () => void | Promise<void>; bad?: boolean; href?: string }

let timer: ReturnType<typeof setTimeout> | undefined;
let undoLast: (() => void) | undefined;

export function toast(what: Toast): void {
  let place = $(".k-toasts");
  if (!place) {
    place = h("div", { class: "k-toasts", role: "status", "aria-live": "polite" });
    document.body.append(place);
  }
  const { undo: entry, group } = what;
  const undo = what.onUndo ?? (entry ? () => undoAudit(entry) : group ? () => undoGroup(group) : undefined);
  undoLast = undo ? () => { close(); void undo(); } : undefined;
  const box = h("div", { class: what.bad ? "k-toast bad" : "k-toast" },
    icon(what.bad ? "circle-x" : "circle-check"),
    what.href ? h("a", { class: "grow", href: what.href }, what.text) : h("span", { class: "grow" }, what.text),
    undo && h("button", { type: "button", class: "btn btn-3 btn-s", click: () => undoLast?.() }, t("undo")),
    undo && h("kbd", {}, "Ctrl Z"),
    h("button", { type: "button", class: "btn btn-3 btn-s", "aria-label": t("close"), click: close }, icon("x", true)));
  place.replaceChildren(box);
  const start = () => { clearTimeout(timer); timer = setTimeout(close, what.bad ? 12000 : 8000); };
  box.addEventListener("pointerenter", () => clearTimeout(timer));
  box.addEventListener("pointerleave", start);
  box.addEventListener("focusin", () => clearTimeout(timer));
  box.addEventListener("focusout", start);
  start();
}

function close(): void {
  clearTimeout(timer);
  $(".k-toasts")?.replaceChildren();
}

async function undoAudit(id: string): Promise<void> {
  try {
    const { audit } = await call("POST", `/audit/${encodeURIComponent(id)}/undo`);
    document.dispatchEvent(new CustomEvent("kontor:undone", { detail: { id, audit } }));
    if (document.dispatchEvent(new CustomEvent("kontor:reload", { cancelable: true }))) location.reload();
  } catch (e) {
    toast({ text: message(e), bad: true });
  }
}

async function undoGroup(id: string): Promise<void> {
  try {
    const { data: answer } = await call<Row>("POST", `/audit/groups/${encodeURIComponent(id)}/undo`);
    // very many are taken back by a job
    const data = answer?.["job"] ? await followed(answer["job"] as Row) : answer;
    if (!data) return;
    if (document.dispatchEvent(new CustomEvent("kontor:reload", { cancelable: true }))) location.reload();
    const n = Number(data["done"] ?? 0), stayed = Number(data["stayed"] ?? 0);
    toast({ text: stayed ? t("undone-stayed", { n, stayed }) : t("undone", { n }) });
  } catch (e) {
    toast({ text: message(e), bad: true });
  }
}

/** Something that takes its time: what is said is changed by `say`; `cancel` is offered beside it. Stays until the next toast. */
export function going(text: string, cancel: () => void): { say: (text: string) => void } {
  toast({ text });
  clearTimeout(timer);
  const said = $(".k-toast .grow");
  said?.after(h("button", { type: "button", class: "btn btn-3 btn-s", click: cancel }, t("cancel")));
  return { say: words => { if (said) said.textContent = words; } };
}

/** Ctrl+Z outside of fields takes back the last thing that offered it. */
export function undo(): boolean {
  if (!undoLast) return false;
  const run = undoLast;
  undoLast = undefined;
  run();
  return true;
}

/** `<… data-toast="text" data-undo="audit id">` left by a page after a redirect. */
export function mountToasts(root: ParentNode): void {
  for (const el of root.querySelectorAll<HTMLElement>("[data-toast]")) {
    toast({ text: el.dataset["toast"] ?? "", undo: el.dataset["undo"] ?? null, bad: el.dataset["bad"] === "true" });
    el.remove();
  }
}
