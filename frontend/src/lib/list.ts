// A list under the hands: arrows, Enter, Space to peek, x to select, and what can be done with the selected.
import htmx from "htmx.org/dist/htmx.esm.js";
import { call, message, Problem, type Row } from "./api.ts";
import { $, $$, debounce, h, icon, isTyping, once } from "./dom.ts";
import { formJson } from "./forms.ts";
import { lettersOff, pressed } from "./keys.ts";
import { go } from "./navigate.ts";
import { followed } from "./job.ts";
import { showProblem } from "./problem.ts";
import { t } from "./texts.ts";
import { toast } from "./toast.ts";

export function mountLists(root: ParentNode): void {
  for (const el of $$("[data-list]", root)) if (once(el, "list")) new List(el);
}

class List {
  readonly el: HTMLElement;
  private all = false;
  private anchor: HTMLTableRowElement | null = null;
  private readonly loadPeek = debounce(70, (row: HTMLTableRowElement) => this.fetchPeek(row));

  constructor(el: HTMLElement) {
    this.el = el;
    const stop = new AbortController();
    document.addEventListener("keydown", e => { if (el.isConnected) this.onKey(e); else stop.abort(); }, { signal: stop.signal });
    el.addEventListener("click", e => this.onClick(e));
    el.addEventListener("dblclick", e => { const row = rowOf(e.target); if (row && !isTyping(e.target)) this.open(row); });
    el.addEventListener("change", e => this.onChange(e));
    el.addEventListener("htmx:afterSettle", () => { for (const r of this.rows()) if (this.all) this.mark(r, true); });
    const first = this.rows()[0];
    if (first && !this.current()) first.tabIndex = 0;
    this.bulk();
  }

  private rows = (): HTMLTableRowElement[] => $$<HTMLTableRowElement>("tbody > tr[data-id]", this.el);
  private current = (): HTMLTableRowElement | null => $<HTMLTableRowElement>("tbody > tr.cur", this.el);
  private cols = (): HTMLElement | null => this.el.closest<HTMLElement>(".k-cols");
  private peek = (): HTMLElement | null => $("[data-peek-place]", this.cols() ?? document);
  private peeking = (): boolean => this.cols()?.classList.contains("with-peek") ?? false;
  private selected = (): HTMLTableRowElement[] => this.rows().filter(r => r.classList.contains("sel"));

  private onKey(e: KeyboardEvent): void {
    if (e.defaultPrevented || isTyping(e.target) || $("dialog[open]")) return;
    const key = pressed(e);
    const row = this.current();
    const within = e.target === document.body || (e.target instanceof Node && (this.el.contains(e.target) || (e.target as HTMLElement).id === "main"));
    if (!within && key !== "Escape") return;
    const control = e.target instanceof Element && e.target.closest("button, a, summary, input");
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15, Home: -1e6, End: 1e6, "shift+ArrowDown": 1, "shift+ArrowUp": -1 }[key];
    if (step !== undefined) {
      e.preventDefault();
      this.move(step, e.shiftKey);
    } else if (key === "Enter" && row && !control) {
      e.preventDefault();
      this.open(row);
    } else if (key === "Space" && row && !control) {
      e.preventDefault();
      if (this.peeking()) this.closePeek();
      else this.showPeek(row);
    } else if (key === "KeyX" && row && !lettersOff()) {
      e.preventDefault();
      this.mark(row, !row.classList.contains("sel"));
      this.bulk();
    } else if (key === "ctrl+KeyA") {
      e.preventDefault();
      this.rows().forEach(r => this.mark(r, true));
      this.all = this.more();
      this.bulk();
    } else if (key === "Escape") {
      if (this.selected().length) this.clear();
      else if (this.peeking()) this.closePeek();
      else return;
      e.preventDefault();
    } else if ((key === "BracketLeft" || key === "BracketRight") && !lettersOff()) {
      const tabs = $$<HTMLAnchorElement>(".k-tabs a[href]");
      const at = tabs.findIndex(a => a.classList.contains("on"));
      tabs[at + (key === "BracketRight" ? 1 : -1)]?.click();
    }
  }

  private move(step: number, select: boolean): void {
    const rows = this.rows();
    const at = rows.indexOf(this.current() as HTMLTableRowElement);
    const next = rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step))];
    if (!next) return;
    if (select) {
      const from = this.current();
      if (from) this.mark(from, true);
      this.mark(next, true);
      this.bulk();
    }
    this.focus(next);
  }

  private focus(row: HTMLTableRowElement): void {
    for (const r of $$<HTMLTableRowElement>("tr.cur, tr[tabindex='0']", this.el)) {
      r.classList.remove("cur");
      r.tabIndex = -1;
      r.removeAttribute("aria-current");
    }
    row.classList.add("cur");
    row.tabIndex = 0;
    row.setAttribute("aria-current", "true");
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
    if (this.peeking()) this.loadPeek(row);
  }

  private open(row: HTMLTableRowElement): void {
    const href = row.dataset["href"];
    if (href) void go(href);
  }

  private onClick(e: MouseEvent): void {
    const target = e.target as Element;
    if (target.closest("[data-close-peek]")) return this.closePeek();
    const act = target.closest<HTMLElement>("[data-bulk-clear], [data-bulk-all], [data-bulk]");
    if (act?.dataset["bulkClear"] !== undefined) return this.clear();
    if (act?.dataset["bulkAll"] !== undefined) {
      this.rows().forEach(r => this.mark(r, true));
      this.all = true;
      return this.bulk();
    }
    if (act?.dataset["bulk"] !== undefined) return void this.run(act);
    const row = rowOf(target);
    if (!row || target.closest("a, button, summary")) return;
    const box = target.closest("td")?.querySelector<HTMLInputElement>("input[type=checkbox]");
    if (box && target !== box) { box.checked = !box.checked; box.dispatchEvent(new Event("change", { bubbles: true })); return; }
    if (box) {
      if (e.shiftKey && this.anchor) {
        const rows = this.rows();
        const [a, b] = [rows.indexOf(this.anchor), rows.indexOf(row)].sort((x, y) => x - y) as [number, number];
        rows.slice(a, b + 1).forEach(r => this.mark(r, box.checked));
      }
      this.anchor = row;
      return;
    }
    if (target instanceof HTMLInputElement) return;
    if (matchMedia("(max-width: 640px)").matches) return this.open(row);
    if (this.current() === row && !this.peeking()) this.showPeek(row);
    this.focus(row);
  }

  private onChange(e: Event): void {
    const box = e.target as HTMLInputElement;
    if (box.matches("[data-select-all]")) {
      this.rows().forEach(r => this.mark(r, box.checked));
      if (!box.checked) this.all = false;
    } else if (box.name === "ids") {
      const row = rowOf(box);
      if (row) this.mark(row, box.checked);
    } else return;
    this.bulk();
  }

  private mark(row: HTMLTableRowElement, on: boolean): void {
    row.classList.toggle("sel", on);
    row.setAttribute("aria-selected", String(on));
    const box = $<HTMLInputElement>("input[name=ids]", row);
    if (box) box.checked = on;
    if (!on) this.all = false;
  }

  private clear(): void {
    this.all = false;
    this.rows().forEach(r => this.mark(r, false));
    this.bulk();
  }

  private more = (): boolean => !!$("tr.k-more", this.el);
  private total = (): string => this.el.dataset["count"] ?? "";

  private bulk(): void {
    const bar = $(".k-bulk", this.el);
    const n = this.selected().length;
    const head = $<HTMLInputElement>("[data-select-all]", this.el);
    if (head) {
      head.checked = n > 0 && n === this.rows().length;
      head.indeterminate = n > 0 && !head.checked;
    }
    if (!bar) return;
    bar.hidden = n === 0;
    const label = $("[data-bulk-count]", bar);
    if (label) label.textContent = t("selected", { n: this.all ? this.total() || n : n });
    const every = $("[data-bulk-all]", bar);
    if (every) every.hidden = this.all || !this.more();
  }

  /** `data-bulk='{"command":"delete"}'` runs at once; with `data-dialog` the dialog's fields are the input. */
  private async run(button: HTMLElement): Promise<void> {
    const collection = this.el.dataset["collection"] ?? "";
    const what = JSON.parse(button.dataset["bulk"] || "{}") as Record<string, unknown>;
    const dialog = button.dataset["dialog"] ? $<HTMLDialogElement>(button.dataset["dialog"]) : null;
    if (dialog) {
      const values = await ask(dialog);
      if (!values) return;
      what["input"] = values;
    }
    const target = this.all ? { filter: filterOf(location.search) } : { ids: this.selected().map(r => r.dataset["id"]) };
    button.setAttribute("aria-busy", "true");
    try {
      const { data } = await call<Row>("POST", `/${collection}/bulk`, { ...what, ...target });
      const done = data["job"] ? await followed(data["job"] as Row) : data;
      if (!done) return;
      await go(location.href, true);
      toast({ text: t("bulk-done", { n: text(done["done"]) }), group: text(done["group_id"]) || null });
    } catch (e) {
      showProblem(e);
    } finally {
      button.removeAttribute("aria-busy");
    }
  }

  private showPeek(row: HTMLTableRowElement): void {
    if (!row.dataset["peek"] || !this.peek()) return;
    this.focus(row);
    this.cols()?.classList.add("with-peek");
    const place = this.peek();
    if (place) place.hidden = false;
    this.fetchPeek(row);
  }

  private fetchPeek(row: HTMLTableRowElement): void {
    const place = this.peek();
    if (!place || !row.dataset["peek"]) return;
    // Asked by its own place: what asks without one shares a queue with the pages themselves.
    void htmx.ajax("get", row.dataset["peek"], { source: place, target: place, swap: "innerHTML" });
  }

  private closePeek(): void {
    this.loadPeek.cancel();
    this.cols()?.classList.remove("with-peek");
    const place = this.peek();
    if (place) { place.hidden = true; place.replaceChildren(); }
    this.current()?.focus({ preventScroll: true });
  }
}

/** Conditions of the address, without what only the page understands. */
function filterOf(search: string): string {
  const q = new URLSearchParams(search);
  for (const k of ["cols", "view", "lang", "tab", "after", "count", "limit", "sort"]) q.delete(k);
  return q.toString();
}

const text = (v: unknown): string => (typeof v === "string" || typeof v === "number" ? String(v) : "");

const rowOf = (t: EventTarget | null): HTMLTableRowElement | null => (t as Element | null)?.closest?.<HTMLTableRowElement>("tbody > tr[data-id]") ?? null;

/** Opens a dialog with a form and answers its fields, or null when it was left. */
export function ask(dialog: HTMLDialogElement): Promise<Row | null> {
  return new Promise(done => {
    const form = $<HTMLFormElement>("form", dialog);
    const finish = (v: Row | null) => { stop.abort(); dialog.close(); done(v); };
    const stop = new AbortController();
    form?.addEventListener("submit", e => { e.preventDefault(); finish(formJson(form)); }, { signal: stop.signal });
    dialog.addEventListener("close", () => finish(null), { signal: stop.signal });
    dialog.showModal();
  });
}

/** Opens a dialog, sends what was filled in and closes it when that was taken; a refusal stands in the dialog, with everything typed. */
export function settle<T>(dialog: HTMLDialogElement, send: (fields: Row) => Promise<T>): Promise<T | null> {
  const form = $<HTMLFormElement>("form", dialog);
  const clear = (): void => {
    $("[data-refused]", dialog)?.remove();
    for (const el of $$("[aria-invalid]", dialog)) el.removeAttribute("aria-invalid");
  };
  const refused = (e: unknown): void => {
    const errors = e instanceof Problem ? e.errors : [];
    const head = message(e) || t("failed");
    const texts = errors.map(x => (x.hint ? `${x.message} ${x.hint}` : x.message)).filter(x => x !== head);
    $("h3", dialog)?.after(h("div", { class: "k-sum-err", role: "alert", "data-refused": "" }, icon("alert-triangle"), h("b", {}, head),
      texts.length ? h("ul", {}, ...texts.map(x => h("li", {}, x))) : null));
    const fields = errors.flatMap(x => $$<HTMLElement>(`[name="${CSS.escape(`${x.field}__title`)}"], [name="${CSS.escape(x.field)}"]:not([type=hidden])`, dialog));
    for (const el of fields) el.setAttribute("aria-invalid", "true");
    fields[0]?.focus();
  };
  return new Promise(done => {
    const stop = new AbortController();
    const finish = (v: T | null) => { stop.abort(); clear(); dialog.close(); done(v); };
    let busy = false;
    form?.addEventListener("submit", e => {
      e.preventDefault();
      if (busy) return;
      busy = true;
      clear();
      send(formJson(form)).then(finish, refused).finally(() => { busy = false; });
    }, { signal: stop.signal });
    dialog.addEventListener("close", () => finish(null), { signal: stop.signal });
    dialog.showModal();
  });
}

/** A closed peek that lives beside the list, not inside it. */
export function startPeek(): void {
  document.addEventListener("click", e => {
    const el = (e.target as Element | null)?.closest("[data-close-peek]");
    if (!el || el.closest("[data-list]")) return;
    const cols = el.closest(".k-cols");
    cols?.classList.remove("with-peek");
    const place = $("[data-peek-place]", cols ?? document);
    if (place) { place.hidden = true; place.replaceChildren(); }
    $<HTMLElement>("tr.cur", cols ?? document)?.focus({ preventScroll: true });
  });
}

export const skeleton = (rows = 5): HTMLElement => h("div", { class: "k-sk", "aria-hidden": "true" }, ...Array.from({ length: rows }, () => h("div", {}, h("i"), h("i"), h("i"))));
