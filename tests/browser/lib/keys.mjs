// Keys as a browser gets them while another layout is on, and as a bar-code scanner sends them.

/** What the keys of the Latin layout write in the Ukrainian one. */
const UKRAINIAN = Object.fromEntries([..."qwertyuiopasdfghjklzxcvbnm"].map((k, i) => [k, [..."йцукенгшщзфівапролдячсмить"][i]]));
const CODES = { "-": "Minus", "/": "Slash", ".": "Period", " ": "Space" };

const codeOf = sign => CODES[sign] ?? (/\d/.test(sign) ? `Digit${sign}` : `Key${sign.toUpperCase()}`);
const written = sign => {
  const low = sign.toLowerCase(), other = sign === "/" ? "." : UKRAINIAN[low] ?? sign;
  return sign === low ? other : other.toUpperCase();
};

async function press(cdp, key, code, text, modifiers) {
  const same = { key, code, modifiers, windowsVirtualKeyCode: key === "Enter" ? 13 : undefined };
  await cdp.send("Input.dispatchKeyEvent", { type: "keyDown", ...same, text });
  await cdp.send("Input.dispatchKeyEvent", { type: "keyUp", ...same });
}

/** Presses the keys of a Latin text while the Ukrainian layout is on, at the pace of a hand. */
export async function typeUkrainian(page, text, pause = 60) {
  const cdp = await page.context().newCDPSession(page);
  for (const sign of text) {
    await press(cdp, written(sign), codeOf(sign), written(sign), sign === sign.toLowerCase() ? 0 : 8);
    await page.waitForTimeout(pause);
  }
  await cdp.detach();
}

/** One bar code as a scanner types it: all keys at once and Enter. */
export async function scan(page, code) {
  const cdp = await page.context().newCDPSession(page);
  const keys = [...code].map(d => press(cdp, d, codeOf(d), d, 0));
  await Promise.all([...keys, press(cdp, "Enter", "Enter", "\r", 0)]);
  await cdp.detach();
}
