// A reference field (WAI-ARIA combobox with a list popup): the visible input searches, the hidden one holds the id.
// <div class="k-combo" data-combobox="/partners"> <input type="hidden" name="partner_id"> <input class="form-control"> </div>
import { aborted, get, message, type Row } from "./api.ts";
import { $, $$, debounce, h, icon, marked, once, uid } from "./dom.ts";
import { t } from "./texts.ts";

export interface Item extends Row { id: string; title: string }

export function mountComboboxes(root: ParentNode): void {
  for (const el of $$("[data-combobox]", root)) if (once(el, "combo")) new Combobox(el);
}

class Combobox {
  private readonly el: HTMLElement;
  private readonly id: HTMLInputElement;
  private readonly input: HTMLInputElement;
  private readonly list: HTMLUListElement;
  private items: Item[] = [];
  private at = -1;
  private chosen: string;
  private pending: AbortController | undefined;
  private readonly load = debounce(110, () => void this.fetch());

  constructor(el: HTMLElement) {
    this.el = el;
    this.id = $<HTMLInputElement>("input[type=hidden]", el) ?? h("input");
    this.input = $<HTMLInputElement>("input:not([type=hidden])", el) ?? h("input");
    this.list = h("ul", { class: "k-pick", role: "listbox", id: uid("list"), hidden: true });
    this.list.setAttribute("aria-label", this.input.getAttribute("aria-label") ?? this.input.labels?.[0]?.textContent ?? "");
    if (!$(".ic", el)) el.append(icon("chevron-down", true));
    el.append(this.list);
    this.chosen = this.input.value;
    for (const [k, v] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id, autocomplete: "off", spellcheck: "false" })) this.input.setAttribute(k, v);
    this.input.addEventListener("input", () => { if (!this.input.value) this.choose(null); this.load(); });
    this.input.addEventListener("keydown", e => this.onKey(e));
    this.input.addEventListener("click", () => { if (this.list.hidden) { this.input.select(); void this.fetch(true); } });
    // Whoever is back in the field within this time has not left it.
    this.input.addEventListener("blur", () => setTimeout(() => { if (document.activeElement !== this.input) this.leave(); }, 120));
    el.addEventListener("kontor:set", e => { const d = (e as CustomEvent<Item>).detail; this.choose(d); });
  }

  private async fetch(everything = false): Promise<void> {
    this.pending?.abort();
    this.pending = new AbortController();
    const q = everything ? "" : this.input.value.trim();
    const source = this.el.dataset["combobox"] ?? "";
    const params = new URLSearchParams({ limit: "20", fields: "title" });
    if (q) params.set("q", q);
    for (const [k, v] of new URLSearchParams(this.el.dataset["where"] ?? "")) params.set(k, v);
    for (const dep of (this.el.dataset["depends"] ?? "").split(" ").filter(Boolean)) {
      const other = this.input.form?.elements.namedItem(dep);
      if (other instanceof HTMLInputElement && other.value) params.set(dep, other.value);
    }
    try {
      const { items } = await get<Row & { items: Item[] }>(`${source}${source.includes("?") ? "&" : "?"}${params}`, this.pending.signal);
      // what the keys have come to stays marked when the same list arrives once more
      const kept = this.items[this.at]?.id;
      this.items = items;
      this.show(q, items.findIndex(it => it.id === kept));
    } catch (e) {
      if (aborted(e)) return;
      this.list.replaceChildren(h("li", { class: "none neg" }, message(e)));
      this.open(true);
    }
  }

  private show(q: string, at = -1): void {
    const create = this.el.dataset["create"];
    this.list.replaceChildren(
      ...this.items.map((it, i) => h("li", { role: "option", id: uid("o"), mousedown: (e: MouseEvent) => { e.preventDefault(); this.choose(this.items[i] ?? null); this.open(false); } },
        h("span", {}, ...marked(String(it.title), q)), it["subtitle"] ? h("span", { class: "m2" }, String(it["subtitle"])) : null)),
      ...(this.items.length ? [] : [h("li", { class: "none" }, t("nothing-found", { q }))]),
      ...(create && q ? [h("li", { class: "none" }, h("a", { class: "lk", href: `${create}${create.includes("?") ? "&" : "?"}name=${encodeURIComponent(q)}` }, t("create", { name: q })))] : []));
    this.open(true);
    this.mark(at < 0 && this.items.length && q ? 0 : at);
  }

  private mark(i: number): void {
    this.at = i;
    $$("li[role=option]", this.list).forEach((li, n) => {
      li.classList.toggle("on", n === i);
      li.setAttribute("aria-selected", String(n === i));
      if (n === i) { this.input.setAttribute("aria-activedescendant", li.id); li.scrollIntoView({ block: "nearest" }); }
    });
    if (i < 0) this.input.removeAttribute("aria-activedescendant");
  }

  private open(on: boolean): void {
    this.list.hidden = !on;
    this.input.setAttribute("aria-expanded", String(on));
    if (!on) this.mark(-1);
  }

  private choose(item: Item | null): void {
    this.id.value = item ? String(item.id) : "";
    this.input.value = this.chosen = item ? String(item.title) : "";
    this.input.removeAttribute("aria-invalid");
    this.id.dispatchEvent(new Event("change", { bubbles: true }));
    this.el.dispatchEvent(new CustomEvent("kontor:chosen", { bubbles: true, detail: item }));
  }

  private leave(): void {
    this.open(false);
    this.load.cancel();
    if (this.input.value !== this.chosen) this.input.value = this.chosen;
  }

  private onKey(e: KeyboardEvent): void {
    const n = this.items.length;
    if (e.key === "ArrowDown" || e.key === "ArrowUp") {
      e.preventDefault();
      if (this.list.hidden) void this.fetch(true);
      else if (n) this.mark((this.at + (e.key === "ArrowDown" ? 1 : -1) + n) % n);
    } else if (e.key === "Enter" && !this.list.hidden && this.at >= 0 && !e.ctrlKey) {
      e.preventDefault();
      e.stopPropagation();
      this.choose(this.items[this.at] ?? null);
      this.open(false);
    } else if (e.key === "Tab" && !this.list.hidden && this.at >= 0) {
      this.choose(this.items[this.at] ?? null);
    } else if (e.key === "Escape" && !this.list.hidden) {
      e.preventDefault();
      e.stopPropagation();
      this.leave();
    }
  }
}
