// Takes lines in and out: pasted, of the last order, removed; what the panel and the strips offer: a suggestion's fields, gifts, the
// prices of the terms. Each can be undone.
import { message, type Row } from "../../lib/api.ts";
import { add } from "../../lib/decimal.ts";
import { $ } from "../../lib/dom.ts";
import { savedMark } from "../../lib/forms.ts";
import { t } from "../../lib/texts.ts";
import { toast } from "../../lib/toast.ts";
import { linesOfLast, pasted, resolve } from "./fill.ts";
import { exact, products } from "./lookup.ts";
import { empty, isBlank, setFields, takeProduct, text, type Line } from "./model.ts";
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
  /** Paints a row again; then the caret goes to that one unless something is being typed. */
  shown(row: number, rest: number): void;
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

/** Codes are looked up in their order, however fast they come. */
let scans: Promise<void> = Promise.resolve();

/** A scanned bar code: once more of a product that is there already, else a line of its own. The caret waits for the next one. */
export function scanned(o: Owner, code: string): void {
  scans = scans.then(async () => {
    let found: Row | null = null, wrong = "";
    try {
      found = exact(code, await products(code, 8));
      if (!found) wrong = t("nothing-found", { q: code });
    } catch (e) {
      wrong = message(e);
    }
    if (!o.form().isConnected) return;
    const lines = o.lines();
    while (lines.length && isBlank(lines.at(-1) as Line)) lines.pop();
    const same = found ? lines.find(l => l.product === text(found["id"])) : undefined;
    let at = lines.length;
    if (same) {
      same.quantity = add(same.quantity || "0", "1");
      at = lines.indexOf(same);
    } else {
      const line = { ...empty(), typed: code, quantity: "1" };
      if (found) takeProduct(line, found);
      else line.errors["sku"] = wrong;
      lines.push(line);
    }
    o.shown(at, lines.length);
    o.touched();
    if (wrong) toast({ text: wrong, bad: true });
  });
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
