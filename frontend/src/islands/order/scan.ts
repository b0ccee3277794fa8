// What the keys of a cell write in the Latin layout, whatever layout is on: a bar code or an article comes right from a scanner
// and from a hand that forgot to switch. And when it was a scanner: that types faster than any hand and ends with Enter.
import { isTyping } from "../../lib/dom.ts";

const SIGNS: Record<string, [string, string]> = {
  Minus: ["-", "_"], Equal: ["=", "+"], Slash: ["/", "?"], Period: [".", ">"], Comma: [",", "<"], Space: [" ", " "], Semicolon: [";", ":"], Quote: ["'", "\""],
  BracketLeft: ["[", "{"], BracketRight: ["]", "}"], Backslash: ["\\", "|"], Backquote: ["`", "~"], NumpadDecimal: [".", "."], NumpadSubtract: ["-", "-"], NumpadDivide: ["/", "/"], NumpadAdd: ["+", "+"], NumpadMultiply: ["*", "*"],
};
/** Milliseconds between two keys of a scanner at most, and digits of a bar code at least. */
const GAP = 50, DIGITS = 8;

type Key = Pick<KeyboardEvent, "code" | "key" | "shiftKey" | "timeStamp">;

/** The sign of a key in the Latin layout; empty where it writes none. */
export function latin(e: Key): string {
  const m = /^(?:Key([A-Z])|(?:Digit|Numpad)(\d))$/.exec(e.code);
  if (m?.[1]) return e.shiftKey ? m[1] : m[1].toLowerCase();
  if (m?.[2]) return e.code.startsWith("Digit") && e.shiftKey ? ")!@#$%^&*("[Number(m[2])] ?? "" : m[2];
  return SIGNS[e.code]?.[e.shiftKey ? 1 : 0] ?? "";
}

export class Typing {
  private raw = "";
  private burst = "";
  private last = -Infinity;

  /** Notes a key; answers the bar code that it ends. */
  key(e: Key & Partial<Pick<KeyboardEvent, "ctrlKey" | "metaKey" | "altKey">>): string | null {
    const quick = e.timeStamp - this.last <= GAP;
    if (e.key === "Shift") return null;
    if (e.key.length === 1 && !e.ctrlKey && !e.metaKey && !e.altKey) {
      const sign = latin(e);
      this.raw += sign;
      this.burst = (quick ? this.burst : "") + sign;
      this.last = e.timeStamp;
      return null;
    }
    const code = e.key === "Enter" && quick && this.burst.length >= DIGITS && /^\d+$/.test(this.burst) ? this.burst : null;
    if (e.key === "Backspace") this.raw = this.raw.slice(0, -1);
    this.burst = "";
    return code;
  }

  /** A cell is opened; `typed`: by the key noted last. */
  begin(typed: boolean): void {
    this.raw = typed ? this.raw.slice(-1) : "";
  }

  /** What else was meant by a text that was typed key by key; none where it is the same, or was not typed. */
  other(text: string): string | null {
    const raw = this.raw.trim();
    return raw.length === text.length && raw.toLowerCase() !== text.toLowerCase() ? raw : null;
  }
}

/** A bar code that comes while nothing is typed anywhere is the document's, too. */
export function listen(form: HTMLElement, take: (code: string) => void): void {
  const hand = new Typing();
  const note = (e: KeyboardEvent): void => {
    if (!form.isConnected) return document.removeEventListener("keydown", note, true);
    if (isTyping(e.target) || (e.target as Element | null)?.closest?.("[data-lines], dialog")) return;
    const code = hand.key(e);
    if (!code) return;
    e.preventDefault();
    e.stopPropagation();
    take(code);
  };
  document.addEventListener("keydown", note, true);
}
