// Keys are bound to `event.code`, so that Cyrillic layouts and scanners do not matter, and single letters can be
// switched off (WCAG 2.1.4). Anything on the page with `data-key="n"` or `data-key="ctrl+s"` answers to that key.
import { $, $$, isTyping, once, visible } from "./dom.ts";

const OFF = "kontor.keys";
const named: Record<string, string> = { "/": "Slash", "[": "BracketLeft", "]": "BracketRight", "?": "shift+Slash", enter: "Enter", esc: "Escape", space: "Space", del: "Delete" };

/** `ctrl+s` → `ctrl+KeyS`; `?` → `shift+Slash`. */
export function combo(key: string): string {
  const bits = key.split("+");
  const last = bits.pop() ?? "";
  const mods = bits.map(b => b.toLowerCase()).sort();
  const code = named[last.toLowerCase()] ?? (/^[a-z]$/i.test(last) ? `Key${last.toUpperCase()}` : /^\d$/.test(last) ? `Digit${last}` : last);
  return [...mods, code].join("+");
}

/** Signs that stand elsewhere in other layouts (`?` is shift+7 in the Ukrainian one) are known by what they write. */
const SIGNS: Record<string, string> = { "?": "shift+Slash", "/": "Slash" };

export function pressed(e: KeyboardEvent): string {
  const sign = e.altKey || e.ctrlKey || e.metaKey ? undefined : SIGNS[e.key];
  if (sign) return sign;
  const mods = [e.altKey && "alt", (e.ctrlKey || e.metaKey) && "ctrl", e.shiftKey && "shift"].filter(Boolean);
  return [...mods, e.code === "NumpadEnter" ? "Enter" : e.code].join("+");
}

export const lettersOff = (): boolean => localStorage.getItem(OFF) === "off";
export const setLetters = (on: boolean): void => localStorage.setItem(OFF, on ? "on" : "off");

/** Boxes that switch single letters on and off: in the key sheet, on the caller's own page. */
export function mountLetters(root: ParentNode): void {
  for (const box of $$<HTMLInputElement>("input[data-letters]", root)) {
    box.checked = !lettersOff();
    if (once(box, "letters")) box.addEventListener("change", () => setLetters(box.checked));
  }
}

type Handler = (e: KeyboardEvent) => boolean | void;
const bound = new Map<string, Handler>();
/** Binds a key of the whole program; a handler that returns false lets the key through. */
export const bind = (key: string, handler: Handler): void => void bound.set(combo(key), handler);

let going = 0;

export function startKeys(): void {
  document.addEventListener("keydown", e => {
    if (e.defaultPrevented || e.isComposing) return;
    const c = pressed(e);
    const single = !e.ctrlKey && !e.metaKey && !e.altKey && !/^(shift\+)?(F\d+|Escape)$/.test(c);
    const modal = $("dialog[open]");
    if (single && (isTyping(e.target) || lettersOff() || modal)) return;
    if (going > Date.now() && single) {
      going = 0;
      const place = $$<HTMLAnchorElement>("[data-go]").find(a => combo(a.dataset["go"] ?? "") === c);
      if (place) {
        e.preventDefault();
        place.click();
        return;
      }
    }
    if (c === "KeyG") {
      going = Date.now() + 1500;
      return;
    }
    const scope: ParentNode = modal ?? document;
    const target = $$("[data-key]", scope).find(el => (el.dataset["key"] ?? "").split(" ").some(k => combo(k) === c) && (visible(el) || el.dataset["keyHidden"] !== undefined));
    if (target) {
      e.preventDefault();
      if (isTyping(target)) target.focus();
      else target.click();
      return;
    }
    const handler = bound.get(c);
    if (handler && handler(e) !== false) e.preventDefault();
  });
}
