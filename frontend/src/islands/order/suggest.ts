// The list under the cell being typed: article, name, price for this very document, what is free in stock.
import { aborted, call, message, type Row } from "../../lib/api.ts";
import { local } from "../../lib/decimal.ts";
import { $$, debounce, h, marked, uid } from "../../lib/dom.ts";
import { t } from "../../lib/texts.ts";
import { either } from "./lookup.ts";
import { text } from "./model.ts";

export class Suggest {
  readonly box: HTMLElement;
  items: Row[] = [];
  private prices: Row[] = [];
  private at = -1;
  private query = "";
  private pending: AbortController | undefined;
  private readonly list: HTMLUListElement;
  private readonly pick: (p: Row) => void;
  private readonly question: (lines: Row[]) => Row | null;
  private readonly path: string;
  private input: HTMLInputElement | undefined;
  private cell: HTMLElement | undefined;

  constructor(form: HTMLElement, scroll: HTMLElement, path: string, question: (lines: Row[]) => Row | null, pick: (p: Row) => void) {
    this.pick = pick;
    this.question = question;
    this.path = path;
    this.list = h("ul", { role: "listbox", id: uid("sug"), "aria-label": t("suggestions") });
    this.box = h("div", { class: "k-sug", hidden: true },
      h("div", { class: "hd" }, h("span", {}, t("sku")), h("span", {}, t("name")), h("span", { class: "r" }, t("price")), h("span", { class: "r" }, t("available")), h("span")),
      this.list,
      h("footer", { class: "k-hint" }, h("span", {}, h("kbd", {}, "⏎"), t("take-to-quantity")), h("span", {}, h("kbd", {}, "Ctrl"), h("kbd", {}, "V"), t("paste-table")), h("span", {}, h("kbd", {}, "F9"), t("last-order"))));
    form.append(this.box);
    scroll.addEventListener("scroll", () => { if (this.open) this.place(); }, { passive: true });
  }

  get open(): boolean { return !this.box.hidden; }
  get chosen(): Row | null { return this.items[this.at] ?? null; }

  attach(input: HTMLInputElement, cell: HTMLElement): void {
    this.input = input;
    for (const [k, v] of Object.entries({ role: "combobox", "aria-controls": this.list.id, "aria-autocomplete": "list", "aria-expanded": "false" })) input.setAttribute(k, v);
    this.cell = cell;
    this.place();
  }

  private place(): void {
    if (!this.cell) return;
    const c = this.cell.getBoundingClientRect();
    const below = innerHeight - c.bottom > 310 || c.top < 310;
    this.box.style.left = `${Math.max(8, Math.min(c.left, innerWidth - 620))}px`;
    this.box.style.top = below ? `${c.bottom + 2}px` : "";
    this.box.style.bottom = below ? "" : `${innerHeight - c.top + 2}px`;
  }

  readonly type = debounce(80, (q: string, other: string | null) => void this.load(q, other).catch(() => undefined));

  async load(q: string, other: string | null): Promise<void> {
    this.pending?.abort();
    if (q.length < 2) { this.close(); return; }
    const mine = (this.pending = new AbortController());
    this.query = q;
    try {
      const named = await either(q, other, 8, mine.signal);
      this.items = named.found;
      if (named.found.length) this.query = named.q;
      this.prices = [];
      this.show();
      const ask = this.question(this.items.map(p => ({ product_id: text(p["id"]), quantity: "1" })));
      if (!ask || !this.items.length) return;
      const { data } = await call<Row>("POST", this.path, ask, { signal: mine.signal });
      this.prices = Array.isArray(data["lines"]) ? (data["lines"] as Row[]) : [];
      this.show();
    } catch (e) {
      // a product may have no price yet: the names stay, the figures are left out
      if (!aborted(e) && !this.items.length) { this.list.replaceChildren(h("li", { class: "none" }, message(e))); this.box.hidden = false; }
    }
  }

  private show(): void {
    if (this.at < 0 || this.at >= this.items.length) this.at = this.items.length ? 0 : -1;
    this.list.replaceChildren(...(this.items.length ? this.items.map((p, i) => {
      const line = this.prices[i];
      const price = text(line?.["price"]), free = text(line?.["available"]);
      return h("li", { role: "option", id: uid("s"), mousedown: (e: MouseEvent) => { e.preventDefault(); this.pick(p); } },
        h("span", { class: "cut" }, ...marked(text(p["sku"]), this.query)), h("span", { class: "cut" }, ...marked(text(p["title"]) || text(p["name"]), this.query)),
        h("span", { class: "r n" }, price ? local(price, 2) : ""), h("span", { class: `r n ${free.startsWith("-") || free === "0" ? "neg" : "m1"}` }, free ? local(free) : ""), h("span", { class: "s11 m2 nw" }, text(line?.["hint"])));
    }) : [h("li", { class: "none" }, t("nothing-found", { q: this.query }))]));
    this.box.hidden = false;
    this.input?.setAttribute("aria-expanded", "true");
    this.mark();
  }

  move(step: number): void {
    if (!this.items.length) return;
    this.at = (this.at + step + this.items.length) % this.items.length;
    this.mark();
  }

  private mark(): void {
    $$("li[role=option]", this.list).forEach((li, i) => {
      li.classList.toggle("on", i === this.at);
      li.setAttribute("aria-selected", String(i === this.at));
      if (i === this.at) this.input?.setAttribute("aria-activedescendant", li.id);
    });
  }

  close(): void {
    this.type.cancel();
    this.pending?.abort();
    this.items = [];
    this.at = -1;
    this.box.hidden = true;
    this.input?.setAttribute("aria-expanded", "false");
    this.input?.removeAttribute("aria-activedescendant");
  }
}
