// A text that its place cuts off is told in full to who points at it.
const CUT = "td, th, .cut, .badge, .k-head h1, .k-li > span, .k-person div, b, dd";

export function startCut(): void {
  document.addEventListener("pointerover", e => {
    const el = (e.target as Element | null)?.closest?.<HTMLElement>(CUT);
    if (!el || el.scrollWidth <= el.clientWidth || el.closest("[title]") || el.querySelector("[title]") || getComputedStyle(el).textOverflow !== "ellipsis") return;
    el.title = el.textContent?.trim() ?? "";
  });
}
