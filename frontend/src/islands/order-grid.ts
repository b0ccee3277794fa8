// Lines of a document typed like a spreadsheet. The server renders a working form; this replaces the inputs of its lines
// with a grid, prices every change by a dry run, and saves through the API. Contract: frontend/ISLANDS.md.
import { aborted, call, message, Problem, type Row, type Way } from "../lib/api.ts";
import { $, $$, debounce, json } from "../lib/dom.ts";
import { clock, draft, formJson, savedMark } from "../lib/forms.ts";
import { pressed } from "../lib/keys.ts";
import { wrote } from "../lib/live.ts";
import { beforeLeave, go } from "../lib/navigate.ts";
import { showProblem } from "../lib/problem.ts";
import { t } from "../lib/texts.ts";
import { toast } from "../lib/toast.ts";
import { showBlockers, showTotals } from "./order/blockers.ts";
import { lookUp, typeInto } from "./order/cell.ts";
import { wouldConfirm } from "./order/check.ts";
import { conflict } from "./order/conflict.ts";
import { Panel } from "./order/panel.ts";
import { repeat, shift } from "./order/rows.ts";
import { chosenLines, productNames } from "./order/settle.ts";
import { substitutes } from "./order/substitutes.ts";
import { fieldOf, showHeader } from "./order/header.ts";
import { keep, offer, type Kept } from "./order/kept.ts";
import { Learner } from "./order/learn.ts";
import { column, empty, fromServer, place, setFields, take, takeProduct, text, toInput, type FieldProblem, type Line } from "./order/model.ts";
import { sortErrors } from "./order/refusal.ts";
import { listen } from "./order/scan.ts";
import { Suggest } from "./order/suggest.ts";
import { Sheet } from "./order/sheet.ts";
import { showDeviations, showGifts } from "./order/offers.ts";
import { byTerms, lastOrder, paste, removeLine, scanned, takeFields, takeGifts, type Owner } from "./order/take.ts";
import { why } from "./order/why.ts";

export function mount(el: HTMLElement): void {
  if (el instanceof HTMLFormElement) new OrderGrid(el);
}

class OrderGrid {
  private readonly form: HTMLFormElement;
  private readonly collection: string;
  private readonly sheet: Sheet;
  private readonly suggest: Suggest;
  private lines: Line[];
  private id: string;
  private version: string;
  private changed = false;
  /** Sum of the document as it is stored: the rules may say another one by now, and what is seen is what is confirmed. */
  private stored = "";
  private get apart(): boolean { return !!this.id && this.stored !== "" && this.shown !== "" && Number(this.stored) !== Number(this.shown); }
  private shown = "";
  private asked = 0;
  private pricing: AbortController | undefined;
  private readonly panel: Panel;
  /** Path of the API that prices the document. */
  private readonly pricer: string;
  private readonly learner = new Learner();
  private readonly keeper: ReturnType<typeof draft> | null;
  private readonly price = debounce(140, () => void this.preview());

  constructor(form: HTMLFormElement) {
    this.form = form;
    this.collection = form.dataset["collection"] ?? "sales-orders";
    this.pricer = form.dataset["preview"] ?? `/${this.collection}/preview`;
    this.id = form.dataset["id"] ?? "";
    this.version = form.dataset["version"] ?? "";
    const tableEl = $<HTMLTableElement>("table[data-lines]", form);
    const scroll = tableEl?.closest<HTMLElement>(".k-scroll");
    if (!tableEl || !scroll) throw new Error("the form has no table[data-lines]");
    const kept = json<Kept | null>("[data-draft-data]", null, form);
    const doc = json<Row>("[data-document]", {}, form);
    this.stored = text(doc["total"]);
    const edits = $$("thead th[data-edit]", tableEl).map(th => th.dataset["col"] ?? "").filter(c => !["sku", "quantity", "price", "discount_percent"].includes(c));
    this.lines = (Array.isArray(doc["lines"]) ? (doc["lines"] as Row[]) : []).map(r => fromServer(r, edits));
    this.suggest = new Suggest(form, scroll, this.pricer, lines => this.question(lines), p => this.chosen(p));
    this.sheet = new Sheet(tableEl, {
      lines: () => this.lines,
      commit: (row, col, v, other) => this.commit(row, col, v, other),
      scanned: code => scanned(this.owner, code),
      typing: (row, col, input, cell) => { if (col === "sku" || col === "name") { this.suggest.attach(input, cell); input.addEventListener("input", () => this.suggest.type(input.value.trim(), this.sheet.other)); } void row; },
      keys: (e, row, col, editing) => this.onKey(e, row, col, editing),
      left: () => this.suggest.close(),
      paste: (row, tsv) => void paste(this.owner, row, tsv),
    });
    this.panel = new Panel(form, row => { this.sheet.pin(row); if (row < 0) this.sheet.focus(); });
    const key = form.dataset["draft"];
    this.keeper = key ? draft(key, form, () => keep(form, this.lines)) : null;
    form.addEventListener("submit", e => { e.preventDefault(); void this.save((e.submitter as HTMLButtonElement | null)?.dataset["verb"]); });
    form.addEventListener("change", e => { if ((e.target as HTMLInputElement).name && !(e.target as HTMLElement).closest("[data-lines]")) this.touched(); });
    form.addEventListener("keydown", e => this.formKeys(e));
    const stop = beforeLeave(async () => !this.changed || ((await this.keeper?.flush()) ?? false) || confirm(t("leave-unsaved")));
    form.addEventListener("htmx:beforeCleanupElement", stop);
    addEventListener("beforeunload", e => { if (this.changed && form.isConnected) { if (this.keeper && !this.keeper.lost()) void this.keeper.flush(); else e.preventDefault(); } });
    for (const w of $$("[data-way-line]", form)) w.addEventListener("click", () => this.sheet.go(Number(w.dataset["wayLine"]), w.dataset["wayCol"] ?? "quantity", true));
    this.sheet.draw();
    if (kept?.data) offer(form, kept, lines => { this.lines = lines; this.sheet.draw(); this.touched(); }, () => void this.keeper?.forget());
    if (!this.lines.length && this.editable()) this.begin();
    if (this.editable()) { void this.preview(); listen(form, code => scanned(this.owner, code)); }
  }

  /** An empty document begins with its partner; then the caret goes to the first line. */
  private begin(): void {
    const partner = $<HTMLInputElement>("input[name=partner_id]", this.form);
    const seen = partner?.parentElement ? $<HTMLInputElement>("input:not([type=hidden])", partner.parentElement) : null;
    if (!seen || partner?.value) return this.sheet.go(0, "sku", false);
    seen.focus();
    seen.parentElement?.addEventListener("kontor:chosen", e => { if ((e as CustomEvent).detail && !this.lines.length) setTimeout(() => this.sheet.go(0, "sku", false)); });
  }

  private editable = (): boolean => this.form.dataset["readonly"] === undefined;

  /** Header fields as the API wants them; empty ones are left out of a new document and cleared in an old one. */
  private header(): Row {
    const all = formJson(this.form, name => name !== "version" && name !== "verb" && !name.startsWith("lines["));
    return this.id ? all : Object.fromEntries(Object.entries(all).filter(([, v]) => v !== null));
  }

  private full = (): Line[] => this.lines.filter(l => l.product);
  private input = (): Row => ({ ...this.header(), lines: this.full().map(toInput) });
  private question(lines: Row[]): Row | null {
    const head = this.header();
    return head["partner_id"] || head["company_id"] || this.id ? { ...head, lines } : null;
  }

  private touched(): void {
    this.changed = true;
    this.refusal = [];
    this.keeper?.changed();
    for (const el of $$(".k-tot", this.form)) el.classList.add("stale");
    this.price();
  }

  private commit(row: number, col: string, v: string, other: string | null): boolean {
    const l = (this.lines[row] ??= empty());
    delete l.errors[col];
    if (col === "sku" || col === "name") {
      if (v === l.sku || v === "") return true;
      l.typed = v;
      void lookUp(l, v, other).then(told => { if (told) { this.sheet.redraw(row); this.touched(); } });
    } else if (!typeInto(l, col, v, this.sheet.numeric(col))) return false;
    this.touched();
    return true;
  }

  /** A suggestion was taken: the product stands, the caret goes to the quantity. */
  private chosen(p: Row): void {
    const row = this.sheet.row;
    const l = (this.lines[row] ??= empty());
    const had = l.quantity;
    takeProduct(l, p);
    l.quantity = had || "1";
    this.suggest.close();
    this.sheet.drop();
    this.sheet.redraw(row);
    this.touched();
    this.sheet.go(row, "quantity", true);
  }

  private onKey(e: KeyboardEvent, row: number, col: string, editing: boolean): boolean {
    const key = pressed(e);
    const lookup = editing && (col === "sku" || col === "name");
    if (lookup && this.suggest.open && (key === "ArrowDown" || key === "ArrowUp")) { this.suggest.move(key === "ArrowDown" ? 1 : -1); return true; }
    if (lookup && this.suggest.open && key === "Escape") { this.suggest.close(); return true; }
    if (lookup && this.suggest.open && (key === "Enter" || key === "Tab") && this.suggest.chosen) { this.chosen(this.suggest.chosen); return true; }
    const ours: Record<string, () => void> = {
      "ctrl+KeyD": () => this.moved(repeat(this.lines, row), "quantity"), "ctrl+Delete": () => removeLine(this.owner, row), "alt+ArrowUp": () => this.moved(shift(this.lines, row, -1), this.sheet.col), "alt+ArrowDown": () => this.moved(shift(this.lines, row, 1), this.sheet.col),
      F4: () => this.lines[row]?.product ? this.panel.toggle(row, this.why) : this.panel.close(), F8: () => this.lines[row]?.product ? this.panel.toggle(row, this.instead) : this.panel.close(), F9: () => void lastOrder(this.owner, row),
    };
    const f = ours[key];
    if (!f) return false;
    if (editing) this.sheet.finish();
    f();
    return true;
  }

  private formKeys(e: KeyboardEvent): void {
    const key = pressed(e);
    if (key === "alt+KeyG" && this.gifts.length) { e.preventDefault(); takeGifts(this.owner, this.gifts); this.gifts = []; return; }
    if (key !== "ctrl+KeyS" && key !== "ctrl+Enter") return;
    e.preventDefault();
    this.sheet.finish();
    void this.save(key === "ctrl+Enter" ? this.form.dataset["confirm"] ?? "confirm" : undefined);
  }

  /** A line was repeated, removed or moved: the caret goes there. */
  private moved(at: number | null, col: string): void {
    if (at === null) return;
    this.sheet.draw();
    this.sheet.go(at, col, false);
    this.touched();
  }

  private readonly why = (panel: HTMLElement, row: number, close: () => void): void => {
    const line = this.lines[row];
    if (!line?.product) return;
    const ask = (query: Record<string, string>) => {
      const sent = this.full(), body = this.question(sent.map(toInput));
      const params = new URLSearchParams({ line: String(sent.indexOf(line)), ...(this.id ? { id: this.id } : {}), ...query });
      return body && sent.includes(line) ? { path: `/${this.collection}/explain?${params}`, body } : null;
    };
    void why(panel, { line, at: row, ask, take: fields => takeFields(this.owner, line, fields), more: this.editable() ? () => this.sheet.go(this.lines.length, "sku", false) : null, close });
  };

  private readonly owner: Owner = {
    form: () => this.form, lines: () => this.lines, put: lines => { this.lines = lines; }, touched: () => this.touched(),
    draw: () => this.sheet.draw(), drop: () => this.sheet.drop(), go: (row, col) => this.sheet.go(row, col, false), moved: (at, col) => this.moved(at, col ?? "quantity"),
    shown: (row, rest) => { this.sheet.redraw(row); this.sheet.rest(rest, "sku"); },
    document: () => ({ collection: this.collection, id: this.id, partner: text(this.header()["partner_id"]) }),
  };
  private gifts: Row[] = [];

  private readonly instead = (panel: HTMLElement, row: number, close: () => void): void => {
    const line = this.lines[row];
    if (!line?.product) return;
    void substitutes(panel, { line, at: row, warehouse: text(this.header()["warehouse_id"]), question: lines => this.question(lines), preview: this.pricer, choose: p => { close(); this.sheet.go(row, "sku", false); this.chosen(p); }, close });
  };

  /** Dry pricing of the whole document; the last question wins, an older answer is dropped. */
  private async preview(): Promise<void> {
    const asked = ++this.asked;
    const sent = this.full();
    if (!sent.length) showTotals(this.form, {}, 0);
    if (!sent.length && this.form.dataset["preview"] === undefined) return;
    const ask = this.question(sent.map(toInput));
    if (!ask) return;
    this.pricing?.abort();
    this.pricing = new AbortController();
    try {
      const { data } = await call<Row>("POST", `${this.pricer}${this.id ? `?id=${this.id}` : ""}`, ask, { signal: this.pricing.signal });
      if (asked !== this.asked) return;
      this.answered(sent, data);
      const blockers = data["blockers"] as unknown as FieldProblem[] | undefined;
      if (blockers) this.blockers(blockers.length ? blockers : this.refusal, sent);
      else this.check();
    } catch (e) {
      if (!aborted(e) && asked === this.asked) this.refused(e, sent);
    }
  }

  private answered(sent: Line[], data: Row): void {
    const rows = Array.isArray(data["lines"]) ? (data["lines"] as Row[]) : [];
    const vat = data["vat"] === "included";
    sent.forEach((l, i) => { const r = rows[i]; if (r) { take(l, { ...r, vat_included: vat }); l.errors = {}; } });
    void this.learn(sent);
    this.sheet.refresh();
    this.shown = text(data["total"]);
    showTotals(this.form, data, sent.length);
    showHeader(this.form, data);
    this.gifts = showGifts(this.form, data, gifts => takeGifts(this.owner, gifts));
    showDeviations(this.form, data, this.lines.some(l => l.price !== null || l.discount !== null), e => this.jump(e, sent), () => byTerms(this.owner));
    this.panel.again();
  }

  /** The way to the line of an error, or to its field in the header. */
  private jump(e: FieldProblem, sent: Line[]): (() => void) | undefined {
    const at = place(e.field ?? ""), row = at ? this.lines.indexOf(sent[at[0]] as Line) : -1;
    if (row >= 0) return () => this.sheet.go(row, column(at?.[1] ?? "quantity"), true);
    const field = fieldOf(this.form, e.field ?? "");
    return field && (() => field.focus());
  }

  private async learn(sent: Line[]): Promise<void> {
    if (await this.learner.learn(this.lines, sent, text(this.header()["warehouse_id"]), this.sheet.has("available"))) this.sheet.refresh();
  }

  /** What would refuse to confirm, asked once the hand rests. */
  private readonly check = debounce(900, () => void this.ask());
  private async ask(): Promise<void> {
    const verb = this.form.dataset["confirm"], asked = this.asked, sent = this.full();
    if (!verb || !sent.length || this.saving) return;
    const reasons = await wouldConfirm({ collection: this.collection, id: this.id, version: this.version, changed: this.changed || this.apart, verb, field: this.form.dataset["confirmField"], input: this.input });
    if (reasons && asked === this.asked) this.blockers(reasons, sent);
  }

  private blockers(errors: FieldProblem[], sent: Line[]): void {
    const rowOf = (e: FieldProblem) => { const at = place(e.field ?? ""); return at ? this.lines.indexOf(sent[at[0]] as Line) : -1; };
    showBlockers(this.form, errors, e => this.jump(e, sent), (w, e) => this.wayOut(w, e, rowOf(e)));
  }

  private wayOut(w: Way, _e: FieldProblem, row: number): void {
    if (w.href) return void go(w.href);
    const line = this.lines[row];
    if (w.set && line) {
      setFields(line, w.set);
      this.sheet.redraw(row);
      this.touched();
    } else if (w.command) void call("POST", w.command).then(() => this.preview(), (e: unknown) => showProblem(e));
  }

  /** Errors by field go to their cells and header fields; the rest is listed as what stands in the way. */
  private refused(e: unknown, sent: Line[]): FieldProblem[] {
    if (!(e instanceof Problem)) { toast({ text: message(e), bad: true }); return []; }
    const { rest, first } = sortErrors(this.form, e, sent);
    this.sheet.refresh();
    this.refusal = rest;
    this.blockers(rest, sent);
    if (first && this.saving) this.sheet.go(this.lines.indexOf(first[0]), first[1], false);
    return rest;
  }
  private saving = false;
  /** What the last attempt was refused for; stands until something is changed. */
  private refusal: FieldProblem[] = [];

  private async save(verb?: string): Promise<void> {
    if (this.saving) return;
    this.saving = true;
    const sent = this.full();
    const unknown = this.lines.find(l => !l.product && l.typed);
    if (unknown) {
      unknown.errors["sku"] ??= t("product-unclear", { q: unknown.typed });
      this.sheet.draw();
      this.sheet.go(this.lines.indexOf(unknown), "sku", true);
      this.saving = false;
      return;
    }
    savedMark(this.form, t("saving"), "w");
    const isNew = !this.id;
    try {
      let doc: Row | null = null, audit: string | null = null, joined = false;
      if (isNew || this.changed || (verb && this.apart)) {
        const body = this.input();
        const done = isNew ? await call<Row>("POST", `/${this.collection}`, body) : await call<Row>("PATCH", `/${this.collection}/${this.id}`, { ...body, version: Number(this.version) });
        doc = done.data;
        audit = done.audit;
        this.id = text(doc["id"]) || this.id;
        // a save makes one version: what came in between was joined with mine and is not on the screen yet
        joined = !isNew && Number(doc["version"]) > Number(this.version) + 1;
        this.version = text(doc["version"]) || this.version;
        this.form.dataset["id"] = this.id;
        this.stored = text(doc["total"]);
        for (const el of $$(".k-head h1, .k-chain [aria-current] b, .k-crumb [aria-current]")) el.textContent = text(doc["number"]) || el.textContent;
        wrote(this.collection, this.id, Number(this.version));
        this.changed = false;
        if (!joined) {
          this.answered(sent, doc);
          sent.forEach((l, i) => { l.id = text((doc?.["lines"] as Row[] | undefined)?.[i]?.["id"]) || l.id; });
        }
        void this.keeper?.forget();
      }
      if (verb) {
        const done = await call<Row>("POST", `/${this.collection}/${this.id}/${verb}`, { version: Number(this.version) });
        doc = done.data;
        audit = done.audit ?? audit;
      }
      savedMark(this.form, t("saved-at", { at: clock() }));
      toast({ text: t(verb ? "confirmed" : "saved", { name: text(doc?.["number"]) }), undo: audit ?? (text(doc?.["audit_id"]) || null) });
      if (isNew || verb) await go(`/${this.collection}/${this.id}`, isNew);
      else if (joined) await go(location.href, true);
    } catch (e) {
      if (this.changed || !this.id) savedMark(this.form, t("not-saved"), "r");
      else savedMark(this.form, t("saved-at", { at: clock() }));
      if (e instanceof Problem && e.conflicts.length) void this.conflict(e);
      else {
        const rest = this.refused(e, sent);
        // saved but not confirmed: the document has its own page now, the reasons stay on the screen
        if (isNew && this.id) history.replaceState({ kontor: true }, "", `/${this.collection}/${this.id}/edit`);
        const box = $("[data-blockers]", this.form);
        if (!box) showProblem(e, (w, err) => this.wayOut(w, err, place(err.field)?.[0] ?? -1));
        else if (rest.length) {
          // the reasons stand below the lines, with their ways out as the editor knows them; the hand goes to the first
          if (verb && this.form.dataset["preview"] !== undefined) await this.preview();
          box.scrollIntoView({ block: "nearest" });
          ($("button", box) ?? box).focus();
        }
      }
    } finally {
      this.saving = false;
    }
  }

  private async conflict(e: Problem): Promise<void> {
    const label = (field: string) => $(`label[for="f-${CSS.escape(field)}"], label[for="f-${CSS.escape(field)}_id"]`, this.form)?.textContent ?? field;
    const names = await productNames(e, this.lines);
    const done = await conflict(e, label, id => names.get(id) ?? "");
    if (done?.whose === "theirs") {
      this.changed = false;
      void this.keeper?.forget();
      await go(location.href, true);
    } else if (done?.whose === "mine") {
      if (done.lines) this.lines = chosenLines(done.lines, this.lines, names);
      this.sheet.draw();
      this.version = text(e.body["version"]) || this.version;
      this.changed = true;
      await this.save();
    }
  }
}
