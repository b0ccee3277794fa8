import assert from "node:assert/strict";
import test from "node:test";
import { latin, Typing } from "../src/islands/order/scan.ts";

const codes: Record<string, [string, boolean]> = { E: ["KeyE", true], B: ["KeyB", true], "6": ["Digit6", false], "3": ["Digit3", false], "-": ["Minus", false], "/": ["Slash", false] };
const key = (code: string, shiftKey: boolean, written: string, timeStamp: number) => ({ code, shiftKey, key: written, timeStamp });

test("sal_10_keys_write_the_same_in_every_layout", () => {
  const hand = new Typing();
  hand.begin(false);
  // EB63-/ with the Ukrainian layout on
  [..."EB63-/"].forEach((sign, i) => {
    const [code, shift] = codes[sign] ?? ["", false];
    assert.equal(latin(key(code, shift, "", 0)), sign);
    hand.key(key(code, shift, "УИ63-."[i] ?? "", i * 200));
  });
  assert.equal(hand.other("УИ63-."), "EB63-/");
  assert.equal(hand.other("УИ63-.х"), null, "not what was typed");
  assert.equal(hand.other("eb63-/"), null, "the same");
});

test("sal_10_a_scanner_is_told_by_its_haste", () => {
  const scan = (digits: string, gap: number, end = gap) => {
    const hand = new Typing();
    [...digits].forEach((d, i) => assert.equal(hand.key(key(`Digit${d}`, false, d, i * gap)), null));
    return hand.key(key("Enter", false, "Enter", (digits.length - 1) * gap + end));
  };
  assert.equal(scan("4820000000017", 8), "4820000000017");
  assert.equal(scan("4820000000017", 120), null, "a hand");
  assert.equal(scan("4820000000017", 8, 400), null, "pasted keys, and a hand on Enter");
  assert.equal(scan("120", 8), null, "a quantity");
});
