// What would refuse to confirm, asked by a dry run where the dry pricing does not tell.
import { call, Problem, type FieldProblem, type Row } from "../../lib/api.ts";

interface Asked { collection: string; id: string; version: string; changed: boolean; verb: string; field: string | undefined; input: () => Row }

/** The reasons; none when it would pass; null when nothing can be asked now. */
export async function wouldConfirm(a: Asked): Promise<FieldProblem[] | null> {
  try {
    if (!a.id) {
      if (a.field === undefined) return null;
      await call("POST", `/${a.collection}?dry_run=true`, { ...a.input(), [a.field]: true });
    } else if (a.changed) return null;
    else await call("POST", `/${a.collection}/${a.id}/${a.verb}?dry_run=true`, { version: Number(a.version) });
    return [];
  } catch (e) {
    if (!(e instanceof Problem) || e.status !== 422) return null;
    return e.errors.length ? e.errors : [{ field: "", code: "", message: e.message }];
  }
}
