// Lists inside a form (`data-rows`): typing into the last empty row adds another one from the template beside it.
import { $, $$, once } from "./dom.ts";

export function mountRows(root: ParentNode, mounted: (el: ParentNode) => void): void {
  for (const list of $$("[data-rows]", root)) if (once(list, "rows")) watch(list, mounted);
}

function watch(list: HTMLElement, mounted: (el: ParentNode) => void): void {
  let next = Number(list.dataset["next"] ?? 0);
  const rows = () => $$("[data-row]", list).filter(r => r.parentElement === list);
  const grow = (e: Event) => {
    const row = (e.target as Element).closest("[data-row]");
    const all = rows();
    if (!row || row !== all.at(-1)) return;
    const el = e.target as HTMLInputElement;
    if (el.type === "checkbox" || !el.value) return;
    const template = $<HTMLTemplateElement>("template", list);
    if (!template) return;
    const holder = document.createElement(list.tagName);
    holder.innerHTML = template.innerHTML.replaceAll("__i__", String(next++));
    const fresh = holder.firstElementChild;
    if (!fresh) return;
    const number = fresh.querySelector("td:first-child");
    if (number && !number.textContent?.trim()) number.prepend(String(all.length + 1));
    row.after(fresh);
    mounted(list);
  };
  list.addEventListener("input", grow);
  list.addEventListener("change", grow);
}
