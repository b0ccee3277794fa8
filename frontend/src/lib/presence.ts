// Who looks at the same record: said while the page is seen, shown in its head. The record is that of `data-live="deals/{id}"`.
import { call, type Row } from "./api.ts";
import { $, csrf, h } from "./dom.ts";
import { lang, t } from "./texts.ts";

const EVERY_MS = 15_000;
let at = "";
let timer: ReturnType<typeof setInterval> | undefined;

const shown = (): string => [...document.querySelectorAll<HTMLElement>("[data-live]")].map(el => el.dataset["live"] ?? "").find(x => x.includes("/")) ?? "";
const initials = (name: string): string => name.split(/\s+/).slice(0, 2).map(w => w.charAt(0).toLocaleUpperCase(lang())).join("");

function draw(people: Row[]): void {
  const head = $(".k-head");
  const names = people.map(p => String(p["name"] ?? ""));
  const had = $(".k-who", head ?? document);
  if (!names.length || !head) return had?.remove();
  const words = t("looking", { names: names.join(", ") });
  const el = h("span", { class: "k-who", role: "status", title: words }, h("span", { class: "vh" }, words), ...names.slice(0, 4).map(n => h("span", { class: "avatar s24", "aria-hidden": "true" }, initials(n))), names.length > 4 ? h("span", { class: "s12 m2", "aria-hidden": "true" }, `+${names.length - 4}`) : null);
  if (had) had.replaceWith(el);
  else if ($(".grow", head)) $(".grow", head)?.before(el);
  else head.append(el);
}

async function look(): Promise<void> {
  const here = at;
  if (!here || document.visibilityState !== "visible") return;
  try {
    const { data } = await call<Row>("PUT", `/presence/${here}`);
    if (here === at) draw((data["people"] as Row[] | undefined) ?? []);
  } catch {
    // a page that cannot say who is there is still a page
  }
}

function away(): void {
  if (at) void fetch(`/api/v1/presence/${at}`, { method: "DELETE", keepalive: true, credentials: "same-origin", headers: { "x-csrf-token": csrf() } }).catch(() => undefined);
  at = "";
}

/** Called after every drawing of the page. */
export function mountPresence(): void {
  const now = shown();
  if (now === at) { if (now && !$(".k-who")) void look(); return; }
  away();
  at = now;
  clearInterval(timer);
  if (!now) return;
  void look();
  timer = setInterval(() => void look(), EVERY_MS);
}

/** Somebody came to a record or left it. */
export function looked(what: { entity: string; id: string }): void {
  if (`${what.entity}/${what.id}` === at) void look();
}

export function startPresence(): void {
  addEventListener("pagehide", away);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") { at = ""; mountPresence(); } else away(); });
}
