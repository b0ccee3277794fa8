// Words come from the server: `<template id="texts">`, or `data-t-…` of an element.
import { json } from "./dom.ts";

let texts: Record<string, string> | undefined;

/** Text by key with `{name}` places filled; an unknown key shows itself, so that it is found in tests. */
export function t(key: string, args: Record<string, string | number> = {}): string {
  texts ??= json<Record<string, string>>("#texts", {});
  return (texts[key] ?? `⟦${key}⟧`).replace(/\{\s*\$?(\w+)\s*\}/g, (whole, name: string) => (name in args ? String(args[name]) : whole));
}
export const has = (key: string): boolean => ((texts ??= json<Record<string, string>>("#texts", {})), key in texts);
export const lang = (): string => document.documentElement.lang || "uk";
