// The demo's users, one per role, as `kontor serve --demo` makes them.

const LOGINS = { administrator: "admin", director: "director", sales_manager: "manager", salesperson: "sales", storekeeper: "stock", accountant: "accountant", field_agent: "agent" };
export const ROLES = Object.keys(LOGINS);

export function account(role) {
  if (!ROLES.includes(role)) throw new Error(`no such demo role: ${role}`);
  return { login: process.env[`KONTOR_DEMO_LOGIN_${role.toUpperCase()}`] ?? LOGINS[role], password: process.env.KONTOR_DEMO_PASSWORD ?? "kontor-demo" };
}
