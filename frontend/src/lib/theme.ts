// Light, dark or as the system says; kept in a cookie, because the server writes it into <html>. Language likewise.
import { $$ } from "./dom.ts";

const keep = (name: string, value: string): void => {
  document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
};

function isDark(): boolean {
  const set = document.documentElement.getAttribute("data-bs-theme");
  return set ? set === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

export function setTheme(theme: string): void {
  if (theme === "light" || theme === "dark") document.documentElement.setAttribute("data-bs-theme", theme);
  else document.documentElement.removeAttribute("data-bs-theme");
  keep("theme", theme);
  mark(document);
  document.dispatchEvent(new CustomEvent("kontor:theme"));
}

function mark(root: ParentNode): void {
  const set = document.documentElement.getAttribute("data-bs-theme") ?? "auto";
  for (const el of $$("[data-theme]", root)) {
    el.classList.toggle("on", el.dataset["theme"] === set);
    el.setAttribute("aria-pressed", String(el.dataset["theme"] === set));
  }
  const dark = isDark();
  for (const el of $$("[data-theme-toggle] use", root)) el.setAttribute("href", (el.getAttribute("href") ?? "").replace(/#.*/, dark ? "#sun" : "#moon"));
}

export function startTheme(): void {
  document.addEventListener("click", e => {
    const el = (e.target as Element | null)?.closest<HTMLElement>("[data-theme-toggle], [data-theme], [data-lang]");
    if (!el) return;
    if (el.dataset["lang"]) {
      e.preventDefault();
      keep("kontor_lang", el.dataset["lang"]);
      location.reload();
    } else if (el.dataset["theme"]) setTheme(el.dataset["theme"]);
    else setTheme(isDark() ? "light" : "dark");
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { mark(document); document.dispatchEvent(new CustomEvent("kontor:theme")); });
}
export const mountTheme = mark;
