// The grid itself: cells, the caret, typing over, moving. Knows columns and lines, nothing of prices or the server.
import { less, local, parts, percentSign } from "../../lib/decimal.ts";
import { $, $$, h } from "../../lib/dom.ts";
import { pressed } from "../../lib/keys.ts";
import { t } from "../../lib/texts.ts";
import { isBlank, text, value, type Line } from "./model.ts";
import { Typing } from "./scan.ts";

interface Col { name: string; edit: boolean; right: boolean; least: number; label: string; css: string }
export interface Owner {
  lines(): Line[];
  /** `other`: what the same keys write in the Latin layout, where that differs */
  commit(row: number, col: string, value: string, other: string | null): boolean;
  scanned(code: string): void;
  typing(row: number, col: string, input: HTMLInputElement, cell: HTMLElement): void;
  /** true when the key was taken */
  keys(e: KeyboardEvent, row: number, col: string, editing: boolean): boolean;
  left(): void;
  paste(row: number, tsv: string): void;
}

const SPARE = 6;

export class Sheet {
  row = 0;
  col = "sku";
  private readonly table: HTMLTableElement;
  private readonly body: HTMLTableSectionElement;
  private readonly cols: Col[];
  private readonly owner: Owner;
  private input: HTMLInputElement | null = null;
  private pinned = -1;
  private readonly hand = new Typing();
  private readonly painted = new WeakMap<HTMLTableRowElement, string>();

  constructor(table: HTMLTableElement, owner: Owner) {
    this.table = table;
    this.owner = owner;
    this.body = table.tBodies[0] ?? table.createTBody();
    this.cols = $$("thead th[data-col]", table).map(th => ({ name: th.dataset["col"] ?? "", edit: th.dataset["edit"] !== undefined, right: th.classList.contains("r"), least: Number(th.dataset["least"] ?? 0), label: th.textContent?.trim() ?? "", css: ["p2", "p3", "p4"].filter(c => th.classList.contains(c)).join(" ") }));
    table.setAttribute("role", "grid");
    this.body.addEventListener("mousedown", e => this.onMouse(e));
    this.body.addEventListener("dblclick", () => this.edit());
    this.body.addEventListener("focusin", e => { const at = this.where(e.target); if (at && !this.input) [this.row, this.col] = at; });
    this.body.addEventListener("keydown", e => this.onKey(e));
    this.body.addEventListener("paste", e => this.onPaste(e));
  }

  numeric = (col: string): boolean => this.cols.find(c => c.name === col)?.right ?? false;
  has = (col: string): boolean => this.cols.some(c => c.name === col);
  private editable = (): Col[] => this.cols.filter(c => c.edit);

  draw(): void {
    this.drop();
    const lines = this.owner.lines();
    while (lines.length && isBlank(lines[lines.length - 1] as Line)) lines.pop();
    const spare = this.editable().length ? SPARE : 0;
    this.body.replaceChildren(...Array.from({ length: lines.length + spare }, (_, i) => this.tr(i)));
    this.table.setAttribute("aria-rowcount", String(lines.length + 1));
    this.fit();
  }

  /** A figure is never cut: its column is as wide as the longest of this document. */
  private fit(): void {
    const heads = $$<HTMLElement>("thead th", this.table);
    const widths = $$<HTMLElement>("col", this.table);
    for (const c of this.cols.filter(c => c.right && c.name !== "n")) {
      const col = widths[heads.findIndex(th => th.dataset["col"] === c.name)];
      if (!col) continue;
      const usual = Number(col.dataset["usual"] ??= col.getAttribute("width") ?? "0");
      let longest = 0;
      for (const line of this.owner.lines()) longest = Math.max(longest, parts(value(line, c.name), c.least).join("").length + (c.name === "margin_percent" ? 2 : 0));
      const width = String(Math.max(usual, Math.min(200, Math.ceil(longest * 8) + 22)));
      if (col.getAttribute("width") !== width) col.setAttribute("width", width);
    }
  }

  private tr(i: number): HTMLTableRowElement {
    const line = this.owner.lines()[i];
    const tr = h("tr", line ? {} : { class: "ghost" });
    if (line) this.painted.set(tr, this.sign(line, i));
    tr.append(h("td", {}, i + 1), ...this.cols.filter(c => c.name !== "n").map(c => this.td(line, i, c)));
    return tr;
  }

  private td(line: Line | undefined, i: number, c: Col): HTMLTableCellElement {
    const td = h("td", { role: "gridcell", tabindex: i === this.row && c.name === this.col ? 0 : -1, "data-c": c.name });
    this.paint(td, line, c, i);
    return td;
  }

  private paint(td: HTMLTableCellElement, line: Line | undefined, c: Col, i: number): void {
    const v = line ? value(line, c.name) : "";
    const css = [c.right ? "r" : "", c.css, c.name === "quantity" ? "b5" : ["sku", "available", "margin_percent", "discount_percent"].includes(c.name) ? "m1" : c.name === "unit" ? "sub" : ""];
    let err = "";
    if (line) {
      err = line.errors[c.name] ?? "";
      if (err) css.push("err");
      if ((c.name === "price" && line.price !== null) || (c.name === "discount_percent" && line.discount !== null)) css.push("man");
      if (c.name === "available" && v && line.quantity && less(v, line.quantity)) css.push("low");
      if (c.name === "margin_percent" && (v.startsWith("-") || line.server?.["margin_thin"] === true)) css.push("thin");
      if (c.name === "price" && i === this.pinned) css.push("cell-pin");
    }
    td.className = css.filter(Boolean).join(" ");
    const rule = line && c.name === "price" && line.price !== null ? text(line.server?.["rule_price"]) : "";
    const hint = err || (rule ? t("by-rule", { price: local(rule, 2) }) : "");
    if (hint) td.title = hint; else td.removeAttribute("title");
    td.setAttribute("aria-invalid", String(!!err));
    if (!line && c.name === "name" && i === this.owner.lines().length) { td.replaceChildren(h("span", { class: "m2 s12" }, i === this.row ? t("type-product") : "")); return; }
    if (c.right && v) {
      const [whole, frac] = parts(v, c.least);
      td.replaceChildren(h("span", { class: "n" }, whole, c.name === "amount" && frac ? h("i", {}, frac) : frac, c.name.endsWith("_percent") && c.name !== "discount_percent" ? percentSign() : ""));
    } else td.textContent = v;
    if (c.name === "name" && v && !hint) td.title = v;
  }

  /** Paints values again without touching the cell being typed in. */
  refresh(): void {
    const lines = this.owner.lines();
    for (let i = 0; i < lines.length; i++) {
      const tr = this.body.rows[i];
      if (!tr || this.painted.get(tr) !== this.sign(lines[i] as Line, i)) this.redraw(i);
    }
    this.fit();
  }
  /** What a row shows, so that an answer about a thousand lines repaints only those that changed. */
  private sign = (l: Line, i: number): string => [...this.cols.map(c => value(l, c.name)), l.price === null, l.discount === null, l.server?.["margin_thin"], i === this.pinned, ...Object.values(l.errors)].join("\u0001");
  redraw(i: number): void {
    const tr = this.body.rows[i];
    const line = this.owner.lines()[i];
    if (!tr) return this.draw();
    tr.classList.toggle("ghost", !line);
    if (line) this.painted.set(tr, this.sign(line, i));
    let n = 1;
    for (const c of this.cols) {
      if (c.name === "n") continue;
      const td = tr.cells[n++];
      if (td && !(this.input && td.contains(this.input))) this.paint(td, line, c, i);
    }
    if (i >= this.body.rows.length - 2 && this.editable().length) for (let k = 0; k < SPARE; k++) this.body.append(this.tr(this.body.rows.length));
  }
  pin(row: number): void {
    const had = this.pinned;
    this.pinned = row;
    for (const i of [had, row]) if (i >= 0) { this.redraw(i); this.body.rows[i]?.classList.toggle("cur", i === row); }
  }

  private cell = (row: number, col: string): HTMLTableCellElement | null => $<HTMLTableCellElement>(`td[data-c="${col}"]`, this.body.rows[row] ?? document.createElement("tr"));
  private where(target: EventTarget | null): [number, string] | null {
    const td = (target as Element | null)?.closest?.<HTMLTableCellElement>("td[data-c]");
    const tr = td?.closest("tr");
    return td && tr ? [tr.sectionRowIndex, td.dataset["c"] ?? "sku"] : null;
  }

  focus(): void {
    for (const td of $$("td[tabindex='0']", this.body)) { td.tabIndex = -1; td.classList.remove("cell-on"); }
    const td = this.cell(this.row, this.col);
    if (!td) return;
    td.tabIndex = 0;
    td.classList.add("cell-on");
    td.focus({ preventScroll: true });
    td.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  go(row: number, col: string, edit: boolean): void {
    this.finish();
    this.row = Math.max(0, Math.min(row, this.owner.lines().length));
    this.col = this.cols.some(c => c.name === col) ? col : "sku";
    if (this.row >= this.body.rows.length) this.draw();
    this.focus();
    if (edit) this.edit();
  }

  edit(start?: string): void {
    const c = this.cols.find(x => x.name === this.col);
    const td = this.cell(this.row, this.col);
    if (!c?.edit || !td || this.input) return;
    const line = this.owner.lines()[this.row];
    const shown = line ? value(line, c.name) : "";
    this.hand.begin(start !== undefined && start !== "");
    const input = h("input", { type: "text", "aria-label": `${c.label}, ${t("line-n", { n: this.row + 1 })}`, autocomplete: "off", spellcheck: "false", ...(c.right ? { inputmode: "decimal" } : {}) });
    input.value = start ?? (c.right && shown ? local(shown) : shown);
    td.classList.add("editing", "cell-on");
    td.replaceChildren(input);
    this.input = input;
    input.addEventListener("blur", () => setTimeout(() => { if (this.input === input && document.activeElement !== input) this.finish(); }));
    this.owner.typing(this.row, c.name, input, td);
    input.focus();
    if (start === undefined) input.select();
    else input.dispatchEvent(new Event("input"));
  }

  /** Ends typing and keeps what was typed. */
  finish(): boolean {
    const input = this.input;
    if (!input) return true;
    const v = input.value.trim();
    this.input = null;
    this.owner.left();
    const ok = this.owner.commit(this.row, this.col, v, this.hand.other(v));
    this.cell(this.row, this.col)?.classList.remove("editing", "cell-on");
    this.redraw(this.row);
    return ok;
  }
  /** Ends typing and forgets it. */
  drop(): void {
    if (!this.input) return;
    this.input = null;
    this.owner.left();
    this.cell(this.row, this.col)?.classList.remove("editing");
    this.redraw(this.row);
  }

  /** The caret goes there unless something is being typed. */
  rest(row: number, col: string): void {
    if (!this.input) this.go(row, col, false);
  }
  get other(): string | null { return this.input ? this.hand.other(this.input.value.trim()) : null; }

  private step(dRow: number, dCol: number, wrap = false): void {
    const cols = wrap ? this.editable() : this.cols.filter(c => c.name !== "n");
    let at = cols.findIndex(c => c.name === this.col) + dCol;
    let row = this.row + dRow;
    if (wrap && at >= cols.length) { at = 0; row++; }
    if (wrap && at < 0) { at = cols.length - 1; row--; }
    const next = cols[Math.max(0, Math.min(cols.length - 1, at))];
    if (next && row >= 0) this.go(row, next.name, false);
  }

  /** Enter: from the product to its quantity, from anywhere else to the next line. */
  private enter(): void {
    if (this.col === "sku" || this.col === "name") this.go(this.row, "quantity", !!this.owner.lines()[this.row]?.product);
    else this.go(this.row + 1, "sku", this.row + 1 >= this.owner.lines().length);
  }

  private onKey(e: KeyboardEvent): void {
    const editing = !!this.input;
    if (e.isComposing) return;
    const code = this.editable().length ? this.hand.key(e) : null;
    if (code) {
      e.preventDefault();
      e.stopPropagation();
      this.drop();
      this.focus();
      return this.owner.scanned(code);
    }
    if (this.owner.keys(e, this.row, this.col, editing)) { e.preventDefault(); e.stopPropagation(); return; }
    const key = pressed(e);
    const rtlSafe: Record<string, () => void> = editing
      ? { Enter: () => this.typedEnter(), Tab: () => { if (this.finish()) this.step(0, 1, true); }, "shift+Tab": () => { if (this.finish()) this.step(0, -1, true); }, Escape: () => { this.drop(); this.focus(); }, ArrowDown: () => { if (this.finish()) this.step(1, 0); }, ArrowUp: () => { if (this.finish()) this.step(-1, 0); } }
      : { Enter: () => (this.cols.find(c => c.name === this.col)?.edit && (isEmpty(this.owner.lines()[this.row], this.col) || this.col === "quantity") ? this.edit() : this.enter()), F2: () => this.edit(), ArrowDown: () => this.step(1, 0), ArrowUp: () => this.step(-1, 0), ArrowLeft: () => this.step(0, -1), ArrowRight: () => this.step(0, 1), Home: () => this.go(this.row, "sku", false), "ctrl+Home": () => this.go(0, "sku", false), "ctrl+End": () => this.go(this.owner.lines().length, "sku", false), PageDown: () => this.step(12, 0), PageUp: () => this.go(Math.max(0, this.row - 12), this.col, false), Delete: () => { this.owner.commit(this.row, this.col, "", null); this.redraw(this.row); this.focus(); }, Backspace: () => this.edit("") };
    const f = rtlSafe[key];
    if (f) {
      e.preventDefault();
      e.stopPropagation();
      f();
    } else if (!editing && e.key.length === 1 && !e.ctrlKey && !e.metaKey && !e.altKey) {
      e.preventDefault();
      e.stopPropagation();
      this.edit(e.key);
    } else if (!editing && key === "Tab") {
      const cols = this.editable();
      const last = cols.findIndex(c => c.name === this.col) === cols.length - 1 && this.row >= this.owner.lines().length;
      if (!last && cols.length) { e.preventDefault(); this.step(0, 1, true); }
    } else if (!editing && key === "shift+Tab" && !(this.row === 0 && this.editable()[0]?.name === this.col)) {
      e.preventDefault();
      this.step(0, -1, true);
    }
  }

  private typedEnter(): void {
    const empty = !this.input?.value.trim();
    if (!this.finish()) return this.focus();
    if (empty && this.row >= this.owner.lines().length) return this.focus();
    this.enter();
  }

  private onMouse(e: MouseEvent): void {
    if (this.input && this.cell(this.row, this.col)?.contains(e.target as Node)) return;
    const at = this.where(e.target);
    if (!at) return;
    e.preventDefault();
    const row = Math.min(at[0], this.owner.lines().length);
    const again = row === this.row && at[1] === this.col;
    this.go(row, row < at[0] ? "sku" : at[1], again || row >= this.owner.lines().length);
  }

  private onPaste(e: ClipboardEvent): void {
    const tsv = e.clipboardData?.getData("text/plain") ?? "";
    const many = /[\t\n]/.test(tsv.trimEnd());
    if (!this.editable().length || (!many && this.input)) return;
    e.preventDefault();
    if (many) this.owner.paste(this.row, tsv);
    else this.edit(tsv.trim());
  }
}

const isEmpty = (l: Line | undefined, col: string): boolean => !l || !value(l, col);
