// Buttons that call one command of the API: `data-command="/sales-orders/{id}/confirm"`, `data-body='{"version":3}'`,
// `data-method`, `data-dialog="#…"` (its fields join the body), `data-done="text of the toast"`, `data-then="/url"`.
import { call, type Row } from "./api.ts";
import { $ } from "./dom.ts";
import { ask } from "./list.ts";
import { go } from "./navigate.ts";
import { showProblem } from "./problem.ts";
import { toast } from "./toast.ts";

export function startCommands(): void {
  document.addEventListener("click", e => {
    const el = (e.target as Element | null)?.closest<HTMLElement>("[data-command], [data-open], [data-close]");
    if (!el) return;
    if (el.dataset["command"]) {
      e.preventDefault();
      void run(el);
    } else if (el.dataset["open"]) {
      e.preventDefault();
      $<HTMLDialogElement>(el.dataset["open"])?.showModal();
    } else {
      el.closest("dialog")?.close();
    }
  });
  document.addEventListener("change", e => {
    const el = e.target as HTMLElement | null;
    if (el?.dataset["commandOnChange"] && el instanceof HTMLInputElement) void run(el, el.dataset["commandOnChange"]);
  });
  // a menu closes when something else is touched
  document.addEventListener("pointerdown", e => {
    for (const d of document.querySelectorAll<HTMLDetailsElement>("details.k-menu[open]")) if (!d.contains(e.target as Node)) d.open = false;
  });
  document.addEventListener("keydown", e => {
    const d = (e.target as Element | null)?.closest?.<HTMLDetailsElement>("details.k-menu[open]");
    if (!d) return;
    if (e.key === "Escape") { e.preventDefault(); d.open = false; $("summary", d)?.focus(); }
    const items = [...d.querySelectorAll<HTMLElement>(":scope > div > :is(a, button)")];
    const step = e.key === "ArrowDown" ? 1 : e.key === "ArrowUp" ? -1 : 0;
    if (step && items.length) {
      e.preventDefault();
      items[(items.indexOf(document.activeElement as HTMLElement) + step + items.length) % items.length]?.focus();
    }
  });
}

async function run(el: HTMLElement, path = el.dataset["command"] ?? ""): Promise<void> {
  if (el.getAttribute("aria-busy")) return;
  let body = JSON.parse(el.dataset["body"] || "{}") as Row;
  const dialog = el.dataset["dialog"] ? $<HTMLDialogElement>(el.dataset["dialog"]) : null;
  if (dialog) {
    const fields = await ask(dialog);
    if (!fields) return;
    body = { ...body, ...Object.fromEntries(Object.entries(fields).filter(([, v]) => v !== null)) };
  }
  el.setAttribute("aria-busy", "true");
  try {
    const { data, audit } = await call<Row | null>(el.dataset["method"] ?? "POST", path, body);
    const undo = audit ?? (typeof data?.["audit_id"] === "string" ? data["audit_id"] : null);
    if (el.dataset["done"]) toast({ text: el.dataset["done"], undo });
    await go((el.dataset["then"] ?? location.href).replace("{id}", String(data?.["id"] ?? "")), !el.dataset["then"]);
  } catch (e) {
    showProblem(e);
  } finally {
    el.removeAttribute("aria-busy");
  }
}

/** Dialogs that the server wants open at once: `<dialog data-show>`. */
export function mountDialogs(root: ParentNode): void {
  for (const d of root.querySelectorAll<HTMLDialogElement>("dialog[data-show]")) if (!d.open) d.showModal();
}
