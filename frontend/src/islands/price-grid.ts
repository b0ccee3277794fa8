// A column of prices under the hands: Enter and the arrows go up and down, Escape puts back what stood there.
// Each field posts itself when it changes (htmx); the row that comes back takes the place of the old one.
import { $$ } from "../lib/dom.ts";

export function mount(el: HTMLElement): void {
  const fields = () => $$<HTMLInputElement>("input.k-price", el);
  el.addEventListener("focusin", e => { if (e.target instanceof HTMLInputElement && e.target.matches(".k-price")) e.target.select(); });
  // a table that comes back after long work waits until what is being typed has been sent
  el.addEventListener("htmx:beforeSwap", e => {
    const field = document.activeElement;
    if (e.target !== el || !(field instanceof HTMLInputElement) || !el.contains(field) || field.value === field.defaultValue) return;
    (e as CustomEvent<{ shouldSwap: boolean }>).detail.shouldSwap = false;
    field.addEventListener("htmx:afterRequest", () => document.dispatchEvent(new CustomEvent("kontor:reload", { cancelable: true })), { once: true });
  });
  el.addEventListener("keydown", e => {
    const field = e.target;
    if (!(field instanceof HTMLInputElement) || !field.matches(".k-price")) return;
    const step = { Enter: e.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (step !== undefined) {
      e.preventDefault();
      const all = fields();
      const next = all[all.indexOf(field) + step];
      if (next) next.focus();
      else field.blur();
    } else if (e.key === "Escape") {
      e.preventDefault();
      field.value = field.defaultValue;
      field.select();
    }
  });
}
