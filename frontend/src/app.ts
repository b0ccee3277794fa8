// Everything every page needs; islands (order grid, board, charts) come when a page asks with `data-island`.
import htmx from "htmx.org/dist/htmx.esm.js";
import { mountComboboxes } from "./lib/combobox.ts";
import { mountDialogs, startCommands } from "./lib/commands.ts";
import { mountDates } from "./lib/date.ts";
import { $, $$, csrf, isTyping, once } from "./lib/dom.ts";
import { startCut } from "./lib/cut.ts";
import { mountFilters } from "./lib/filter.ts";
import { mountFiles, mountForms } from "./lib/forms.ts";
import { bind, mountLetters, startKeys } from "./lib/keys.ts";
import { mountLists, startPeek } from "./lib/list.ts";
import { startLive } from "./lib/live.ts";
import { startNavigation } from "./lib/navigate.ts";
import { startPalette } from "./lib/palette.ts";
import { mountPresence, startPresence } from "./lib/presence.ts";
import { mountRows } from "./lib/rows.ts";
import { has, lang, t } from "./lib/texts.ts";
import { mountTheme, startTheme } from "./lib/theme.ts";
import { mountToasts, toast, undo } from "./lib/toast.ts";

Object.assign(htmx.config, {
  allowEval: false, allowScriptTags: false, includeIndicatorStyles: false, historyEnabled: false, selfRequestsOnly: true, scrollIntoViewOnBoost: false, timeout: 20000,
  // copying style attributes while settling would break the CSP
  attributesToSettle: ["class"],
  responseHandling: [{ code: "204", swap: false }, { code: "[23]..", swap: true }, { code: "(409|422)", swap: true }, { code: "[45]..", swap: false, error: true }],
});

interface Island { mount(el: HTMLElement): void }
const islands: Record<string, () => Promise<Island>> = {
  "order-grid": () => import("./islands/order-grid.ts"),
  kanban: () => import("./islands/kanban.ts"),
  "formula-names": () => import("./islands/formula-names.ts"),
  "price-grid": () => import("./islands/price-grid.ts"),
  "role-matrix": () => import("./islands/role-matrix.ts"),
  matching: () => import("./islands/matching.ts"),
  chart: () => import("./islands/chart.ts"),
};

async function land(el: HTMLElement): Promise<void> {
  const name = el.dataset["island"] ?? "";
  try {
    (await islands[name]?.())?.mount(el);
    el.dataset["landed"] = "true";
  } catch (e) {
    console.error(`island ${name} did not start; the plain page goes on working`, e);
  }
}

function mount(root: ParentNode): void {
  mountTheme(root);
  mountDates(root);
  mountForms(root);
  mountFiles(root);
  mountRows(root, mount);
  mountComboboxes(root);
  mountLists(root);
  mountFilters(root);
  mountDialogs(root);
  mountToasts(root);
  mountPresence();
  mountLetters(root);
  for (const el of $$("[data-island]", root)) if (once(el, "island")) void land(el);
}

document.addEventListener("htmx:configRequest", e => {
  const { headers } = (e as CustomEvent<{ headers: Record<string, string> }>).detail;
  headers["X-CSRF-Token"] = csrf();
  headers["Accept-Language"] = lang();
});
const busy = (on: boolean) => $(".k-busy")?.classList.toggle("on", on);
document.addEventListener("htmx:beforeRequest", () => busy(true));
document.addEventListener("htmx:afterRequest", () => busy(false));
// a command that leads to another page (an order made of a quote) takes the address along
document.addEventListener("htmx:afterRequest", e => {
  const { xhr, elt, successful, requestConfig } = (e as CustomEvent<{ xhr: XMLHttpRequest; elt: Element; successful: boolean; requestConfig: { verb: string } }>).detail;
  if (!successful || requestConfig.verb !== "post" || !xhr.responseURL || elt.closest("form[data-form]")) return;
  const to = new URL(xhr.responseURL);
  if (to.origin === location.origin && to.pathname !== location.pathname && xhr.responseText.includes('id="app"')) history.pushState({ kontor: true }, "", to);
});
// a part of a page that the address shall hold from now on says so
document.addEventListener("htmx:afterRequest", e => {
  const { xhr, successful } = (e as CustomEvent<{ xhr: XMLHttpRequest; successful: boolean }>).detail;
  const to = successful ? xhr.getResponseHeader("HX-Push-Url") : null;
  if (to?.startsWith("/") && !to.startsWith("//")) history.pushState({ kontor: true }, "", to);
});
// what somebody has opened stays open when its part of the page comes anew
const opened = new WeakMap<Element, (string | undefined)[]>();
document.addEventListener("htmx:beforeSwap", e => {
  const { target } = (e as CustomEvent<{ target: Element }>).detail;
  const all = $$<HTMLDetailsElement>("details[data-keep]", target);
  if (all.length) opened.set(target, all.filter(d => d.open).map(d => d.dataset["keep"]));
});
document.addEventListener("htmx:afterSwap", e => {
  const { target } = (e as CustomEvent<{ target: Element }>).detail;
  for (const d of $$<HTMLDetailsElement>("details[data-keep]", target)) if (opened.get(target)?.includes(d.dataset["keep"])) d.open = true;
});
document.addEventListener("htmx:sendError", () => toast({ text: t("no-network"), bad: true }));
document.addEventListener("htmx:timeout", () => toast({ text: t("no-answer"), bad: true }));
document.addEventListener("htmx:responseError", e => {
  const { xhr } = (e as CustomEvent<{ xhr: XMLHttpRequest }>).detail;
  if (xhr.status === 401) return location.assign(`/sign-in?back=${encodeURIComponent(location.pathname + location.search)}`);
  // a whole page that says what happened is better than a line about it
  if (/text\/html/.test(xhr.getResponseHeader("content-type") ?? "") && xhr.responseText.includes("id=\"app\"")) {
    const app = new DOMParser().parseFromString(xhr.responseText, "text/html").querySelector("#app");
    const here = $("#app");
    if (app && here) {
      here.replaceWith(document.adoptNode(app));
      htmx.process($("#app") ?? document.body);
      mount($("#app") ?? document);
      return;
    }
  }
  toast({ text: has("failed") ? `${t("failed")} (${xhr.status})` : String(xhr.status), bad: true });
});
// the server may say something after a fragment: HX-Trigger: {"toast": {"text": …, "undo": …}}
document.addEventListener("toast", e => toast((e as CustomEvent<{ text: string; undo?: string; bad?: boolean }>).detail));

startTheme();
startKeys();
startNavigation();
startPalette();
startPeek();
startCommands();
startCut();
startLive();
startPresence();
bind("ctrl+z", e => !isTyping(e.target) && undo());
htmx.onLoad(el => mount(el instanceof HTMLElement ? el.parentElement ?? el : document));
