// The matching queue: a line is chosen by arrows, its candidate by a number, what it is by a letter; then the next one.
// <table data-island="matching"> <tr data-match="id" [data-done]> <form> input[name=product_id], button[name=do]
import { $, $$, isTyping } from "../lib/dom.ts";
import { lettersOff } from "../lib/keys.ts";

const VERBS: Record<string, string> = { Enter: "accept", NumpadEnter: "accept", KeyA: "accept", KeyR: "reject", Delete: "reject", KeyC: "create" };

export function mount(table: HTMLElement): void {
  const rows = (): HTMLElement[] => $$("tr[data-match]", table);
  const here = (): HTMLElement | undefined => rows().find(r => r.getAttribute("aria-current") === "true");

  function choose(row: HTMLElement | undefined, focus = true): void {
    if (!row) return;
    for (const r of rows()) {
      const on = r === row;
      r.toggleAttribute("aria-current", on);
      if (on) r.setAttribute("aria-current", "true");
      r.tabIndex = on ? 0 : -1;
    }
    if (focus) row.focus();
    row.scrollIntoView({ block: "nearest" });
  }

  const next = (row: HTMLElement): HTMLElement | undefined => {
    const all = rows(), at = all.indexOf(row);
    return all.slice(at + 1).find(r => r.dataset["done"] === undefined) ?? all.find(r => r !== row && r.dataset["done"] === undefined);
  };

  table.addEventListener("focusin", e => {
    const row = (e.target as Element).closest<HTMLElement>("tr[data-match]");
    if (row && row !== here()) choose(row, false);
  });

  table.addEventListener("keydown", e => {
    const row = here();
    if (!row || e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
    const typing = isTyping(e.target);
    if (e.key === "Escape" && typing) {
      row.focus();
      return;
    }
    if (typing || (e.target as Element).closest("a, button")) return;
    const all = rows();
    if (e.key === "ArrowDown" || e.key === "ArrowUp") choose(all[all.indexOf(row) + (e.key === "ArrowDown" ? 1 : -1)]);
    else if (/^Digit[1-9]$/.test(e.code)) {
      const radio = $$<HTMLInputElement>("input[name=product_id]", row)[Number(e.code.slice(5)) - 1];
      if (!radio) return;
      radio.checked = true;
    } else if (e.code === "Slash" || e.code === "KeyS") $<HTMLInputElement>(".k-other input.form-control", row)?.focus();
    else {
      const verb = VERBS[e.code];
      if (!verb || (lettersOff() && e.code.startsWith("Key"))) return;
      $<HTMLButtonElement>(`button[value=${verb}]`, row)?.click();
    }
    e.preventDefault();
  });

  // an answer has taken the place of the row: what is decided gives way to the next one
  table.addEventListener("htmx:afterSwap", e => {
    const row = (e as CustomEvent<{ elt: HTMLElement }>).detail.elt;
    const now = row.isConnected ? row : $(`tr[data-match="${row.dataset["match"] ?? ""}"]`, table);
    if (!now) return;
    choose(now.dataset["done"] === undefined ? now : next(now) ?? now);
  });

  choose(rows().find(r => r.dataset["done"] === undefined), document.activeElement === document.body || document.activeElement?.id === "main");
}
