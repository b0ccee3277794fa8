// Links swap the frame through htmx instead of reloading; back and forward ask the server again. A link that should
// load plainly carries `data-full`, a target, or leads elsewhere.
import htmx from "htmx.org/dist/htmx.esm.js";
import { $ } from "./dom.ts";

type Leave = () => boolean | Promise<boolean>;
const guards = new Set<Leave>();
/** Asked before the page is left; answering false stays. */
export const beforeLeave = (g: Leave): (() => void) => (guards.add(g), () => void guards.delete(g));

async function mayLeave(): Promise<boolean> {
  for (const g of [...guards]) if (!(await g())) return false;
  guards.clear();
  return true;
}

const scrolls = new Map<string, number>();
const sheet = (): Element | null => $(".k-scroll") ?? $(".k-body");

/** One after another: an answer that comes while another frame is being put in would go into a frame that is gone. Only pages are
 *  asked for without a source of their own: behind any other request htmx would queue them and tell at once that they are there. */
let turn: Promise<void> = Promise.resolve();
let wanted = 0;
function show(url: string): Promise<void> {
  const mine = ++wanted;
  const run = turn.then(async () => {
    if (mine === wanted) await htmx.ajax("get", url, { target: "#app", select: "#app", swap: "outerHTML" });
  });
  turn = run.catch(() => undefined);
  return run;
}

export async function go(url: string, replace = false): Promise<void> {
  if (!(await mayLeave())) return;
  scrolls.set(location.href, sheet()?.scrollTop ?? 0);
  if (replace) history.replaceState({ kontor: true }, "", url);
  else history.pushState({ kontor: true }, "", url);
  await show(url);
  scrollTo(0, 0);
  showTab();
  $("#main")?.focus({ preventScroll: true });
}

/** The tab that is on is seen; on a phone so is what it opens, which would lie below the head of the card. */
export function showTab(): void {
  const on = $(".k-tabs a.on"), bar = on?.closest<HTMLElement>(".k-tabs");
  if (!on || !bar) return;
  bar.scrollLeft = on.offsetLeft - (bar.clientWidth - on.offsetWidth) / 2;
  if (matchMedia("(max-width: 640px)").matches && new URLSearchParams(location.search).has("tab")) bar.scrollIntoView();
}

export function startNavigation(): void {
  history.replaceState({ kontor: true }, "");
  // fonts move what stands above the tabs
  void document.fonts.ready.then(showTab);
  document.addEventListener("click", e => {
    if (e.defaultPrevented || e.button !== 0 || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) return;
    const a = (e.target as Element | null)?.closest?.("a");
    if (!a || !a.href || a.target || a.download || a.dataset["full"] !== undefined || a.hasAttribute("hx-get") || a.origin !== location.origin) return;
    if (/^\/(api|assets|health|metrics)\b/.test(a.pathname) || !$("#app")) return;
    if (a.hash && a.pathname === location.pathname && a.search === location.search) return;
    e.preventDefault();
    void go(a.href);
  });
  addEventListener("popstate", e => {
    if (!(e.state as { kontor?: boolean } | null)?.kontor) return;
    const url = location.href;
    void (async () => {
      if (!(await mayLeave())) return;
      await show(url);
      const at = scrolls.get(url);
      if (at) sheet()?.scrollTo(0, at);
    })();
  });
  document.addEventListener("kontor:reload", e => {
    e.preventDefault();
    void show(location.href);
  });
}
