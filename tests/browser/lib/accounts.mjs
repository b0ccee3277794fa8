// The demo's users, one per role, as `kontor serve --demo` makes them.

export const ROLES = ["administrator", "director", "sales_manager", "salesperson", "storekeeper", "accountant"];

export function account(role) {
  if (!ROLES.includes(role)) throw new Error(`no such demo role: ${role}`);
  return { login: process.env[`KONTOR_DEMO_LOGIN_${role.toUpperCase()}`] ?? role, password: process.env.KONTOR_DEMO_PASSWORD ?? "demo" };
}
