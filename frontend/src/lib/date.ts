// Dates in the page's own format, whatever the browser thinks: 21.11.2026, in English 21 Nov 2026. The native input of the
// page becomes a text field beside a hidden one that carries the ISO date under the old name; without scripts it stays.
// Typed: 21, 21.11, 21.11.26, 2026-11-21, "21 nov". Keys: t today, + and - a day, Alt ↓ the calendar.
import { $$, h, icon, once, uid } from "./dom.ts";
import { lang, t } from "./texts.ts";

const DAY = 86_400_000;
const iso = (d: Date): string => d.toISOString().slice(0, 10);
const at = (y: number, m: number, d: number): Date => new Date(Date.UTC(y, m, d));
/** The day by the clock on the wall, as a UTC date. */
const today = (): Date => { const n = new Date(); return at(n.getFullYear(), n.getMonth(), n.getDate()); };
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

export const shown = (value: string, language = lang()): string => {
  const m = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value);
  if (!m) return value;
  if (language !== "en") return `${m[3]}.${m[2]}.${m[1]}`;
  const month = MONTHS[Number(m[2]) - 1] ?? "";
  return `${Number(m[3])} ${month.charAt(0).toUpperCase()}${month.slice(1)} ${m[1]}`;
};

/** The ISO date of what was typed; empty for nothing, null when it is no date. What is left out is taken from `now`. */
export function read(typed: string, now: Date = today()): string | null {
  const s = typed.trim().toLocaleLowerCase();
  if (!s) return "";
  const full = (y: string | number, m: number, d: number): string | null => {
    const year = String(y).length === 2 ? 2000 + Number(y) : Number(y);
    const date = at(year, m - 1, d);
    return year >= 1900 && year < 2200 && date.getUTCMonth() === m - 1 && date.getUTCDate() === d ? iso(date) : null;
  };
  let m = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(s);
  if (m) return full(m[1] ?? "", Number(m[2]), Number(m[3]));
  m = /^(\d{1,2})(?:[./\s-](\d{1,2})(?:[./\s-](\d{2}|\d{4}))?)?[./]?$/.exec(s);
  if (m) return full(m[3] ?? now.getUTCFullYear(), m[2] ? Number(m[2]) : now.getUTCMonth() + 1, Number(m[1]));
  m = /^(\d{1,2})\s+([a-z]{3})[a-z]*\.?(?:,?\s+(\d{2}|\d{4}))?$/.exec(s);
  const month = m ? MONTHS.indexOf(m[2] ?? "") : -1;
  return m && month >= 0 ? full(m[3] ?? now.getUTCFullYear(), month + 1, Number(m[1])) : null;
}

export function mountDates(root: ParentNode): void {
  for (const el of $$<HTMLInputElement>("input[type=date]", root)) if (once(el, "date")) new DateField(el);
}

class DateField {
  private readonly input: HTMLInputElement;
  private readonly hidden: HTMLInputElement;
  private calendar: Calendar | undefined;

  constructor(input: HTMLInputElement) {
    this.input = input;
    this.hidden = h("input", { type: "hidden", name: input.name, value: input.value });
    const box = h("span", { class: "k-date" });
    input.replaceWith(box);
    input.removeAttribute("name");
    input.type = "text";
    input.autocomplete = "off";
    input.value = shown(this.hidden.value);
    if (!input.placeholder) input.placeholder = lang() === "en" ? "dd mmm yyyy" : lang() === "uk" ? "дд.мм.рррр" : "дд.мм.гггг";
    const button = h("button", { type: "button", class: "k-icb", tabindex: -1, "aria-label": t("calendar"), disabled: input.disabled, click: () => this.toggle() }, icon("calendar", true));
    box.append(input, button, this.hidden);
    input.addEventListener("change", e => { e.stopPropagation(); this.typed(); });
    input.addEventListener("keydown", e => this.key(e));
    // a draft that is restored fills the hidden field
    this.hidden.addEventListener("input", () => { input.value = shown(this.hidden.value); });
    // drawing another month takes the focused day away for a moment
    box.addEventListener("focusout", () => setTimeout(() => { if (!box.contains(document.activeElement)) this.close(); }));
  }

  private typed(): void {
    const value = read(this.input.value);
    if (value === null) this.input.setAttribute("aria-invalid", "true");
    else this.input.removeAttribute("aria-invalid");
    // what is no date is sent as it was typed: the server says what is wrong with it
    this.put(value ?? this.input.value);
  }

  put(value: string): void {
    this.input.value = shown(value);
    if (this.hidden.value === value) return;
    this.hidden.value = value;
    for (const kind of ["input", "change"]) this.hidden.dispatchEvent(new Event(kind, { bubbles: true }));
  }

  private key(e: KeyboardEvent): void {
    if (e.ctrlKey || e.metaKey) return;
    if (e.altKey && e.key === "ArrowDown") { e.preventDefault(); this.toggle(); return; }
    if (e.key === "Escape" && this.calendar) { e.preventDefault(); e.stopPropagation(); this.close(); return; }
    // Enter sends the form: what was typed must be in it
    if (e.key === "Enter") { this.typed(); return; }
    // while a date is being typed, a dash and a letter are part of it
    if (this.input.value !== shown(this.hidden.value)) return;
    const step = e.key === "+" || e.key === "=" ? 1 : e.key === "-" ? -1 : e.code === "KeyT" ? 0 : null;
    if (step === null) return;
    e.preventDefault();
    const now = this.hidden.value;
    const base = step && now ? new Date(`${now}T00:00:00Z`) : today();
    this.put(iso(new Date(base.getTime() + step * DAY)));
  }

  private toggle(): void {
    if (this.calendar) return this.close();
    this.typed();
    const value = read(this.input.value);
    this.calendar = new Calendar(value ? new Date(`${value}T00:00:00Z`) : today(), value ?? "", day => { this.put(day); this.close(); this.input.focus(); }, () => { this.close(); this.input.focus(); });
    this.input.parentElement?.append(this.calendar.el);
    this.calendar.place(this.input);
    this.calendar.focus();
  }

  private close(): void {
    this.calendar?.el.remove();
    this.calendar = undefined;
  }
}

class Calendar {
  readonly el: HTMLElement;
  private at: Date;
  private readonly chosen: string;
  private readonly choose: (day: string) => void;
  private readonly leave: () => void;

  constructor(at: Date, chosen: string, choose: (day: string) => void, leave: () => void) {
    this.at = at;
    this.chosen = chosen;
    this.choose = choose;
    this.leave = leave;
    this.el = h("div", { class: "k-cal", role: "dialog", "aria-label": t("calendar"), keydown: (e: KeyboardEvent) => this.key(e) });
    this.draw();
  }

  private go(days: number, months = 0): void {
    const d = this.at;
    const last = at(d.getUTCFullYear(), d.getUTCMonth() + months + 1, 0).getUTCDate();
    this.at = months ? at(d.getUTCFullYear(), d.getUTCMonth() + months, Math.min(d.getUTCDate(), last)) : new Date(d.getTime() + days * DAY);
    this.draw();
    this.focus();
  }

  private draw(): void {
    const first = at(this.at.getUTCFullYear(), this.at.getUTCMonth(), 1);
    const from = new Date(first.getTime() - ((first.getUTCDay() + 6) % 7) * DAY);
    const name = new Intl.DateTimeFormat(lang(), { month: "long", year: "numeric", timeZone: "UTC" }).format(first);
    const weekday = new Intl.DateTimeFormat(lang(), { weekday: "short", timeZone: "UTC" });
    const spoken = new Intl.DateTimeFormat(lang(), { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
    const title = uid("cal");
    const days = Array.from({ length: 42 }, (_, i) => new Date(from.getTime() + i * DAY));
    const cell = (d: Date) => {
      const day = iso(d);
      const css = [d.getUTCMonth() === this.at.getUTCMonth() ? "" : "m2", day === iso(today()) ? "now" : "", day === this.chosen ? "on" : "", d.getUTCDay() % 6 === 0 ? "off" : ""].filter(Boolean).join(" ");
      return h("td", {}, h("button", { type: "button", class: css, tabindex: day === iso(this.at) ? 0 : -1, "data-day": day, "aria-label": spoken.format(d), "aria-pressed": day === this.chosen ? "true" : null, "aria-current": day === iso(today()) ? "date" : null, click: () => this.choose(day) }, d.getUTCDate()));
    };
    const step = (months: number, word: string, name: string) => h("button", { type: "button", class: "k-icb", "aria-label": word, click: () => this.go(0, months) }, icon(name, true));
    this.el.replaceChildren(
      h("div", { class: "row-f sp" }, step(-1, t("month-before"), "chevron-left"), h("b", { id: title, class: "b5", "aria-live": "polite" }, name), step(1, t("month-after"), "chevron-right")),
      h("table", { "aria-labelledby": title },
        h("thead", {}, h("tr", {}, ...days.slice(0, 7).map(d => h("th", { scope: "col" }, weekday.format(d))))),
        h("tbody", {}, ...Array.from({ length: 6 }, (_, w) => h("tr", {}, ...days.slice(w * 7, w * 7 + 7).map(cell))))),
      h("div", { class: "row-f sp" },
        h("button", { type: "button", class: "btn btn-3 btn-s", click: () => this.choose(iso(today())) }, t("today")),
        h("button", { type: "button", class: "btn btn-3 btn-s", click: () => this.choose("") }, t("clear"))));
  }

  place(input: HTMLElement): void {
    const c = input.getBoundingClientRect();
    const below = innerHeight - c.bottom > 300 || c.top < 300;
    this.el.style.left = `${Math.max(8, Math.min(c.left, innerWidth - 260))}px`;
    this.el.style.top = below ? `${c.bottom + 2}px` : "";
    this.el.style.bottom = below ? "" : `${innerHeight - c.top + 2}px`;
  }

  focus(): void {
    this.el.querySelector<HTMLElement>("button[tabindex='0'][data-day]")?.focus({ preventScroll: true });
  }

  private key(e: KeyboardEvent): void {
    const steps: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [-7, 0], ArrowDown: [7, 0], PageUp: [0, -1], PageDown: [0, 1] };
    const step = steps[e.key];
    if (e.key === "Escape") this.leave();
    else if (step && (e.target as HTMLElement).dataset["day"]) this.go(...step);
    else return;
    e.preventDefault();
    e.stopPropagation();
  }
}
