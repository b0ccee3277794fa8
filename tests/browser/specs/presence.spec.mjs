// Who looks at the same card.
import { fresh, partner } from "../lib/api.mjs";

export async function plt_15_who_looks_at_the_same_card_is_seen_and_gone(t) {
  const mine = await t.open("/", { as: "director" });
  const made = await partner(mine, fresh("Разом"));
  await t.goto(mine, `/partners/${made.id}`);
  await mine.locator("#main h1").first().waitFor();
  const theirs = await t.open(`/partners/${made.id}`, { as: "sales_manager" });
  await theirs.locator(".k-who .avatar").waitFor();
  await mine.locator(".k-who .avatar").waitFor();
  await t.accessible(mine);
  await t.fits(mine);
  await theirs.context().close();
  await mine.locator(".k-who").waitFor({ state: "detached", timeout: 60_000 });
}
