// Finds the browser and starts it.
import { chromium } from "playwright-core";
import { existsSync } from "node:fs";

const PLACES = ["/usr/bin/chromium", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable", "/usr/bin/chromium-browser"];

export const FLAGS = [
  "--no-sandbox", // tests run as root in containers; only our own pages are opened
  "--disable-gpu",
  "--disable-quic",
  "--disable-dev-shm-usage",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export function browserPath() {
  const named = process.env.KONTOR_CHROMIUM;
  if (named) return named;
  const found = PLACES.find(p => existsSync(p)) ?? (existsSync(chromium.executablePath()) ? chromium.executablePath() : null);
  if (!found) throw new Error("no Chromium found: install the package chromium, or set KONTOR_CHROMIUM to the browser's path");
  return found;
}

export function launch() {
  return chromium.launch({ executablePath: browserPath(), headless: process.env.KONTOR_HEADED !== "1", args: FLAGS, timeout: 60_000 });
}
