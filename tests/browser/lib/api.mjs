// Calls of the API as the signed-in user of a page, to prepare what a test needs and to ask what came of it.

/** The answer's body; fails with the API's own words. */
export async function api(page, method, path, body) {
  const done = await page.evaluate(
    async ({ method, path, body }) => {
      const csrf = document.querySelector("meta[name=csrf]")?.content ?? "";
      const headers = { "X-CSRF-Token": csrf, ...(body === undefined ? {} : { "Content-Type": "application/json" }) };
      const r = await fetch(`/api/v1${path}`, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
      return { status: r.status, text: await r.text() };
    },
    { method, path, body },
  );
  if (done.status >= 400) throw new Error(`${method} ${path}: ${done.status} ${done.text.slice(0, 600)}`);
  return done.text ? JSON.parse(done.text) : null;
}

export const get = (page, path) => api(page, "GET", path);
export const post = (page, path, body) => api(page, "POST", path, body);

let last = 0;
/** A name that no other test uses. */
export const fresh = word => `${word} ${Date.now().toString(36)}${(last += 1)}`;

export const partner = (page, name, more = {}) => post(page, "/partners", { name, roles: ["client"], ...more });

/** A company, its warehouse and a product of which at least `least` pieces are free there. */
export async function goods(page, least = 20) {
  const { items } = await get(page, "/stock?limit=500");
  const found = items.filter(i => Number(i.available) >= least).sort((a, b) => Number(b.available) - Number(a.available))[0];
  if (!found) throw new Error(`nowhere are ${least} pieces of anything free`);
  const warehouse = await get(page, `/warehouses/${found.warehouse_id}`);
  return { product: found.product_id, sku: found.sku, free: Number(found.available), warehouse: found.warehouse_id, company: warehouse.company_id };
}

export function equal(found, wanted, what) {
  if (found !== wanted) throw new Error(`${what}: ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`);
}

export function sure(ok, what) {
  if (!ok) throw new Error(what);
}

/** The text of a toast, once there is one. */
export async function toast(page) {
  const box = page.locator(".k-toast").first();
  await box.waitFor();
  return box;
}
