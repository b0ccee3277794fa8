// Takes what the panel and the strips offer: a suggestion's fields, gifts, the prices of the terms. Each can be undone.
import type { Row } from "../../lib/api.ts";
import { $ } from "../../lib/dom.ts";
import { t } from "../../lib/texts.ts";
import { toast } from "../../lib/toast.ts";
import { setFields, text, type Line } from "./model.ts";
import { asLine } from "./offers.ts";

/** What the grid lets others do to its lines. */
export interface Owner {
  form(): HTMLFormElement;
  lines(): Line[];
  put(lines: Line[]): void;
  draw(): void;
  touched(): void;
  moved(at: number): void;
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
