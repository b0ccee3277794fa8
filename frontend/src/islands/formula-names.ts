// Names that a formula may use: a click puts one where the caret stands in the formula that was last typed into.
// <aside data-island="formula-names"> <button data-insert='price("Retail")'>
import { $ } from "../lib/dom.ts";

type Field = HTMLInputElement | HTMLTextAreaElement;
const formula = "form.k-form :is(input, textarea)[name$='formula'], form.k-form :is(input, textarea)[name$='formula]']";

export function mount(el: HTMLElement): void {
  let last: Field | null = null;
  const stop = new AbortController();
  document.addEventListener("focusin", e => {
    if (!el.isConnected) return stop.abort();
    if (e.target instanceof HTMLElement && e.target.matches(formula)) last = e.target as Field;
  }, { signal: stop.signal });
  el.addEventListener("click", e => {
    const text = (e.target as Element).closest<HTMLElement>("[data-insert]")?.dataset["insert"];
    const field = last?.isConnected ? last : $<Field>(formula);
    if (!text || !field) return;
    const [from, to] = [field.selectionStart ?? field.value.length, field.selectionEnd ?? field.value.length];
    field.focus();
    field.setRangeText(text, from, to, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
