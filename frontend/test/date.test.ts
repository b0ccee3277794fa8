import test from "node:test";
import assert from "node:assert/strict";
import { read, readAt, shown, shownAt } from "../src/lib/date.ts";

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

test("plt_10 a time is read as people type it, and keeps its hour when only the day changes", () => {
  const cases: [string, string, string | null][] = [
    ["22.11.2026 10:30", "", "2026-11-22T10:30"], ["22.11 9:05", "", "2026-11-22T09:05"], ["5", "", "2026-11-05T09:00"], ["6.11", "2026-11-05T14:30", "2026-11-06T14:30"], ["18:45", "", "2026-11-21T18:45"],
    ["3 dec 2026, 8:00", "", "2026-12-03T08:00"], ["", "2026-11-05T14:30", ""], ["22.11 25:00", "", null], ["завтра 10:00", "", null],
  ];
  for (const [typed, was, wanted] of cases) assert.equal(readAt(typed, was, now), wanted, typed);
  assert.equal(shownAt("2026-11-05T14:30", "uk"), "05.11.2026 14:30");
  assert.equal(shownAt("2026-11-05T14:30", "en"), "5 Nov 2026 14:30");
  assert.equal(readAt(shownAt("2026-11-05T14:30", "en"), "", now), "2026-11-05T14:30");
});
