// Where the errors of a refusal belong: to a cell, to a field of the header, or to what stands in the way.
import type { FieldProblem, Problem } from "../../lib/api.ts";
import { $ } from "../../lib/dom.ts";
import { column, place, type Line } from "./model.ts";

/** Marks the field of the header until it is changed. */
function headerError(form: HTMLFormElement, e: FieldProblem): void {
  const input = $<HTMLInputElement>(`[name="${CSS.escape(e.field)}"]`, form);
  if (!input) return;
  const shown = input.type === "hidden" ? $<HTMLInputElement>("input:not([type=hidden])", input.parentElement ?? form) ?? input : input;
  shown.setAttribute("aria-invalid", "true");
  shown.title = e.message;
  shown.addEventListener("input", () => { shown.removeAttribute("aria-invalid"); shown.title = ""; }, { once: true });
}

/** `rest` is to be listed, what is marked included: a mark alone does not say why; `first` is the first line and column that is wrong. */
export function sortErrors(form: HTMLFormElement, e: Problem, sent: Line[]): { rest: FieldProblem[]; first: [Line, string] | null } {
  const rest: FieldProblem[] = [];
  let first: [Line, string] | null = null;
  for (const err of e.errors) {
    const at = place(err.field ?? "");
    const line = at ? sent[at[0]] : undefined;
    if (at && line) {
      line.errors[column(at[1])] = [err.message, err.hint].filter(Boolean).join(" · ");
      first ??= [line, column(at[1])];
    } else if (err.field) headerError(form, err);
    rest.push(err);
  }
  if (!e.errors.length) rest.push({ field: "", code: "", message: e.message });
  return { rest, first };
}
