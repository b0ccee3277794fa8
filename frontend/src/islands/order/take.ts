// Takes lines in and out: pasted, of the last order, removed; what the panel and the strips offer: a suggestion's fields, gifts, the
// prices of the terms. Each can be undone.
import { message, type Row } from "../../lib/api.ts";
import { $ } from "../../lib/dom.ts";
import { savedMark } from "../../lib/forms.ts";
import { t } from "../../lib/texts.ts";
import { toast } from "../../lib/toast.ts";
import { linesOfLast, pasted, resolve } from "./fill.ts";
import { setFields, text, type Line } from "./model.ts";
import { asLine } from "./offers.ts";
import { insert, remove } from "./rows.ts";

/** What the grid lets others do to its lines. */
export interface Owner {
  form(): HTMLFormElement;
  lines(): Line[];
  put(lines: Line[]): void;
  draw(): void;
  /** Forgets what is being typed in a cell. */
  drop(): void;
  touched(): void;
  go(row: number, col: string): void;
  moved(at: number, col?: string): void;
  document(): { collection: string; id: string; partner: string };
}

const OF_LINE = ["price", "discount_percent", "quantity"];

/** Fields of the line, else of the header. */
export function takeFields(o: Owner, line: Line, fields: Row): void {
  setFields(line, Object.fromEntries(Object.entries(fields).filter(([k]) => OF_LINE.includes(k))));
  for (const [k, v] of Object.entries(fields)) {
    const input = OF_LINE.includes(k) ? null : $<HTMLInputElement>(`.k-props [name="${k}"]`, o.form());
    if (!input) continue;
    if (v && typeof v === "object") input.closest("[data-combobox]")?.dispatchEvent(new CustomEvent("kontor:set", { detail: v }));
    else {
      input.value = text(v);
      for (const kind of ["input", "change"]) input.dispatchEvent(new Event(kind, { bubbles: true }));
    }
  }
  o.draw();
  o.touched();
}

export function takeGifts(o: Owner, gifts: Row[]): void {
  const fresh = gifts.map(asLine);
  if (!fresh.length) return;
  o.put([...o.lines(), ...fresh]);
  o.moved(o.lines().length - 1);
  toast({ text: t("gift-taken", { name: fresh.map(l => l.name).join(", ") }), onUndo: () => { o.put(o.lines().filter(l => !fresh.includes(l))); o.draw(); o.touched(); } });
}

/** Everything written by hand is given back to the rules. */
export function byTerms(o: Owner): void {
  const had = o.lines().filter(l => l.price !== null || l.discount !== null).map(l => ({ l, price: l.price, discount: l.discount }));
  for (const { l } of had) l.price = l.discount = null;
  o.draw();
  o.touched();
  toast({ text: t("set-by-terms", { n: had.length }), onUndo: () => { for (const x of had) [x.l.price, x.l.discount] = [x.price, x.discount]; o.draw(); o.touched(); } });
}

export function removeLine(o: Owner, row: number): void {
  const gone = remove(o.lines(), row);
  if (!gone) return;
  o.moved(Math.min(row, o.lines().length), "sku");
  toast({ text: t("line-removed", { name: gone.sku || gone.name || gone.typed }), onUndo: () => { o.lines().splice(row, 0, gone); o.moved(row, "sku"); } });
}

function added(o: Owner, fresh: Line[], missing: number): void {
  toast({ text: t(missing ? "pasted-missing" : "pasted", { n: fresh.length, missing }), bad: missing > 0, onUndo: () => { o.put(o.lines().filter(l => !fresh.includes(l))); o.draw(); o.touched(); } });
}

export async function paste(o: Owner, row: number, tsv: string): Promise<void> {
  const fresh = pasted(tsv);
  const at = insert(o.lines(), row, fresh, true);
  o.drop();
  o.draw();
  savedMark(o.form(), t("looking-up", { n: fresh.length }), "w");
  try {
    added(o, fresh, await resolve(fresh));
  } catch (e) {
    toast({ text: message(e), bad: true });
  }
  o.draw();
  o.go(at + fresh.length, "sku");
  o.touched();
}

export async function lastOrder(o: Owner, row: number): Promise<void> {
  const { collection, id, partner } = o.document();
  try {
    const fresh = await linesOfLast(collection, partner, id);
    insert(o.lines(), row, fresh, false);
    o.draw();
    o.touched();
    added(o, fresh, 0);
  } catch (e) {
    toast({ text: message(e), bad: true });
  }
}
