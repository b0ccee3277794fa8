// The board: cards move between stages by mouse, touch or keyboard; the server decides, a refusal puts the card back and says why.
// <div class="k-board" data-island="kanban" data-collection="deals"> <section class="k-col" data-stage="id" data-sum data-weighted>
//   <div class="cards"> <article class="k-dc" data-id data-version data-amount data-percent>
import Sortable from "sortablejs";
import { call, type Row } from "../lib/api.ts";
import { add, local, plain, scaled, sub } from "../lib/decimal.ts";
import { $, $$ } from "../lib/dom.ts";
import { settle } from "../lib/list.ts";
import { wrote } from "../lib/live.ts";
import { go } from "../lib/navigate.ts";
import { showProblem } from "../lib/problem.ts";
import { t } from "../lib/texts.ts";
import { toast } from "../lib/toast.ts";

export function mount(board: HTMLElement): void {
  const path = `/${board.dataset["collection"] ?? "deals"}`;
  const cols = $$(".k-col[data-stage]", board);
  /** Won and lost: what is dropped there asks for the day and the reason. */
  const folds = $$(".k-fold[data-verb]", board);

  const weight = (card: HTMLElement): string => plain((scaled(card.dataset["amount"] ?? "0") * scaled(card.dataset["percent"] ?? "0")) / 10n ** 10n);

  function tally(): void {
    let most = 1n;
    for (const col of cols) {
      const v = scaled(col.dataset["sum"] ?? "0");
      if (v > most) most = v;
    }
    for (const col of cols) {
      const put = (where: string, text: string) => { const el = $(where, col); if (el) el.textContent = text; };
      put("[data-count]", col.dataset["count"] ?? String($$(".k-dc", col).length));
      put("[data-total]", local(whole(col.dataset["sum"] ?? "0")));
      put("[data-weight]", local(whole(col.dataset["weighted"] ?? "0")));
      $("svg.k-colbar rect", col)?.setAttribute("width", `${Number((scaled(col.dataset["sum"] ?? "0") * 1000n) / most) / 10}%`);
    }
  }

  function shift(card: HTMLElement, from: HTMLElement, to: HTMLElement | null): void {
    const amount = card.dataset["amount"] ?? "0", w = weight(card);
    const change = (col: HTMLElement, f: (a: string, b: string) => string, n: number) => {
      col.dataset["sum"] = f(col.dataset["sum"] ?? "0", amount);
      col.dataset["weighted"] = f(col.dataset["weighted"] ?? "0", w);
      col.dataset["count"] = String(Number(col.dataset["count"] ?? $$(".k-dc", col).length - n) + n);
    };
    change(from, sub, -1);
    if (to) change(to, add, 1);
    tally();
  }

  /** The card already lies in its new place; asks the server and takes it back when it refuses. */
  async function moved(card: HTMLElement, from: HTMLElement, before: Element | null, quiet = false): Promise<void> {
    const to = card.closest<HTMLElement>(".k-col");
    if (!to || to === from) return;
    const back = () => {
      const cards = $(".cards", from);
      cards?.insertBefore(card, before && before.parentElement === cards ? before : null);
      shift(card, to, from);
    };
    shift(card, from, to);
    card.setAttribute("aria-busy", "true");
    try {
      const { data, audit } = await call<Row>("POST", `${path}/${card.dataset["id"]}/move`, { stage_id: to.dataset["stage"] ?? "", version: Number(card.dataset["version"] ?? 0) });
      if (data?.["version"] !== undefined) card.dataset["version"] = String(data["version"]);
      wrote(board.dataset["collection"] ?? "deals", card.dataset["id"] ?? "", Number(card.dataset["version"] ?? 0));
      if (!quiet) {
        const undo = audit ?? (typeof data?.["audit_id"] === "string" ? data["audit_id"] : null);
        const text = t("moved", { name: $("h4", card)?.textContent ?? "", stage: $("h3", to)?.textContent ?? "" });
        toast(undo ? { text, undo } : { text, onUndo: () => { back(); const now = card.closest<HTMLElement>(".k-col"); if (now) return resend(card, now, to); } });
      }
    } catch (e) {
      back();
      showProblem(e);
    } finally {
      card.removeAttribute("aria-busy");
    }
  }

  async function resend(card: HTMLElement, now: HTMLElement, was: HTMLElement): Promise<void> {
    try {
      const { data } = await call<Row>("POST", `${path}/${card.dataset["id"]}/move`, { stage_id: now.dataset["stage"] ?? "", version: Number(card.dataset["version"] ?? 0) });
      if (data?.["version"] !== undefined) card.dataset["version"] = String(data["version"]);
    } catch (e) {
      $(".cards", was)?.prepend(card);
      shift(card, now, was);
      showProblem(e);
    }
  }

  /** The card goes back to its stage while the dialog asks, and leaves the board when it is closed. */
  async function closed(card: HTMLElement, from: HTMLElement, before: Element | null, fold: HTMLElement): Promise<void> {
    const cards = $(".cards", from);
    cards?.insertBefore(card, before && before.parentElement === cards ? before : null);
    const dialog = $<HTMLDialogElement>(fold.dataset["dialog"] ?? "");
    if (!dialog) return;
    const title = $("h4", card)?.textContent ?? "";
    const about = $("[data-dropped]", dialog);
    if (about) about.textContent = title;
    const amount = $<HTMLInputElement>("input[name=amount]", dialog);
    if (amount) amount.value = card.dataset["amount"] === "0" ? "" : card.dataset["amount"] ?? "";
    const done = await settle(dialog, async fields => {
      card.setAttribute("aria-busy", "true");
      try {
        const input = Object.fromEntries(Object.entries(fields).filter(([, v]) => v !== null));
        return await call<Row>("POST", `${path}/${card.dataset["id"]}/${fold.dataset["verb"]}`, input);
      } finally {
        card.removeAttribute("aria-busy");
      }
    });
    if (!done) return card.focus();
    const { data, audit } = done;
    const next = card.nextElementSibling as HTMLElement | null;
    shift(card, from, null);
    card.remove();
    next?.focus();
    const n = $(".badge", fold);
    if (n) n.textContent = String(Number(n.textContent ?? 0) + 1);
    wrote(board.dataset["collection"] ?? "deals", card.dataset["id"] ?? "", Number(data?.["version"] ?? 0));
    toast({ text: t("moved", { name: title, stage: $(".b5", fold)?.textContent ?? "" }), undo: audit ?? (typeof data?.["audit_id"] === "string" ? data["audit_id"] : null) });
  }

  for (const fold of folds) Sortable.create(fold, { group: { name: "stages", pull: false, put: true }, sort: false, draggable: ".k-dc", ghostClass: "ghost" });

  for (const col of cols) {
    const cards = $(".cards", col);
    if (!cards) continue;
    let before: Element | null = null;
    Sortable.create(cards, {
      group: "stages", animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120, draggable: ".k-dc", ghostClass: "ghost", dragClass: "drag",
      delay: 120, delayOnTouchOnly: true, fallbackTolerance: 4, sort: false, scroll: true,
      onStart: e => { before = e.item.nextElementSibling; },
      onMove: e => { for (const c of [...cols, ...folds]) c.classList.toggle("over", c.contains(e.to)); },
      onEnd: e => {
        for (const c of [...cols, ...folds]) c.classList.remove("over");
        const fold = folds.find(f => f === e.to);
        void (fold ? closed(e.item, col, before, fold) : moved(e.item, col, before));
      },
    });
  }

  // keyboard: arrows walk, Shift+arrow (or Space, arrows, Space) carries the card to the next stage; past the last stage
  // stand won and lost, where a carried card waits for Space or Enter
  let held: { card: HTMLElement; from: HTMLElement; before: Element | null } | undefined;
  const aim = (fold?: HTMLElement): void => {
    for (const f of folds) f.classList.toggle("over", f === fold);
    (fold ?? held?.card)?.focus();
  };
  const putBack = (): void => {
    if (!held) return;
    $(".cards", held.from)?.insertBefore(held.card, held.before);
    held.card.classList.remove("held");
    if (board.contains(document.activeElement)) aim();
    else for (const f of folds) f.classList.remove("over");
    held = undefined;
  };
  const close = (card: HTMLElement, from: HTMLElement, before: Element | null, fold: HTMLElement): void => {
    card.classList.remove("held");
    aim();
    held = undefined;
    void closed(card, from, before, fold);
  };

  board.addEventListener("keydown", e => {
    const fold = folds.find(f => f === e.target);
    if (!held || !fold) return;
    if (e.key === " " || e.key === "Enter") close(held.card, held.from, held.before, fold);
    else if (e.key === "Escape") putBack();
    else if (e.key === "ArrowRight") aim(folds[folds.indexOf(fold) + 1] ?? fold);
    else if (e.key === "ArrowLeft") aim(folds[folds.indexOf(fold) - 1]);
    else return;
    e.preventDefault();
    e.stopImmediatePropagation();
  });
  board.addEventListener("keydown", e => {
    const card = (e.target as Element).closest<HTMLElement>(".k-dc");
    const col = card?.closest<HTMLElement>(".k-col");
    if (!card || !col || (e.target as Element).closest("button")) return;
    const step = e.key === "ArrowRight" ? 1 : e.key === "ArrowLeft" ? -1 : 0;
    if (e.key === "Enter" && !held) {
      const href = $<HTMLAnchorElement>("h4 a", card)?.href;
      if (href) { e.preventDefault(); void go(href); }
    } else if (e.key === " ") {
      e.preventDefault();
      card.classList.toggle("held", !held);
      if (held) { const h = held; held = undefined; void moved(h.card, h.from, h.before); }
      else held = { card, from: col, before: card.nextElementSibling };
    } else if (e.key === "Escape" && held) {
      e.preventDefault();
      putBack();
    } else if (step) {
      e.preventDefault();
      const next = cols[cols.indexOf(col) + step];
      const place = next && $(".cards", next);
      const first = folds[0];
      if (!place && step > 0 && first) {
        if (held) aim(first);
        else if (e.shiftKey) close(card, col, card.nextElementSibling, first);
        return;
      }
      if (!place) return;
      if (held || e.shiftKey) {
        const before = card.nextElementSibling;
        place.prepend(card);
        card.focus();
        if (!held) void moved(card, col, before);
      } else ($$(".k-dc", place)[Math.max(0, $$(".k-dc", col).indexOf(card))] ?? $$(".k-dc", place).at(-1))?.focus();
    } else if ((e.key === "ArrowDown" || e.key === "ArrowUp") && !held) {
      e.preventDefault();
      const all = $$(".k-dc", col);
      all[all.indexOf(card) + (e.key === "ArrowDown" ? 1 : -1)]?.focus();
    }
  });
  // a card left behind while it was carried stays where it was
  board.addEventListener("focusout", e => {
    if (held && e.relatedTarget instanceof Element && !board.contains(e.relatedTarget)) requestAnimationFrame(putBack);
  });
  tally();
}

const whole = (v: string): string => { const s = scaled(v), half = 10n ** 8n / 2n; return plain(((s + (s < 0n ? -half : half)) / 10n ** 8n) * 10n ** 8n); };
