// Decimal strings. Sums travel as strings and are added as scaled BigInt; nothing here passes through a float.
import { h } from "./dom.ts";
import { lang } from "./texts.ts";

const SCALE = 8;

export function scaled(text: string): bigint {
  const m = /^(-?)(\d*)(?:\.(\d*))?$/.exec(text);
  if (!m) return 0n;
  const frac = (m[3] ?? "").slice(0, SCALE).padEnd(SCALE, "0");
  const v = BigInt(`${m[2] || "0"}${frac}`);
  return m[1] ? -v : v;
}

export function plain(value: bigint, least = 0): string {
  const digits = (value < 0n ? -value : value).toString().padStart(SCALE + 1, "0");
  let frac = digits.slice(-SCALE).replace(/0+$/, "");
  frac = frac.padEnd(least, "0");
  return `${value < 0n ? "-" : ""}${digits.slice(0, -SCALE)}${frac ? `.${frac}` : ""}`;
}

export const add = (a: string, b: string): string => plain(scaled(a) + scaled(b));
export const sub = (a: string, b: string): string => plain(scaled(a) - scaled(b));
export const less = (a: string, b: string): boolean => scaled(a) < scaled(b);

/** `12,345,678`: groups of three digits behind one to three, which do not begin with a zero. */
const grouped = (s: string, by: string): boolean => new RegExp(`^-?[1-9]\\d{0,2}(\\${by}\\d{3})+$`).test(s);

/** What a person typed or pasted (`1 234,50`, `1,234.50`, `−5`) as a decimal string, or null when it is no number. A comma before
 * three digits is what the language makes of it: English parts thousands by it, the others decimals. */
export function typed(text: string): string | null {
  let s = text.replace(/[\s\u00a0\u202f'’]/g, "").replace(/[−–]/g, "-");
  const comma = s.lastIndexOf(","), dot = s.lastIndexOf(".");
  const joined = (whole: string, by: string): string => (grouped(whole, by) ? whole.replaceAll(by, "") : "?");
  if (comma >= 0 && dot >= 0) {
    const at = Math.max(comma, dot), by = comma > dot ? "." : ",";
    s = `${joined(s.slice(0, at), by)}.${s.slice(at + 1)}`;
  } else if (comma >= 0) s = s.indexOf(",") !== comma || (english() && grouped(s, ",")) ? joined(s, ",") : s.replace(",", ".");
  else if (s.indexOf(".") !== dot) s = joined(s, ".");
  if (!/^-?(\d+\.?\d*|\.\d+)$/.test(s)) return null;
  return plain(scaled(s));
}

const english = (): boolean => lang().startsWith("en");

/** [whole, fraction with its separator] in the page's language; `least` decimals are always shown. */
export function parts(value: string, least = 0): [string, string] {
  const m = /^(-?)(\d+)(?:\.(\d+))?$/.exec(value);
  if (!m) return [value, ""];
  const frac = (m[3] ?? "").replace(/0+$/, "").padEnd(least, "0");
  const whole = (m[2] ?? "0").replace(/\B(?=(\d{3})+(?!\d))/g, english() ? "," : "\u00a0");
  return [`${m[1] ? "−" : ""}${whole}`, frac ? `${english() ? "." : ","}${frac}` : ""];
}
export const local = (value: string, least = 0): string => parts(value, least).join("");

/** `29,2 %`; English sets no space. */
export const percent = (value: string): string => `${local(value)}${percentSign()}`;
export const percentSign = (): string => (lang() === "en" ? "%" : "\u00a0%");

/** `₴` of `UAH`, as sums are written everywhere; what has no sign of its own stays a code. */
export function sign(code: string): string {
  if (!/^[A-Z]{3}$/.test(code)) return code;
  const bits = new Intl.NumberFormat(lang(), { style: "currency", currency: code, currencyDisplay: "narrowSymbol" }).formatToParts(0);
  return bits.find(p => p.type === "currency")?.value ?? code;
}

/** `<span class="n">1 234<i>,50</i></span>`, red when negative. */
export function money(value: string, least = 2, unit = ""): HTMLSpanElement {
  const [whole, frac] = parts(value, least);
  const tail = frac + (unit ? `\u00a0${unit}` : "");
  return h("span", { class: value.startsWith("-") ? "n neg" : "n" }, whole, tail ? h("i", {}, tail) : null);
}

/** The palette's `= 12*(3+4,5)`: exact fractions, no eval. */
export function calculate(source: string): string | null {
  type Q = [bigint, bigint];
  const s = (english() ? source.replace(/[1-9]\d{0,2}(,\d{3})+(?!\d)/g, n => n.replaceAll(",", "")) : source).replace(/\s|\u00a0/g, "").replace(/,/g, ".").replace(/[×]/g, "*").replace(/[÷:]/g, "/").replace(/−/g, "-");
  let i = 0;
  const number = (): Q | null => {
    const m = /^\d+(\.\d+)?/.exec(s.slice(i));
    if (!m) return null;
    i += m[0].length;
    const percent = s[i] === "%" ? (i++, 100n) : 1n;
    return [scaled(m[0]), 10n ** BigInt(SCALE) * percent];
  };
  const atom = (): Q | null => {
    if (s[i] === "-") { i++; const v = atom(); return v && [-v[0], v[1]]; }
    if (s[i] !== "(") return number();
    i++;
    const v = sum();
    if (s[i] !== ")") return null;
    i++;
    return v;
  };
  const product = (): Q | null => {
    let v = atom();
    while (v && (s[i] === "*" || s[i] === "/")) {
      const op = s[i++];
      const w = atom();
      if (!w || (op === "/" && w[0] === 0n)) return null;
      v = op === "*" ? [v[0] * w[0], v[1] * w[1]] : [v[0] * w[1], v[1] * w[0]];
    }
    return v;
  };
  const sum = (): Q | null => {
    let v = product();
    while (v && (s[i] === "+" || s[i] === "-")) {
      const op = s[i++];
      const w = product();
      if (!w) return null;
      v = [op === "+" ? v[0] * w[1] + w[0] * v[1] : v[0] * w[1] - w[0] * v[1], v[1] * w[1]];
    }
    return v;
  };
  const v = s.length > 200 ? null : sum();
  if (!v || i !== s.length) return null;
  const unit = 10n ** BigInt(SCALE), places = 10n ** BigInt(SCALE - 4);
  const [num, den] = v[1] < 0n ? [-v[0], -v[1]] : v;
  const steps = (num * unit * 2n) / (den * places);
  const rounded = ((steps < 0n ? steps - 1n : steps + 1n) / 2n) * places;
  return plain(rounded);
}
