import assert from "node:assert/strict";
import test from "node:test";
import { add, calculate, less, local, plain, scaled, sub, typed } from "../src/lib/decimal.ts";
import { combo } from "../src/lib/keys.ts";
import { table } from "../src/islands/order/lookup.ts";
import { column, place } from "../src/islands/order/model.ts";

// the language of figures is the page's
(globalThis as { document?: unknown }).document = { documentElement: { lang: "uk" }, querySelector: () => null, querySelectorAll: () => [] };

test("plt_10 numbers typed the local way become decimal strings", () => {
  for (const [text, want] of [["1 234,50", "1234.5"], ["1,234.50", "1234.5"], ["1.234,50", "1234.5"], ["−5", "-5"], ["0,1", "0.1"], [",5", "0.5"], ["1,234,567", "1234567"], ["12'000", "12000"], ["1,234", "1.234"], ["1.234.567", "1234567"], ["1,2,3", null], ["1,23.4", null], ["1.2.3", null], ["", null], ["1e5", null], ["abc", null], ["1-2", null]] as const)
    assert.equal(typed(text), want, text);
});

test("plt_10 a comma before three digits is read as the language writes it", () => {
  const document = (globalThis as unknown as { document: { documentElement: { lang: string } } }).document;
  for (const [lang, want] of [["en", "1234"], ["ru", "1.234"], ["uk", "1.234"]] as const) {
    document.documentElement.lang = lang;
    assert.equal(typed("1,234"), want, lang);
    assert.equal(typed("12,5"), "12.5", lang);
    assert.equal(typed("0,125"), "0.125", lang);
    assert.equal(calculate("1,234*2"), lang === "en" ? "2468" : "2.468", lang);
  }
});

test("prc_13 sums are exact beyond floats", () => {
  assert.equal(add("0.1", "0.2"), "0.3");
  assert.equal(add("999999999999.99", "0.01"), "1000000000000");
  assert.equal(sub("5", "7.25"), "-2.25");
  assert.equal(plain(scaled("-0.05"), 2), "-0.05");
  assert.ok(less("9", "10") && !less("10", "10.0"));
});

test("plt_10 sums are shown the local way", () => {
  assert.equal(local("1234567.5", 2), "1\u00a0234\u00a0567,50");
  assert.equal(local("-0.5"), "−0,5");
  assert.equal(local("12.00"), "12");
});

test("plt_10 the palette calculates without floats", () => {
  for (const [source, want] of [["0,1+0,2", "0.3"], ["1200*1,2/3", "480"], ["(2+3)*-4", "-20"], ["10/3", "3.3333"], ["2/3", "0.6667"], ["100*20%", "20"], ["1/0", null], ["2+", null], ["alert(1)", null]] as const)
    assert.equal(calculate(source), want, source);
});

test("plt_10 keys are bound to their place on the keyboard", () => {
  assert.equal(combo("n"), "KeyN");
  assert.equal(combo("ctrl+s"), "ctrl+KeyS");
  assert.equal(combo("?"), "shift+Slash");
  assert.equal(combo("ctrl+Enter"), "ctrl+Enter");
  assert.equal(combo("["), "BracketLeft");
});

test("prc_16 a pasted table names product and quantity", () => {
  assert.deepEqual(table("A-1\tАвтомат\t12,5\nB 2\r\n\nC\tx\t1 000\t99,90\n"), [{ what: "A-1", quantity: "12.5" }, { what: "B 2", quantity: "1" }, { what: "C", quantity: "1000" }]);
});

test("plt_12 errors find their cell", () => {
  assert.deepEqual(place("lines.3.quantity"), [3, "quantity"]);
  assert.deepEqual(place("lines[0][product_id]"), [0, "product_id"]);
  assert.equal(place("partner_id"), null);
  assert.equal(column("product_id"), "sku");
});
