// Rights of a role: rows are found while typing, cells are gone through with arrows and set by digits (0 none … 3 all),
// Shift and a digit sets the row; what is not saved yet is marked and counted. Without it the table is a form.
import { $, $$, folded, h } from "../lib/dom.ts";

const LEVELS = ["none", "own", "team", "all"];

export function mount(root: HTMLElement): void {
  find(root);
  const form = $<HTMLFormElement>("form[data-form]", root);
  if (!form) return;
  const cells = (row: Element): HTMLSelectElement[] => $$<HTMLSelectElement>("select[data-was]", row);

  function set(cell: HTMLSelectElement, level: string): void {
    if (cell.value === level) return;
    // what knows only yes or no is told by the nearest
    cell.value = [...cell.options].some(o => o.value === level) ? level : level === "none" ? "none" : "all";
    cell.dispatchEvent(new Event("change", { bubbles: true }));
  }

  form.addEventListener("keydown", e => {
    const cell = e.target;
    if (!(cell instanceof HTMLSelectElement) || e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
    const digit = /^(?:Digit|Numpad)([0-3])$/.exec(e.code);
    const row = cell.closest("tr");
    if (!row) return;
    if (digit && cell.dataset["was"] !== undefined) {
      const level = LEVELS[Number(digit[1])] ?? "none";
      if (e.shiftKey) for (const c of cells(row)) set(c, level);
      else set(cell, level);
    } else if (!move(form, cell, row, e.key)) return;
    e.preventDefault();
  });

  const mark = (cell: HTMLSelectElement): void => {
    (cell.closest("label, td") ?? cell).classList.toggle("new", cell.value !== cell.dataset["was"]);
  };
  form.addEventListener("change", e => {
    const el = e.target;
    if (el instanceof HTMLSelectElement && el.dataset["hide"] !== undefined) hide(el);
    else if (el instanceof HTMLSelectElement && el.dataset["was"] !== undefined) mark(el);
    const row = el instanceof Element ? el.closest("tr") : null;
    if (row) brief(row);
    tell(form);
  });
  // a draft that is taken up again fills the cells without a word about each
  form.addEventListener("input", e => { if (e.target instanceof HTMLSelectElement && e.target.dataset["was"] !== undefined) { mark(e.target); tell(form); } });
  tell(form);
}

/** To the cell beside, above or below. Of rows only those that are seen count. */
function move(form: HTMLElement, cell: HTMLSelectElement, row: Element, key: string): boolean {
  const all = (r: Element): HTMLSelectElement[] => $$<HTMLSelectElement>("select", r);
  const here = all(row), at = here.indexOf(cell);
  if (key === "ArrowLeft" || key === "ArrowRight") here[at + (key === "ArrowRight" ? 1 : -1)]?.focus();
  else if (key === "ArrowUp" || key === "ArrowDown") {
    const rows = $$("tr[data-words]:not([hidden])", form);
    const next = rows[rows.indexOf(row as HTMLElement) + (key === "ArrowDown" ? 1 : -1)];
    // the same right where the row has it; rights of its own only beside those
    const same = next && all(next).find(s => s.name.split(".")[2] === cell.name.split(".")[2] && s.name[0] === cell.name[0]);
    (same ?? (next && all(next)[Math.min(at, all(next).length - 1)]))?.focus();
  } else return false;
  return true;
}

/** The chosen field joins the hidden ones. */
function hide(select: HTMLSelectElement): void {
  const chosen = select.selectedOptions[0];
  if (!chosen?.value) return;
  select.before(h("label", { class: "k-chip k-hide new" },
    h("input", { type: "checkbox", class: "form-check-input", name: select.name, value: chosen.value, checked: true }), h("span", { class: "v" }, chosen.text)));
  chosen.remove();
  select.value = "";
}

/** What stands under the name of a folded row. */
function brief(row: Element): void {
  const place = $("[data-brief]", row);
  const given = $$<HTMLSelectElement>("td > select[data-was]", row).filter(s => s.value !== "none");
  if (!place) return;
  place.dataset["none"] ??= given.length ? "—" : place.textContent ?? "—";
  place.textContent = given.map(s => `${s.closest("td")?.dataset["label"] ?? ""} ${(s.selectedOptions[0]?.text ?? "").toLocaleLowerCase()}`).join(" · ") || place.dataset["none"];
}

function tell(form: HTMLElement): void {
  const place = $("[data-changes]", form);
  const n = form.querySelectorAll(".new").length + [...form.querySelectorAll<HTMLInputElement>(".k-hide:not(.new) > input")].filter(i => !i.checked).length;
  if (place) place.textContent = n ? (place.dataset["changes"] ?? "").replace("#", String(n)) : "";
}

function find(root: HTMLElement): void {
  const field = $<HTMLInputElement>("input[data-find]", root);
  if (!field) return;
  // what the address asks for is kept; words narrow it
  const asked = new Set($$("tr[data-words]:not([hidden])", root));
  const begun = field.value;
  if (begun) for (const row of $$("tr[data-words]", root)) asked.add(row);
  const none = $("tbody[data-none]", root);
  const show = (): void => {
    const words = folded(field.value).split(/\s+/).filter(Boolean);
    let any = false;
    for (const body of $$("tbody", root)) {
      if (body === none) continue;
      let some = false;
      for (const row of $$("tr[data-words]", body)) {
        row.hidden = !asked.has(row) || !words.every(w => folded(row.dataset["words"] ?? "").includes(w));
        some ||= !row.hidden;
      }
      body.hidden = !some;
      any ||= some;
    }
    if (none) none.hidden = any;
  };
  field.addEventListener("input", show);
  field.form?.addEventListener("submit", e => e.preventDefault());
  field.addEventListener("keydown", e => {
    if (e.key === "Escape" && field.value) { field.value = ""; show(); e.preventDefault(); }
    if (e.key === "Enter" || e.key === "ArrowDown") { $<HTMLElement>("tr[data-words]:not([hidden]) select", root)?.focus(); e.preventDefault(); }
  });
  show();
}
