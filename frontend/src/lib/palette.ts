// Ctrl+K: go anywhere, do anything, find anything. Places and commands come as JSON (`#nav`), the page's own actions from
// its `data-key` buttons, records from `GET /api/v1/search`.
import { get, message, type Row } from "./api.ts";
import { calculate, local } from "./decimal.ts";
import { $, $$, debounce, folded, h, icon, json, marked, once, uid, visible } from "./dom.ts";
import { bind, mountLetters } from "./keys.ts";
import { go } from "./navigate.ts";
import { t } from "./texts.ts";

interface Place { title: string; url: string; icon?: string; key?: string; group?: string; entity?: string; entities?: string; do?: boolean }
interface Found { entity: string; id: string; title: string; subtitle?: string | null; url: string }
interface Entry { title: string; sub?: string; side?: string; icon: string; key?: string; run: () => void }

const DOCUMENTS = new Set(["quotes", "sales-orders", "shipments", "returns", "invoices", "payments", "opening-balances", "stock-receipts", "purchase-orders", "contracts", "agreements", "price-changes"]);
const PEOPLE = new Set(["contacts", "users", "counterparties", "partners"]);
const RECENT = "kontor.recent";

let dialog: HTMLDialogElement | undefined;
let field: HTMLInputElement, list: HTMLElement, note: HTMLElement;
let entries: Entry[] = [];
let current = 0;
let pending: AbortController | undefined;

function build(): HTMLDialogElement {
  const id = uid("found");
  field = h("input", { type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": id, "aria-label": t("palette"), placeholder: t("palette"), autocomplete: "off", spellcheck: "false", input: () => type(), keydown: onKey });
  note = h("span", { class: "s12 m2 nw", role: "status" });
  list = h("div", { class: "res", id, role: "listbox", "aria-label": t("found") });
  const hint = (key: string, text: string) => h("span", {}, h("b", { class: "b6" }, key), text);
  return h("dialog", { class: "k-pal", "aria-label": t("palette"), click: (e: MouseEvent) => e.target === dialog && dialog?.close() },
    h("div", { class: "k-pal-in" }, icon("search"), field, note, h("kbd", {}, "Esc")),
    list,
    h("footer", { class: "k-hint" },
      h("span", {}, h("kbd", {}, "↑"), h("kbd", {}, "↓"), t("choose")), h("span", {}, h("kbd", {}, "⏎"), t("open")),
      h("span", { class: "ml-a" }, h("b", { class: "b6" }, ">"), t("commands")), hint("#", t("documents")), hint("@", t("people")), hint("=", t("calculate"))));
}

export function openPalette(text = ""): void {
  if (!dialog) {
    dialog = build();
    document.body.append(dialog);
  }
  field.value = text;
  if (!dialog.open) dialog.showModal();
  field.focus();
  type();
}

function onKey(e: KeyboardEvent): void {
  const step = e.key === "ArrowDown" ? 1 : e.key === "ArrowUp" ? -1 : e.key === "PageDown" ? 8 : e.key === "PageUp" ? -8 : 0;
  if (step) {
    e.preventDefault();
    select((current + step + entries.length * 8) % Math.max(entries.length, 1));
  } else if (e.key === "Enter") {
    e.preventDefault();
    run(current, e.ctrlKey || e.metaKey);
  }
}

function run(i: number, _apart = false): void {
  const entry = entries[i];
  if (!entry) return;
  dialog?.close();
  entry.run();
}

function select(i: number): void {
  current = i;
  $$("li", list).forEach((li, n) => {
    li.classList.toggle("on", n === i);
    li.setAttribute("aria-selected", String(n === i));
    if (n === i) {
      field.setAttribute("aria-activedescendant", li.id);
      li.scrollIntoView({ block: "nearest" });
    }
  });
}

const matches = (title: string, needle: string): boolean => folded(needle).split(/\s+/).every(w => folded(title).includes(w));

function places(): Place[] {
  return json<Place[]>("#nav", []);
}

function pageActions(): Entry[] {
  return $$<HTMLElement>("#main [data-key]").filter(el => visible(el) && !(el instanceof HTMLInputElement)).map(el => ({
    title: (el.getAttribute("aria-label") ?? [...el.childNodes].filter(n => n.nodeType === 3 || (n as Element).tagName === "SPAN").map(n => n.textContent).join("")).trim(),
    icon: $("use", el)?.getAttribute("href")?.split("#")[1] ?? "bolt", key: (el.dataset["key"] ?? "").split(" ")[0] ?? "", run: () => el.click(),
  })).filter(a => a.title);
}

type Group = [title: string, rows: Entry[]];

function show(groups: Group[], needle: string): void {
  entries = groups.flatMap(g => g[1]);
  let n = 0;
  list.replaceChildren(...groups.filter(g => g[1].length).flatMap(([title, rows]) => [
    h("h6", { role: "presentation" }, h("span", {}, title), h("span", {}, rows.length > 1 ? rows.length : null)),
    h("ul", { role: "presentation" }, ...rows.map(r => {
      const at = n++;
      const li = h("li", { role: "option", id: uid("opt"), click: () => run(at), pointermove: () => { if (current !== at) select(at); } },
        icon(r.icon), h("span", { class: "cut" }, ...marked(r.title, needle), r.sub ? h("span", { class: "m2" }, " · ", ...marked(r.sub, needle)) : null),
        h("span", { class: "s12 m2 nw" }, r.side ?? null), h("span", { class: "k-hint" }, r.key ? h("kbd", {}, r.key) : null));
      return li;
    })) as Node,
  ]));
  if (!entries.length && needle) list.replaceChildren(h("p", { class: "pad m2" }, t("nothing-found", { q: needle })));
  select(0);
}

function remember(f: Found): void {
  const rows = recent().filter(r => r.url !== f.url);
  localStorage.setItem(RECENT, JSON.stringify([f, ...rows].slice(0, 8)));
}
function recent(): Found[] {
  try {
    return JSON.parse(localStorage.getItem(RECENT) ?? "[]") as Found[];
  } catch {
    return [];
  }
}

function type(): void {
  const raw = field.value.trimStart();
  const mode = /^[>#@=]/.exec(raw)?.[0] ?? "";
  const needle = mode ? raw.slice(1).trim() : raw.trim();
  note.textContent = "";
  pending?.abort();
  if (mode === "=") {
    const value = calculate(needle);
    const row: Entry = { title: value === null ? t("type-a-sum") : local(value), icon: "calculator", side: value === null ? "" : t("copy"), run: () => value !== null && void navigator.clipboard?.writeText(local(value)) };
    show([[t("calculate"), needle ? [row] : []]], "");
    return;
  }
  const all = places();
  const goes = mode === "" ? all.filter(p => !p.do && (!needle || matches(`${p.title} ${p.group ?? ""}`, needle))).slice(0, needle ? 6 : 12) : [];
  const does = mode === "" || mode === ">" ? [...pageActions(), ...all.filter(p => p.do).map(toEntry)].filter(a => !needle || matches(a.title, needle)).slice(0, mode ? 40 : needle ? 6 : 8) : [];
  const last = !needle && mode === "" ? recent().map(f => toFound(f)) : [];
  const base: Group[] = mode === ">" ? [[t("do"), does]] : [[t("recent"), last], [t("do"), does], [t("go"), goes.map(toEntry)]];
  if (needle.length < 2 || mode === ">") {
    show(base, needle);
    return;
  }
  show(base, needle);
  find(needle, mode, base);
}

const toEntry = (p: Place): Entry => ({ title: p.title, ...(p.group ? { side: p.group } : {}), icon: p.icon ?? "arrow-right", ...(p.key ? { key: p.do ? p.key : `g ${p.key}` } : {}), run: () => void go(p.url) });
function toFound(f: Found): Entry {
  const p = places().find(x => x.entity === f.entity);
  return { title: f.title, ...(f.subtitle ? { sub: f.subtitle } : {}), icon: p?.icon ?? "file-text", run: () => { remember(f); void go(f.url); } };
}

const find = debounce(90, (needle: string, mode: string, base: Group[]) => void search(needle, mode, base));

async function search(needle: string, mode: string, base: Group[]): Promise<void> {
  pending?.abort();
  pending = new AbortController();
  const started = performance.now();
  try {
    const { items } = await get<Row & { items: Found[] }>(`/search?q=${encodeURIComponent(needle)}&limit=24`, pending.signal);
    const kept = items.filter(f => (mode === "#" ? DOCUMENTS.has(f.entity) : mode === "@" ? PEOPLE.has(f.entity) : true));
    // what people work with first, then what is set up once
    const rail = new Map(places().filter(p => p.entity && !p.do).map(p => [p.entity, p.title]));
    const groups = new Map<string, Entry[]>();
    for (const f of [...kept.filter(f => rail.has(f.entity)), ...kept.filter(f => !rail.has(f.entity))]) {
      const title = rail.get(f.entity) ?? t("found");
      groups.set(title, [...(groups.get(title) ?? []), toFound(f)]);
    }
    note.textContent = t("found-in", { n: kept.length, ms: Math.max(1, Math.round(performance.now() - started)) });
    show([...groups, ...base], needle);
  } catch (e) {
    if (!(e instanceof DOMException)) note.textContent = message(e);
  }
}

export function startPalette(): void {
  bind("ctrl+k", () => openPalette());
  bind("shift+ctrl+p", () => openPalette(">"));
  bind("?", () => openKeys());
  bind("/", () => {
    const f = $<HTMLInputElement>("[data-filter] input[data-typing]") ?? $<HTMLInputElement>("[data-search]");
    if (f) { f.focus(); f.select(); } else openPalette();
  });
  document.addEventListener("click", e => {
    const el = (e.target as Element | null)?.closest<HTMLElement>("[data-palette], [data-keys]");
    if (!el) return;
    e.preventDefault();
    if (el.dataset["keys"] !== undefined) openKeys();
    else openPalette(el.dataset["palette"] ?? "");
  });
}

function openKeys(): void {
  const sheet = $<HTMLDialogElement>("dialog#keys");
  if (!sheet) return;
  mountLetters(sheet);
  if (once(sheet, "keys")) sheet.addEventListener("click", e => e.target === sheet && sheet.close());
  if (sheet.open) sheet.close();
  else sheet.showModal();
}
