import test from "node:test";
import assert from "node:assert/strict";
import { read, shown } from "../src/lib/date.ts";

(globalThis as { document?: unknown }).document = { documentElement: { lang: "uk" }, querySelector: () => null, querySelectorAll: () => [] };

const now = new Date(Date.UTC(2026, 10, 21));

test("plt_10 a date is read as people type it", () => {
  const cases: [string, string | null][] = [
    ["21.11.2026", "2026-11-21"], ["21.11.26", "2026-11-21"], ["1.2", "2026-02-01"], ["5", "2026-11-05"], ["21/11/2026", "2026-11-21"], ["2026-11-21", "2026-11-21"],
    ["21 Nov 2026", "2026-11-21"], ["3 december", "2026-12-03"], ["", ""], ["31.02.2026", null], ["завтра", null], ["21.13", null], ["1.1.0001", null],
  ];
  for (const [typed, wanted] of cases) assert.equal(read(typed, now), wanted, typed);
});

test("plt_10 a date is shown in the page's language and reads back", () => {
  for (const [lang, wanted] of [["uk", "05.11.2026"], ["ru", "05.11.2026"], ["en", "5 Nov 2026"]] as const) {
    assert.equal(shown("2026-11-05", lang), wanted);
    assert.equal(read(shown("2026-11-05", lang), now), "2026-11-05");
  }
});
