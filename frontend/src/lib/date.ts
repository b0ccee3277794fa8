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

/** When a day is named without an hour. */
const MORNING = "09:00";
const hour = (value: string): string => /T(\d{2}:\d{2})/.exec(value)?.[1] ?? "";

export const shownAt = (value: string, language = lang()): string => {
  const time = hour(value);
  return time ? `${shown(value.slice(0, 10), language)} ${time}` : value;
};

/** `2026-11-21T10:30` of `21.11 10:30`; a day alone keeps the hour of `was`, an hour alone is of today. */
export function readAt(typed: string, was = "", now: Date = today()): string | null {
  const m = /^(?:(.*?)[\s,]+)?(\d{1,2}):(\d{2})$/.exec(typed.trim());
  if (m && (Number(m[2]) > 23 || Number(m[3]) > 59)) return null;
  const day = m && !m[1] ? iso(now) : read(m ? m[1] ?? "" : typed, now);
  return day ? `${day}T${m ? `${(m[2] ?? "").padStart(2, "0")}:${m[3]}` : hour(was) || MORNING}` : day;
}

export function mountDates(root: ParentNode): void {
  for (const el of $$<HTMLInputElement>("input[type=date], input[type=datetime-local]", root)) if (once(el, "date")) new DateField(el);
}

class DateField {
  private readonly input: HTMLInputElement;
  private readonly hidden: HTMLInputElement;
  /** A time of the day too. */
  private readonly timed: boolean;
  private calendar: Calendar | undefined;

  constructor(input: HTMLInputElement) {
    this.input = input;
    this.timed = input.type === "datetime-local";
    this.hidden = h("input", { type: "hidden", name: input.name, value: input.value });
    const box = h("span", { class: "k-date" });
    input.replaceWith(box);
    input.removeAttribute("name");
    input.type = "text";
    input.autocomplete = "off";
    input.value = this.text();
    if (!input.placeholder) input.placeholder = (lang() === "en" ? "dd mmm yyyy" : lang() === "uk" ? "дд.мм.рррр" : "дд.мм.гггг") + (this.timed ? lang() === "en" ? " hh:mm" : lang() === "uk" ? " гг:хх" : " чч:мм" : "");
    const button = h("button", { type: "button", class: "k-icb", tabindex: -1, "aria-label": t("calendar"), disabled: input.disabled, click: () => this.toggle() }, icon("calendar", true));
    box.append(input, button, this.hidden);
    input.addEventListener("change", e => { e.stopPropagation(); this.typed(); });
    input.addEventListener("keydown", e => this.key(e));
    // a draft that is restored fills the hidden field
    this.hidden.addEventListener("input", () => { input.value = this.text(); });
    // drawing another month takes the focused day away for a moment
    box.addEventListener("focusout", () => setTimeout(() => { if (!box.contains(document.activeElement)) this.close(); }));
  }

  private text(): string {
    return this.timed ? shownAt(this.hidden.value) : shown(this.hidden.value);
  }

  private read(): string | null {
    return this.timed ? readAt(this.input.value, this.hidden.value) : read(this.input.value);
  }

  private typed(): void {
    const value = this.read();
    if (value === null) this.input.setAttribute("aria-invalid", "true");
    else this.input.removeAttribute("aria-invalid");
    // what is no date is sent as it was typed: the server says what is wrong with it
    this.put(value ?? this.input.value);
  }

  put(value: string): void {
    const same = this.hidden.value === value;
    this.hidden.value = value;
    this.input.value = this.text();
    if (same) return;
    for (const kind of ["input", "change"]) this.hidden.dispatchEvent(new Event(kind, { bubbles: true }));
  }

  private key(e: KeyboardEvent): void {
    // Ctrl+S saves the form from within the field: what was typed must be in it
    if (e.ctrlKey || e.metaKey) { if (e.key === "Enter" || e.code === "KeyS") this.typed(); return; }
    if (e.altKey && e.key === "ArrowDown") { e.preventDefault(); this.toggle(); return; }
    if (e.key === "Escape" && this.calendar) { e.preventDefault(); e.stopPropagation(); this.close(); return; }
    // Enter sends the form: what was typed must be in it
    if (e.key === "Enter") { this.typed(); return; }
    // while a date is being typed, a dash and a letter are part of it
    if (this.input.value !== this.text()) return;
    const step = e.key === "+" || e.key === "=" ? 1 : e.key === "-" ? -1 : e.code === "KeyT" ? 0 : null;
    if (step === null) return;
    e.preventDefault();
    const now = this.hidden.value;
    const base = step && now ? new Date(`${now.slice(0, 10)}T00:00:00Z`) : today();
    this.day(iso(new Date(base.getTime() + step * DAY)));
  }

  /** Another day, at the hour that stands there. */
  private day(day: string): void {
    this.put(this.timed && day ? `${day}T${hour(this.hidden.value) || MORNING}` : day);
  }

  private toggle(): void {
    if (this.calendar) return this.close();
    this.typed();
    const value = this.read()?.slice(0, 10);
    this.calendar = new Calendar(value ? new Date(`${value}T00:00:00Z`) : today(), value ?? "", day => { this.day(day); this.close(); this.input.focus(); }, () => { this.close(); this.input.focus(); });
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
