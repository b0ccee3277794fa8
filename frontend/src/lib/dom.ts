// The few lines of DOM building that everything here shares.

type Child = Node | string | number | null | undefined | false;
type Attrs = Record<string, string | number | boolean | null | undefined | ((e: never) => void)>;

/** Creates an element; `false`, `null` and `undefined` attributes are left out, functions become listeners. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, attrs: Attrs = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(attrs)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") el.addEventListener(name, value as EventListener);
    else el.setAttribute(name, value === true ? "" : String(value));
  }
  for (const c of children) if (c !== null && c !== undefined && c !== false) el.append(c instanceof Node ? c : String(c));
  return el;
}

export const $ = <T extends Element = HTMLElement>(selector: string, root: ParentNode = document): T | null => root.querySelector<T>(selector);
export const $$ = <T extends Element = HTMLElement>(selector: string, root: ParentNode = document): T[] => [...root.querySelectorAll<T>(selector)];

const meta = (name: string): string => $<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? "";
export const csrf = (): string => meta("csrf");

export function icon(name: string, small = false): SVGSVGElement {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  svg.setAttribute("class", small ? "ic ic-14" : "ic");
  svg.setAttribute("aria-hidden", "true");
  svg.append(Object.assign(document.createElementNS(ns, "use"), {}));
  svg.firstElementChild?.setAttribute("href", `${meta("sprite")}#${name}`);
  return svg;
}

/** Reads a block of JSON: a `<template>`, since htmx drops scripts from what it swaps. A broken block is a mistake of the page and is reported. */
export function json<T>(selector: string, fallback: T, root: ParentNode = document): T {
  const el = $(selector, root);
  const text = (el instanceof HTMLTemplateElement ? el.content : el)?.textContent?.trim();
  if (!text) return fallback;
  try {
    return JSON.parse(text) as T;
  } catch (e) {
    console.error(`${selector} does not hold JSON`, e);
    return fallback;
  }
}

export function debounce<A extends unknown[]>(ms: number, f: (...a: A) => void): ((...a: A) => void) & { flush(): void; cancel(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last: A | undefined;
  const run = () => {
    timer = undefined;
    const a = last;
    last = undefined;
    if (a) f(...a);
  };
  const call = (...a: A) => {
    last = a;
    clearTimeout(timer);
    timer = setTimeout(run, ms);
  };
  return Object.assign(call, { flush: () => { clearTimeout(timer); run(); }, cancel: () => { clearTimeout(timer); last = undefined; } });
}

export const isTyping = (t: EventTarget | null): boolean =>
  t instanceof HTMLElement && (t.isContentEditable || (t instanceof HTMLInputElement && !["checkbox", "radio", "button", "submit"].includes(t.type)) || t instanceof HTMLTextAreaElement || t instanceof HTMLSelectElement);

export const visible = (el: Element): boolean => el.getClientRects().length > 0;

/** Runs once per element, so that mounting a fragment twice does no harm. */
export function once(el: HTMLElement, what: string): boolean {
  const key = `on${what[0]?.toUpperCase()}${what.slice(1)}`;
  if (el.dataset[key]) return false;
  el.dataset[key] = "1";
  return true;
}

let serial = 0;
export const uid = (prefix: string): string => `${prefix}-${++serial}`;

/** As people compare words: without regard to case, to ё and to the kind of apostrophe; as long as the text itself. */
export const folded = (text: string): string => text.toLocaleLowerCase().replace(/ё/g, "е").replace(/[’ʼ`]/g, "'");

/** Splits a title into plain and marked parts where `needle` occurs. */
export function marked(text: string, needle: string): Node[] {
  const at = needle ? folded(text).indexOf(folded(needle)) : -1;
  if (at < 0) return [document.createTextNode(text)];
  return [document.createTextNode(text.slice(0, at)), h("mark", {}, text.slice(at, at + needle.length)), document.createTextNode(text.slice(at + needle.length))];
}
