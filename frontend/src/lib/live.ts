// What a colleague changes appears. One event stream per browser: the tab that holds the Web Lock listens and tells the
// others through a BroadcastChannel; otherwise the seventh tab would hang on HTTP/1.1.
// The page says what it shows: `data-live="partners/{id}"` a record, `data-live="partners"` a list.
import { $, $$, debounce, h } from "./dom.ts";
import { looked } from "./presence.ts";
import { t } from "./texts.ts";

interface Change { entity: string; id: string; version: number; user_id: string }

const LOCK = "kontor-live";
const AGAIN_MS = 10_000;
/** Versions that this tab wrote itself are no news. */
const own = new Map<string, number>();
export const wrote = (entity: string, id: string, version: number): void => void own.set(`${entity}/${id}`, version);

export function startLive(): void {
  if (!("locks" in navigator) || !("BroadcastChannel" in window) || !$("#app")) return;
  const channel = new BroadcastChannel(LOCK);
  channel.onmessage = e => { const news = e.data as Change & { looked?: boolean }; if (news.looked) looked(news); else hear(news); };
  void navigator.locks.request(LOCK, () => new Promise<void>(() => {
    const tell = (c: Change) => { channel.postMessage(c); hear(c); };
    let listened = false;
    const listen = (): void => {
      const stream = new EventSource("/api/v1/live");
      // whatever happened while there was no stream was missed
      stream.addEventListener("open", () => { if (listened) tell({ entity: "", id: "", version: 0, user_id: "" }); listened = true; });
      stream.addEventListener("changed", e => tell(JSON.parse((e as MessageEvent<string>).data) as Change));
      stream.addEventListener("looked", e => { const who = JSON.parse((e as MessageEvent<string>).data) as Change; channel.postMessage({ ...who, looked: true }); looked(who); });
      // a browser gives up for good where a proxy says that the server is away
      stream.addEventListener("error", () => { if (stream.readyState === EventSource.CLOSED) setTimeout(listen, AGAIN_MS); });
      addEventListener("pagehide", () => stream.close());
    };
    listen();
  }));
}

let heard: Change[] = [];

function hear(c: Change): void {
  heard.push(c);
  weigh();
}

/** Waits a little, so that the answer to this tab's own write is here before its echo is judged. */
const weigh = debounce(500, () => {
  const news = heard.filter(c => !c.entity || (own.get(`${c.entity}/${c.id}`) ?? -1) < c.version);
  heard = [];
  const shown = $$("[data-live]").map(el => [el.dataset["live"] ?? "", Number(el.dataset["version"] ?? 0)] as const);
  const concerns = news.some(c => shown.some(([what, version]) => !c.entity || what === c.entity || (what === `${c.entity}/${c.id}` && c.version > version)));
  if (!concerns || document.visibilityState !== "visible") return;
  // nobody loses what he is doing: an open dialog, a selection, a field or a form waits for a click
  const noting = $$<HTMLInputElement | HTMLTextAreaElement>(".k-compose textarea, .k-compose input:not([type=hidden])").some(f => f.type !== "checkbox" && f.type !== "radio" && f.value);
  const busy = noting || $("dialog[open], tr.sel, form[data-form]:not(.k-compose), form[data-island]") || document.activeElement?.matches("input, textarea, select, td");
  if (busy) offer();
  else document.dispatchEvent(new CustomEvent("kontor:reload", { cancelable: true }));
});

function offer(): void {
  if ($(".k-news")) return;
  const main = $("#main");
  const bar = h("div", { class: "k-off k-news", role: "status" }, h("span", { class: "grow" }, t("changed-elsewhere")),
    h("button", { type: "button", class: "btn btn-2 btn-s", click: () => { bar.remove(); document.dispatchEvent(new CustomEvent("kontor:reload", { cancelable: true })); } }, t("show")));
  main?.prepend(bar);
}
