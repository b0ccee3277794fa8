// What stands in the way of confirming, each with its ways out; totals beside it.
import type { FieldProblem, Row, Way } from "../../lib/api.ts";
import { local, sign } from "../../lib/decimal.ts";
import { $, $$ } from "../../lib/dom.ts";
import { blocker } from "../../lib/problem.ts";
import { text } from "./model.ts";

/** `row` finds the line of an error, `go` takes the caret there. */
export function showBlockers(form: HTMLElement, errors: FieldProblem[], jump: (e: FieldProblem) => (() => void) | undefined, wayOut: (w: Way, e: FieldProblem) => void): void {
  const box = $("[data-blockers]", form);
  if (!box) return;
  $("ul", box)?.replaceChildren(...errors.map(e => blocker(e, wayOut, jump(e))));
  const count = $("[data-blockers-count]", box);
  if (count) count.textContent = errors.length ? String(errors.length) : "";
  for (const none of $$("[data-no-blockers]", box)) none.hidden = errors.length > 0;
  for (const some of $$("[data-some-blockers]", box)) some.hidden = errors.length === 0;
}

/** Every `[data-total="key"]` shows that figure of an answer; `[data-with="key"]` is hidden while there is none. */
export function showTotals(form: HTMLElement, data: Row, lines: number): void {
  for (const el of $$("[data-total]", form)) {
    const key = el.dataset["total"] ?? "";
    const v = text(data[key]);
    el.textContent = v ? local(v, Number(el.dataset["least"] ?? 2)) + (el.dataset["unit"] ?? "") : "—";
    for (const part of $$(`[data-with="${key}"]`, form)) part.hidden = !v;
  }
  // The terms of the partner say in what is paid.
  const unit = sign(text(data["currency"]));
  for (const el of unit ? $$("[data-of]", form) : []) el.textContent = `${el.dataset["of"] ?? ""}, ${unit}`;
  for (const el of $$(".k-tot", form)) el.classList.remove("stale");
  for (const el of $$("[data-lines-count]", form)) el.textContent = String(lines);
}
