// After a conflict: names of the products that stand in it, and the lines as they were chosen.
import type { Problem, Row } from "../../lib/api.ts";
import type { Settled } from "./conflict.ts";
import { byId } from "./lookup.ts";
import { fromServer, text, type Line } from "./model.ts";

/** Names by product; one that cannot be read stays without. */
export async function productNames(e: Problem, lines: Line[]): Promise<Map<string, string>> {
  const names = new Map(lines.map(l => [l.product ?? "", l.name || l.sku]));
  const all = e.conflicts.flatMap(c => [c.theirs, c.base]).flatMap(v => (Array.isArray(v) ? (v as Row[]) : []));
  const unknown = [...new Set(all.map(r => text(r["product_id"])))].filter(id => id && !names.has(id));
  for (const [id, p] of await byId(unknown).catch(() => new Map<string, Row>())) names.set(id, text(p["title"]) || text(p["sku"]));
  return names;
}

/** The chosen lines: mine as they stand in the grid, theirs as they came; what I added stays after them. */
export function chosenLines(settled: NonNullable<Settled["lines"]>, lines: Line[], names: Map<string, string>): Line[] {
  const mine = new Map(lines.map(l => [l.id ?? "", l]));
  const kept = settled.filter(x => text(x.row["id"])).map(x => {
    const own = x.whose === "yours" ? mine.get(text(x.row["id"])) : undefined;
    const product = { id: x.row["product_id"] ?? null, title: names.get(text(x.row["product_id"])) ?? "" };
    return own ?? fromServer({ ...x.row, product }, []);
  });
  return [...kept, ...lines.filter(l => !l.id && l.product)];
}
