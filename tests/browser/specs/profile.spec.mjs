// The caller's own page: tokens of programs, the password, single-letter keys off.
import { equal, fresh, get, post, sure } from "../lib/api.mjs";

export async function plt_05_a_token_is_shown_once_and_revoked(t) {
  t.allow(/status of (401|422)/);
  const page = await t.open("/profile", { as: "accountant", lang: "en" });
  const label = fresh("Warehouse robot");
  await page.locator("[name=label]").fill(label);
  await page.locator("form[action='/profile/tokens'] button").click();
  const token = (await page.locator(".k-token code").innerText()).trim();
  sure(token.length > 30, "a token");
  await t.accessible(page);
  const ask = () => fetch(new URL("/api/v1/partners?limit=1", t.base), { headers: { authorization: `Bearer ${token}` } }).then(r => r.status);
  equal(await ask(), 200, "a program with the token");
  await t.goto(page, "/profile");
  equal(await page.locator(".k-token").count(), 0, "it is shown once");
  await page.locator(`button[aria-label$='${label}']`).click();
  await page.locator("td", { hasText: label }).waitFor({ state: "detached" });
  equal(await ask(), 401, "after it was revoked");
}

export async function plt_05_a_password_is_changed_by_who_knows_the_old_one(t) {
  t.allow(/status of 422/);
  const admin = await t.open("/", { as: "administrator" });
  const login = fresh("nova").replaceAll(" ", "").toLowerCase();
  await post(admin, "/users", { login, name: "Нова Людина", password: "перший-пароль-1", roles: ["salesperson"] });
  const page = await t.open("/sign-in");
  const enter = async (word, ok) => {
    await t.goto(page, "/sign-in");
    await page.fill("#f-login", login);
    await page.fill("#f-password", word);
    await page.press("#f-password", "Enter");
    if (ok) await page.waitForURL(url => !url.pathname.startsWith("/sign-in"));
    else await page.locator("[role=alert]").first().waitFor();
  };
  await enter("перший-пароль-1", true);
  await t.goto(page, "/profile");
  const change = async (old, next) => {
    await page.locator("[name=old_password]").fill(old);
    await page.locator("[name=new_password]").fill(next);
    await page.locator("form[action='/profile/password'] button").click();
  };
  await change("не той", "другий-пароль-2");
  await page.locator("#f-old_password-note.neg").waitFor();
  await change("перший-пароль-1", "коротко");
  await page.locator("#f-new_password-note.neg").waitFor();
  await change("перший-пароль-1", "другий-пароль-2");
  await page.locator("p[role=status].pos").waitFor();
  equal((await get(page, "/session")).user.login, login, "still signed in here");
  await page.context().clearCookies();
  await enter("перший-пароль-1", false);
  await enter("другий-пароль-2", true);
}

export async function plt_11_single_letter_keys_can_be_switched_off(t) {
  const page = await t.open("/profile", { as: "director" });
  await page.locator(".k-sec input[data-letters]").first().uncheck();
  await t.goto(page, "/partners");
  await page.locator("tbody > tr[data-id]").first().waitFor();
  await page.keyboard.press("n");
  await page.waitForTimeout(400);
  equal(new URL(page.url()).pathname, "/partners", "a letter does nothing");
  await page.evaluate(() => localStorage.removeItem("kontor.keys"));
  await t.goto(page, "/partners");
  await page.keyboard.press("n");
  await page.waitForURL("**/partners/new");
}
