// Long work on the server: how far it is, and a way to stop it.
import { call, get, type Row } from "./api.ts";
import { t } from "./texts.ts";
import { going, toast } from "./toast.ts";

const EVERY_MS = 400;
const wait = (ms: number) => new Promise<void>(done => setTimeout(done, ms));

/** Waits for a job and answers its result; null when it failed or was cancelled, which is then said. */
export async function followed(job: Row): Promise<Row | null> {
  const id = String(job["id"]);
  const words = (j: Row) => t("bulk-going", { done: String(j["done"] ?? 0), total: String(j["total"] ?? "…") });
  const shown = going(words(job), () => void call("POST", `/jobs/${id}/cancel`, {}).catch((e: unknown) => console.warn(e)));
  for (let now = job; ; now = await get<Row>(`/jobs/${id}`)) {
    shown.say(words(now));
    const state = String(now["state"] ?? "");
    if (state === "done") return (now["result"] as Row | null) ?? {};
    if (state === "failed" || state === "cancelled") {
      const error = now["error"] as Row | null;
      const said = String(error?.["message"] ?? "");
      toast({ text: said ? `${t("bulk-failed")}: ${said}` : t("bulk-failed"), bad: state === "failed" });
      return null;
    }
    await wait(EVERY_MS);
  }
}
