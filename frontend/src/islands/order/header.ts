// What the rules chose for fields of the header that were left empty: it stands in them as their placeholder, so that it is
// seen and can be overruled. `[data-shown="payment_text"]` shows any text of the answer.
import type { Row } from "../../lib/api.ts";
import { $, $$ } from "../../lib/dom.ts";
import { shown } from "../../lib/date.ts";
import { text, title } from "./model.ts";

export function showHeader(form: HTMLElement, data: Row): void {
  for (const input of $$<HTMLInputElement>(".k-props input[name]", form)) {
    if (input.name.endsWith("__title") || input.value) continue;
    const chosen = title(data[input.name.replace(/_id$/, "")]) || text(data[input.name]);
    const dated = input.parentElement?.classList.contains("k-date") ?? false;
    const seen = input.type === "hidden" ? $<HTMLInputElement>("input:not([type=hidden])", input.parentElement ?? form) : input;
    if (seen) seen.placeholder = dated ? shown(chosen) : chosen;
  }
  for (const select of $$<HTMLSelectElement>(".k-props select[name]", form)) {
    const none = select.options[0];
    const chosen = text(data[select.name]);
    if (none && none.value === "") none.textContent = [...select.options].find(o => o.value === chosen)?.textContent ?? chosen;
  }
  for (const el of $$("[data-shown]", form)) el.textContent = title(data[el.dataset["shown"] ?? ""]) || text(data[el.dataset["shown"] ?? ""]) || "—";
}

/** What a person types a field of the header into; nothing where the header does not have it. */
export function fieldOf(form: HTMLElement, name: string): HTMLElement | undefined {
  const named = name ? $<HTMLElement>(`.k-props [name="${CSS.escape(name)}"]`, form) : null;
  if (!(named instanceof HTMLInputElement) || named.type !== "hidden") return named ?? undefined;
  return $<HTMLElement>("input:not([type=hidden])", named.parentElement ?? form) ?? undefined;
}
