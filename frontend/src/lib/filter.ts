// The filter field: `борг>10000` becomes a chip, a bare word becomes the search, Backspace opens the last chip.
// The form's hidden inputs are the state; submitting it changes the address bar.
import { $, $$, folded, h, icon, json, once, uid } from "./dom.ts";
import { typed } from "./decimal.ts";
import { go } from "./navigate.ts";
import { t } from "./texts.ts";

interface Field { field: string; label: string; type?: "text" | "number" | "date" | "bool" | "choice" | "ref"; choices?: { value: string; label: string }[] }

const OPS: [typed: string, suffix: string, shown: string][] = [
  ["!=", "ne", "≠"], ["<>", "ne", "≠"], ["≠", "ne", "≠"], [">=", "ge", "≥"], ["<=", "le", "≤"], ["≥", "ge", "≥"], ["≤", "le", "≤"],
  [">", "gt", ">"], ["<", "lt", "<"], ["~", "contains", "~"], ["^", "starts", "^"], ["=", "", ":"], [":", "", ":"],
];

export function mountFilters(root: ParentNode): void {
  for (const form of $$<HTMLFormElement>("form[data-filter]", root)) if (once(form, "filter")) new Filter(form);
}

class Filter {
  private readonly form: HTMLFormElement;
  private readonly input: HTMLInputElement;
  private readonly fields: Field[];
  private readonly pick: HTMLUListElement;
  private at = -1;

  constructor(form: HTMLFormElement) {
    this.form = form;
    this.input = $<HTMLInputElement>("input[data-typing]", form) ?? h("input");
    this.fields = json<Field[]>("[data-fields]", [], form);
    this.pick = h("ul", { class: "k-pick", role: "listbox", id: uid("pick"), hidden: true, "aria-label": t("filter") });
    form.append(this.pick);
    this.input.setAttribute("role", "combobox");
    this.input.setAttribute("aria-controls", this.pick.id);
    this.input.setAttribute("aria-expanded", "false");
    this.input.autocomplete = "off";
    this.input.addEventListener("keydown", e => this.onKey(e));
    this.input.addEventListener("input", () => this.suggest());
    this.input.addEventListener("blur", () => setTimeout(() => this.hide(), 150));
    form.addEventListener("click", e => {
      const b = (e.target as Element).closest("button[data-drop]");
      if (b) { b.closest(".k-chip")?.remove(); this.submit(); }
    });
    form.addEventListener("change", e => { if (e.target !== this.input) this.submit(); });
    form.addEventListener("submit", e => { e.preventDefault(); this.take(); });
  }

  /** Splits `label op value`; null when it is a plain word. */
  private parse(text: string): { field: Field; suffix: string; shown: string; value: string } | null {
    for (const f of [...this.fields].sort((a, b) => b.label.length - a.label.length)) {
      for (const name of [f.label, f.field]) {
        if (!folded(text).startsWith(folded(name))) continue;
        const rest = text.slice(name.length).trimStart();
        const op = OPS.find(o => rest.startsWith(o[0]));
        if (op) return { field: f, suffix: op[1], shown: op[2], value: rest.slice(op[0].length).trim() };
      }
    }
    return null;
  }

  private take(): void {
    const options = $$("li", this.pick);
    if (!this.pick.hidden && this.at >= 0) { options[this.at]?.dispatchEvent(new MouseEvent("mousedown", { bubbles: true })); return; }
    const text = this.input.value.trim();
    const p = this.parse(text);
    if (p && p.value === "") return;
    if (p) {
      this.add(p);
      this.input.value = "";
    }
    this.submit();
  }

  private add(p: { field: Field; suffix: string; shown: string; value: string }): void {
    const choice = p.field.choices?.find(c => folded(c.label) === folded(p.value) || c.value === p.value);
    const value = choice?.value ?? (p.field.type === "number" ? typed(p.value) ?? p.value : p.field.type === "date" ? isoDate(p.value) : p.value);
    const suffix = p.suffix || (p.field.type === "text" || !p.field.type ? "contains" : "");
    const name = suffix ? `${p.field.field}.${suffix}` : p.field.field;
    this.input.before(h("span", { class: "k-chip" },
      h("input", { type: "hidden", name, value }),
      h("span", { class: "f" }, p.field.label), h("span", { class: "o" }, p.shown), h("span", { class: "v" }, choice?.label ?? p.value),
      h("button", { type: "button", "data-drop": true, "aria-label": t("remove-condition", { name: p.field.label }) }, icon("x", true))));
  }

  private submit(): void {
    const q = new URLSearchParams();
    for (const [k, v] of new FormData(this.form)) if (typeof v === "string" && v.trim()) q.append(k, v.trim());
    const url = `${this.form.getAttribute("action") ?? location.pathname}${q.size ? `?${q}` : ""}`;
    void go(url).then(() => {
      const again = $<HTMLInputElement>("form[data-filter] input[data-typing]");
      again?.focus();
      again?.setSelectionRange(again.value.length, again.value.length);
    });
  }

  private onKey(e: KeyboardEvent): void {
    const options = $$("li", this.pick);
    if ((e.key === "ArrowDown" || e.key === "ArrowUp") && options.length && !this.pick.hidden) {
      e.preventDefault();
      this.at = (this.at + (e.key === "ArrowDown" ? 1 : -1) + options.length) % options.length;
      options.forEach((o, i) => { o.classList.toggle("on", i === this.at); o.setAttribute("aria-selected", String(i === this.at)); });
      this.input.setAttribute("aria-activedescendant", options[this.at]?.id ?? "");
    } else if (e.key === "Tab" && !this.pick.hidden && options.length && this.input.value) {
      e.preventDefault();
      options[Math.max(0, this.at)]?.dispatchEvent(new MouseEvent("mousedown", { bubbles: true }));
    } else if (e.key === "Backspace" && !this.input.value) {
      const chip = $$(".k-chip", this.form).at(-1);
      if (!chip) return;
      e.preventDefault();
      const text = (c: string) => $(c, chip)?.textContent ?? "";
      this.input.value = `${text(".f")}${text(".o")}${text(".v")}`;
      chip.remove();
      this.suggest();
    } else if (e.key === "Escape") {
      if (!this.pick.hidden) this.hide();
      else { this.input.value = ""; this.input.blur(); $("#main")?.focus(); }
    }
  }

  private suggest(): void {
    const text = this.input.value.trim();
    const p = text ? this.parse(text) : null;
    const rows: { label: string; side: string; text: string; done: boolean }[] = [];
    if (p?.field.choices) {
      for (const c of p.field.choices.filter(c => folded(c.label).includes(folded(p.value))).slice(0, 10))
        rows.push({ label: `${p.field.label} ${p.shown} ${c.label}`, side: "", text: `${p.field.label}${p.shown}${c.label}`, done: true });
    } else if (!p && text) {
      for (const f of this.fields.filter(f => folded(f.label).startsWith(folded(text))).slice(0, 8))
        rows.push({ label: f.label, side: f.type === "number" || f.type === "date" ? "> < :" : ":", text: `${f.label}${f.type === "number" || f.type === "date" ? ">" : ":"}`, done: false });
    }
    this.at = -1;
    this.pick.replaceChildren(...rows.map(r => h("li", { role: "option", id: uid("o"), mousedown: (e: MouseEvent) => {
      e.preventDefault();
      this.input.value = r.text;
      this.hide();
      if (r.done) this.take(); else { this.input.focus(); this.suggest(); }
    } }, r.label, h("span", { class: "m2" }, r.side))));
    this.pick.style.left = `${this.input.offsetLeft}px`;
    this.pick.hidden = rows.length === 0;
    this.input.setAttribute("aria-expanded", String(rows.length > 0));
  }

  private hide(): void {
    this.pick.hidden = true;
    this.at = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

/** `21.11.2026` or `21.11` as an ISO date; anything else as it stands. */
function isoDate(text: string): string {
  const m = /^(\d{1,2})[./](\d{1,2})(?:[./](\d{2,4}))?$/.exec(text);
  if (!m) return text;
  const year = m[3] ? (m[3].length === 2 ? `20${m[3]}` : m[3]) : String(new Date().getFullYear());
  return `${year}-${m[2]?.padStart(2, "0")}-${m[1]?.padStart(2, "0")}`;
}
