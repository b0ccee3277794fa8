// A draft that was kept on the server while typing: its header as fields of the form, its lines as the API takes them.
import type { Row } from "../../lib/api.ts";
import { $, h } from "../../lib/dom.ts";
import { fieldsOf, fill } from "../../lib/forms.ts";
import { lang, t } from "../../lib/texts.ts";
import { fromServer, isBlank, text, toInput, type Line } from "./model.ts";

type Fields = Record<string, string | string[]>;
export interface Kept { saved_at?: string; data?: { fields?: Fields; lines?: Row[] } }

export function keep(form: HTMLFormElement, lines: Line[]): { fields: Fields; lines: Row[] } {
  const fields = Object.fromEntries(Object.entries(fieldsOf(form)).filter(([name]) => name !== "version" && !name.startsWith("lines[")));
  return { fields, lines: lines.filter(l => !isBlank(l)).map(l => ({ ...(l.product ? toInput(l) : { quantity: l.quantity }), typed: l.typed, sku: l.sku, title: l.name, unit_title: l.unit })) };
}

function lineOf(r: Row): Line {
  const product = text(r["product_id"]) ? { id: r["product_id"] ?? null, title: text(r["title"]) } : null;
  return { ...fromServer({ ...r, product, unit: { id: text(r["unit_id"]), title: text(r["unit_title"]) } }, []), typed: text(r["typed"]), price: text(r["price"]) || null, discount: text(r["discount_percent"]) || null, server: null };
}

/** Offers the draft in a bar below the head. */
export function offer(form: HTMLFormElement, kept: Kept, restore: (lines: Line[]) => void, forget: () => void): void {
  const at = kept.saved_at ? new Date(kept.saved_at).toLocaleString(lang(), { dateStyle: "short", timeStyle: "short" }) : "";
  const bar = h("div", { class: "k-draft", role: "status" }, h("span", {}, t("draft-found", { at })),
    h("button", { type: "button", class: "btn btn-2 btn-s", click: () => { bar.remove(); fill(form, kept.data?.fields ?? {}); restore((kept.data?.lines ?? []).map(lineOf)); } }, t("draft-restore")),
    h("button", { type: "button", class: "btn btn-3 btn-s", click: () => { bar.remove(); forget(); } }, t("draft-discard")));
  $(".k-head", form)?.after(bar);
}
