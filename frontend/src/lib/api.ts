// The public API with the session cookie and the CSRF token; refusals arrive as problem documents (RFC 9457).
import { csrf } from "./dom.ts";
import { has, lang, t } from "./texts.ts";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Row = Record<string, Json>;
export interface FieldProblem { field: string; code: string; message: string; hint?: string | null; ways?: Way[] }
/** A way out of a refusal: a page to go to, a command to call, or values to set in the document. */
export interface Way { label: string; href?: string; command?: string; set?: Row }
export interface Conflict { field: string; base: Json; theirs: Json; yours: Json; label?: string; by?: string }

export class Problem extends Error {
  readonly status: number;
  readonly errors: FieldProblem[];
  readonly conflicts: Conflict[];
  readonly body: Row;
  constructor(status: number, body: Row) {
    super(String(body["detail"] ?? body["title"] ?? ""));
    this.status = status;
    this.body = body;
    this.errors = Array.isArray(body["errors"]) ? (body["errors"] as unknown as FieldProblem[]) : [];
    this.conflicts = Array.isArray(body["conflicts"]) ? (body["conflicts"] as unknown as Conflict[]) : [];
  }
}

export interface Answer<T> { data: T; audit: string | null }
interface Options { signal?: AbortSignal; keepalive?: boolean; headers?: Record<string, string> }

/** Calls `/api/v1{path}`. Throws `Problem`, also when the network or the server is gone (status 0). */
export async function call<T = Row>(method: string, path: string, body?: unknown, options: Options = {}): Promise<Answer<T>> {
  const headers: Record<string, string> = { accept: "application/json", "accept-language": lang(), ...options.headers };
  if (method !== "GET") headers["x-csrf-token"] = csrf();
  if (body !== undefined) headers["content-type"] = "application/json";
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}`, {
      method, headers, credentials: "same-origin",
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(options.signal ? { signal: options.signal } : {}),
      ...(options.keepalive ? { keepalive: true } : {}),
    });
  } catch (e) {
    if (e instanceof DOMException && e.name === "AbortError") throw e;
    throw new Problem(0, { detail: has("no-network") ? t("no-network") : String(e) });
  }
  const text = await response.text();
  let data: unknown = null;
  if (text) {
    try {
      data = JSON.parse(text);
    } catch {
      throw new Problem(response.status, { detail: `${response.status} ${response.statusText}` });
    }
  }
  if (response.status === 401) location.assign(`/sign-in?back=${encodeURIComponent(location.pathname + location.search)}`);
  if (!response.ok) throw new Problem(response.status, (data ?? { detail: response.statusText }) as Row);
  return { data: data as T, audit: response.headers.get("x-audit-id") };
}

export const get = async <T = Row>(path: string, signal?: AbortSignal): Promise<T> => (await call<T>("GET", path, undefined, signal ? { signal } : {})).data;
export const aborted = (e: unknown): boolean => e instanceof DOMException && e.name === "AbortError";
export const message = (e: unknown): string => (e instanceof Problem && (e.message || e.errors[0]?.message)) || (e instanceof Error ? e.message : String(e));
