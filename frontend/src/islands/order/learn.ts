// What the document does not say about its products: articles and units, and what is free in stock. Asked once each.
import { message } from "../../lib/api.ts";
import { available, byId } from "./lookup.ts";
import { text, title, type Line } from "./model.ts";

const ids = (lines: Line[]): string[] => [...new Set(lines.map(l => l.product).filter((x): x is string => x !== null))];

export class Learner {
  private warehouse: string | null = null;
  private readonly asked = new Set<string>();
  private free = new Map<string, string>();

  /** True when something was learned. Nothing waits for it, so a refusal is only noted. */
  async learn(all: Line[], sent: Line[], warehouse: string, stock: boolean): Promise<boolean> {
    if (warehouse !== this.warehouse) {
      for (const l of all) l.free = "";
      this.asked.clear();
      this.free.clear();
      this.warehouse = warehouse;
    }
    for (const l of sent) l.free ||= this.free.get(l.product ?? "") ?? "";
    const nameless = sent.filter(l => !l.sku && !this.asked.has(`sku ${l.product}`));
    const unknown = stock ? sent.filter(l => !l.free && !text(l.server?.["available"]) && !this.asked.has(`stock ${l.product}`)) : [];
    if (!nameless.length && !unknown.length) return false;
    for (const l of nameless) this.asked.add(`sku ${l.product}`);
    for (const l of unknown) this.asked.add(`stock ${l.product}`);
    try {
      if (nameless.length) {
        const found = await byId(ids(nameless));
        for (const l of all) {
          const p = found.get(l.product ?? "");
          if (p) { l.sku ||= text(p["sku"]); l.unit ||= title(p["unit"]); }
        }
      }
      if (unknown.length) {
        for (const [id, free] of await available(ids(unknown), warehouse)) this.free.set(id, free);
        for (const l of all) l.free ||= this.free.get(l.product ?? "") ?? "";
      }
      return true;
    } catch (e) {
      console.warn(message(e));
      return false;
    }
  }
}
