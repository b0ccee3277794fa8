// Forms that lose nothing: a draft on the server while typing, a guard when leaving, errors where they belong,
// both versions side by side when two people changed the same field.
import htmx from "htmx.org/dist/htmx.esm.js";
import { call, message, type Json, type Row } from "./api.ts";
import { typed } from "./decimal.ts";
import { $, $$, debounce, h, json, once } from "./dom.ts";
import { beforeLeave, go } from "./navigate.ts";
import { lang, t } from "./texts.ts";

type Fields = Record<string, string | string[]>;

/** A place for a file names what was chosen; the browser's own button speaks the browser's language. */
export function mountFiles(root: ParentNode): void {
  for (const input of $$<HTMLInputElement>(".k-drop > input[type=file]", root)) {
    const place = input.parentElement;
    const words = place?.querySelector<HTMLElement>("[data-chosen]");
    if (!place || !words || !once(input, "file")) continue;
    const usual = words.textContent ?? "";
    place.classList.add("quiet");
    input.addEventListener("change", () => {
      const names = [...(input.files ?? [])].map(f => f.name);
      words.textContent = names.join(", ") || usual;
      place.classList.toggle("full", names.length > 0);
    });
    for (const kind of ["dragenter", "dragover"]) input.addEventListener(kind, () => place.classList.add("over"));
    for (const kind of ["dragleave", "drop"]) input.addEventListener(kind, () => place.classList.remove("over"));
  }
}

export function mountForms(root: ParentNode): void {
  for (const form of $$<HTMLFormElement>("form[data-form]", root)) if (once(form, "form")) watch(form);
  for (const el of $$<HTMLInputElement>("input[data-decimal]", root)) if (once(el, "decimal")) el.addEventListener("change", () => {
    const v = el.value.trim() ? typed(el.value) : "";
    if (v !== null) el.value = v;
    el.toggleAttribute("aria-invalid", v === null);
  });
  const bad = $<HTMLElement>("[aria-invalid=true]:not([type=hidden])", root);
  if (bad && root !== document) bad.focus();
  else begin(root);
}

/** A new record is begun by typing: its first field has the caret as soon as the page has it. Not by touch, where that would
 *  cover half of the form with a keyboard. */
function begin(root: ParentNode): void {
  const first = $<HTMLElement>("form[data-form][action$='/new/edit'] :is(input:not([type=hidden], [type=checkbox]), select, textarea)", root);
  if (!first || !once(first, "begin") || !matchMedia("(pointer: fine)").matches) return;
  const main = first.closest("main");
  if (document.activeElement === document.body || document.activeElement === main) first.focus();
  const pass = () => first.focus({ preventScroll: true });
  main?.addEventListener("focus", pass, { once: true });
  setTimeout(() => main?.removeEventListener("focus", pass), 1500);
}

export function fieldsOf(form: HTMLFormElement): Fields {
  const out: Fields = {};
  for (const [k, v] of new FormData(form)) {
    if (typeof v !== "string" || k === "csrf") continue;
    const had = out[k];
    out[k] = had === undefined ? v : Array.isArray(had) ? [...had, v] : [had, v];
  }
  return out;
}

/** Fields of a form as the API wants them: dots nest, boxes are booleans, `data-int` figures are numbers, what is seen of a reference stays out. */
export function formJson(form: HTMLFormElement, keep: (name: string) => boolean = () => true): Row {
  const out: Row = {};
  for (const [name, v] of new FormData(form)) {
    if (typeof v !== "string" || name === "csrf" || name.endsWith("__title") || !keep(name)) continue;
    const at = name.split(".");
    let into = out;
    for (const part of at.slice(0, -1)) into = (into[part] ??= {}) as Row;
    const last = at.at(-1) ?? name;
    const el = form.elements.namedItem(name);
    const box = el instanceof RadioNodeList && [...el].some(x => x instanceof HTMLInputElement && x.type === "checkbox" && x.value === "true");
    const many = el instanceof RadioNodeList && !box && [...el].every(x => x instanceof HTMLInputElement && x.type === "checkbox");
    const value: Json = v === "" ? null : box || (el instanceof HTMLInputElement && el.type === "checkbox" && el.value === "true") ? v === "true" : el instanceof HTMLElement && el.dataset["int"] !== undefined ? Number(v) : v;
    const had = into[last];
    into[last] = many ? [...(Array.isArray(had) ? had : []), value] : value;
  }
  return out;
}

export function savedMark(root: ParentNode, text: string, state: "g" | "w" | "r" = "g"): void {
  for (const el of $$("[data-saved]", root)) el.replaceChildren(h("span", { class: `dot ${state}` }), text);
}
export const clock = (at = new Date()): string => at.toLocaleTimeString(lang(), { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** Keeps `read()` under `/drafts/{key}`; answers functions to note a change, to write at once, and to forget. */
export function draft(key: string, scope: ParentNode, read: () => unknown) {
  let dirty = false, failed = false;
  const write = async (keepalive = false) => {
    try {
      await call("PUT", `/drafts/${encodeURIComponent(key)}`, { data: read() }, { keepalive });
      dirty = false;
      failed = false;
      savedMark(scope, t("draft-saved", { at: clock() }));
    } catch (e) {
      failed = true;
      savedMark(scope, message(e), "r");
    }
  };
  const later = debounce(700, () => void write());
  return {
    changed: () => { dirty = true; later(); },
    flush: async () => { later.cancel(); if (dirty) await write(true); return !failed; },
    forget: async () => { later.cancel(); dirty = false; await call("DELETE", `/drafts/${encodeURIComponent(key)}`).catch((e: unknown) => console.warn(message(e))); },
    dirty: () => dirty,
    lost: () => failed,
  };
}

function watch(form: HTMLFormElement): void {
  const start = JSON.stringify(fieldsOf(form));
  const key = form.dataset["draft"];
  const scope = form.closest<HTMLElement>("#main") ?? form;
  const keeper = key ? draft(key, scope, () => fieldsOf(form)) : null;
  let sent = false;
  const dirty = () => !sent && form.isConnected && JSON.stringify(fieldsOf(form)) !== start;
  const note = () => { if (dirty()) keeper?.changed(); };
  form.addEventListener("input", note);
  form.addEventListener("change", note);
  form.addEventListener("click", e => take(e, form));
  form.addEventListener("submit", e => {
    if (form.hasAttribute("hx-post")) { sent = true; return; }
    e.preventDefault();
    void send(form, e.submitter).then(ok => { sent = ok; if (ok) void keeper?.forget(); });
  });
  form.addEventListener("keydown", e => {
    if ((e.ctrlKey || e.metaKey) && (e.code === "Enter" || e.code === "KeyS") && !e.defaultPrevented) {
      e.preventDefault();
      form.requestSubmit(e.code === "Enter" ? $<HTMLButtonElement>("button[data-main], button[type=submit]", form) : null);
    }
  });
  const stop = beforeLeave(async () => {
    if (!dirty()) return true;
    // with a draft nothing is lost and nobody is asked; without one the person decides
    if (keeper) return (await keeper.flush()) || confirm(t("leave-unsaved"));
    return confirm(t("leave-unsaved"));
  });
  addEventListener("beforeunload", e => {
    if (!form.isConnected) return;
    if (keeper && dirty() && !keeper.lost()) void keeper.flush();
    else if (dirty()) e.preventDefault();
  });
  form.addEventListener("htmx:beforeCleanupElement", stop);
  offerDraft(form, scope, keeper?.forget);
}

async function send(form: HTMLFormElement, submitter: HTMLElement | null): Promise<boolean> {
  const button = submitter instanceof HTMLButtonElement ? submitter : null;
  const url = button?.getAttribute("formaction") ?? form.getAttribute("action") ?? location.href;
  button?.setAttribute("aria-busy", "true");
  let ok = false;
  const after = (e: Event) => {
    const xhr = (e as CustomEvent<{ xhr: XMLHttpRequest }>).detail.xhr;
    ok = xhr.status >= 200 && xhr.status < 300;
    if (ok && xhr.responseURL) history.pushState({ kontor: true }, "", xhr.responseURL);
  };
  document.addEventListener("htmx:afterRequest", after, { once: true });
  try {
    await htmx.ajax("post", url, { source: form, target: "#app", select: "#app", swap: "outerHTML", values: button?.name ? { [button.name]: button.value } : {} });
  } finally {
    button?.removeAttribute("aria-busy");
    document.removeEventListener("htmx:afterRequest", after);
  }
  return ok;
}

/** `<template data-draft-data>{"saved_at": …, "data": {…}}</template>` in the form. */
function offerDraft(form: HTMLFormElement, scope: HTMLElement, forget?: () => Promise<void>): void {
  const kept = json<{ saved_at: string; data: Fields } | null>("[data-draft-data]", null, form);
  if (!kept) return;
  const bar = h("div", { class: "k-draft", role: "status" }, h("span", {}, t("draft-found", { at: new Date(kept.saved_at).toLocaleString(lang(), { dateStyle: "short", timeStyle: "short" }) })),
    h("button", { type: "button", class: "btn btn-2 btn-s", click: () => { if (form.dataset["restore"]) { void go(form.dataset["restore"], true); return; } fill(form, kept.data); bar.remove(); } }, t("draft-restore")),
    h("button", { type: "button", class: "btn btn-3 btn-s", click: () => { void forget?.(); bar.remove(); } }, t("draft-discard")));
  const head = $(".k-head", scope);
  if (head) head.after(bar);
  else form.prepend(bar);
}

export function fill(form: HTMLFormElement, data: Fields): void {
  for (const [name, value] of Object.entries(data)) {
    const values = Array.isArray(value) ? value : [value];
    $$<HTMLInputElement>(`[name="${CSS.escape(name)}"]`, form).forEach((el, i) => {
      if (el.type === "checkbox" || el.type === "radio") el.checked = values.includes(el.value);
      else el.value = values[i] ?? "";
      el.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}

/** Buttons in a conflict: `data-take="value"` (and `data-take-title` for a reference) of the block `data-conflict="field"`. */
function take(e: Event, form: HTMLFormElement): void {
  const b = (e.target as Element).closest<HTMLElement>("[data-take]");
  if (!b) return;
  const block = b.closest<HTMLElement>("[data-conflict]");
  const el = $<HTMLInputElement>(`[name="${CSS.escape(block?.dataset["conflict"] ?? "")}"]`, form);
  if (!el || !block) return;
  el.value = b.dataset["take"] ?? "";
  const shown = el.type === "hidden" ? $<HTMLInputElement>("input:not([type=hidden])", el.parentElement ?? form) : null;
  if (shown) shown.value = b.dataset["takeTitle"] ?? el.value;
  el.dispatchEvent(new Event("change", { bubbles: true }));
  for (const other of $$("[data-take]", block)) other.classList.toggle("took", other === b);
}
