// The stream of live updates: what happened while it was gone is shown as soon as it is there again.
import { api, equal, fresh, partner } from "../lib/api.mjs";

export async function plt_15_what_was_missed_without_a_stream_is_shown_when_it_is_back(t) {
  t.allow(/status of 503/);
  t.allow(/answer 503: GET .*\/api\/v1\/live/);
  const page = await t.open("/", { as: "director" });
  const name = fresh("Зв'язок");
  const made = await partner(page, name);
  const colleague = await t.open("/", { as: "sales_manager" });
  // The first stream ends by itself, the second is refused (after that a browser asks no more by itself), the third is the server's own.
  const asked = [];
  await page.context().route("**/api/v1/live", async route => {
    asked.push(Date.now());
    if (asked.length === 1) return route.fulfill({ contentType: "text/event-stream", body: "retry: 200\n: listening\n\n" });
    if (asked.length > 2) return route.continue();
    await api(colleague, "PATCH", `/partners/${made.id}`, { name: `${name} поки не чули`, version: made.version });
    return route.fulfill({ status: 503, contentType: "text/plain", body: "away" });
  });
  await t.goto(page, `/partners/${made.id}`);
  await page.locator("h1", { hasText: name }).waitFor();
  await page.locator("h1", { hasText: `${name} поки не чули` }).waitFor({ timeout: 30_000 });
  equal(asked.length, 3, "streams asked for");
  // And it is a live one.
  const now = await api(colleague, "GET", `/partners/${made.id}`);
  await api(colleague, "PATCH", `/partners/${made.id}`, { name: `${name} і далі`, version: now.version });
  await page.locator("h1", { hasText: `${name} і далі` }).waitFor();
}
