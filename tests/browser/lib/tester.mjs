// What a test gets: pages in a chosen language, theme and width, signed in as a role, with everything watched.
import { account } from "./accounts.mjs";
import { Watch } from "./watch.mjs";
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
export const SCREENSHOTS = join(dirname(dirname(fileURLToPath(import.meta.url))), "screenshots");
export const LANGS = ["uk", "ru", "en"];
export const WIDTHS = [1440, 390];
export const THEMES = ["light", "dark"];
const HEIGHTS = { 1440: 900, 390: 844 };
const LOCALES = { uk: "uk-UA", ru: "ru-RU", en: "en-GB" };
const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Cookies of users who signed in already, by base address, login and language: signing in is tested once, not in every test. */
const signedIn = new Map();

export class Tester {
  #browser;
  #contexts = [];
  #watch = new Watch();

  constructor(browser, base, name) {
    this.#browser = browser;
    this.base = base;
    this.name = name;
  }

  /** Console messages and answers that match are part of the test. */
  allow(pattern) {
    this.#watch.allow(pattern);
  }

  /** A page at `path`. Options: `as` (role, or nobody when absent), `lang`, `theme`, `width`, `scripts` (false: none run). */
  async open(path, options = {}) {
    const { as, lang = "uk", theme = "light", width = 1440, scripts = true } = options;
    const storageState = as ? await this.#session(as, lang) : undefined;
    const page = await this.#page({ lang, theme, width, scripts, storageState });
    await this.goto(page, path);
    return page;
  }

  async goto(page, path) {
    const answer = await page.goto(new URL(path, this.base).href, { waitUntil: "load" });
    if (!answer) throw new Error(`${path}: no answer`);
    return answer;
  }

  async #page({ lang, theme, width, scripts = true, storageState }) {
    const context = await this.#browser.newContext({
      locale: LOCALES[lang],
      timezoneId: "Europe/Kyiv",
      colorScheme: theme,
      viewport: { width, height: HEIGHTS[width] ?? 900 },
      hasTouch: width < 600,
      isMobile: width < 600,
      reducedMotion: "reduce",
      javaScriptEnabled: scripts,
      storageState,
    });
    context.setDefaultTimeout(15_000);
    context.setDefaultNavigationTimeout(30_000);
    this.#contexts.push(context);
    await this.#watch.attach(context);
    return context.newPage();
  }

  async #session(role, lang) {
    const key = `${this.base} ${role} ${lang}`;
    if (!signedIn.has(key)) {
      const page = await this.#page({ lang, theme: "light", width: 1440 });
      await this.signIn(page, role);
      signedIn.set(key, await page.context().storageState());
      await page.context().close();
    }
    return signedIn.get(key);
  }

  /** Signs in through the form, as a person does. */
  async signIn(page, role) {
    const { login, password } = account(role);
    await this.goto(page, "/sign-in");
    await page.fill("#f-login", login);
    await page.fill("#f-password", password);
    await Promise.all([page.waitForURL(url => !url.pathname.startsWith("/sign-in")), page.press("#f-password", "Enter")]);
  }

  /** A picture in tests/browser/screenshots. */
  async shot(page, name) {
    await mkdir(SCREENSHOTS, { recursive: true });
    await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), animations: "disabled" });
  }

  /** Pictures of a page at both widths, light and dark; also checks that nothing sticks out sideways. */
  async shots(path, name, options = {}) {
    for (const width of options.widths ?? WIDTHS) {
      for (const theme of options.themes ?? THEMES) {
        const page = await this.open(path, { ...options, width, theme });
        await options.ready?.(page);
        await this.shot(page, `${name}-${width}-${theme}`);
        await this.fits(page);
        await page.context().close();
      }
    }
  }

  /** The page itself must not scroll sideways (tables scroll inside their own box). */
  async fits(page) {
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (over > 0) throw new Error(`${page.url()} is ${over} px wider than its window of ${page.viewportSize().width} px`);
  }

  /** WCAG 2.2 A and AA by axe. `except` names rules that do not apply, with a reason in the test. */
  async accessible(page, { except = [] } = {}) {
    // Evaluated by the test tool itself, so that the page's own content security policy stays as it is.
    await page.evaluate(await axeSource());
    const found = await page.evaluate(
      ({ tags, off }) => window.axe.run(document, { runOnly: tags, rules: Object.fromEntries(off.map(r => [r, { enabled: false }])), resultTypes: ["violations"] }),
      { tags: WCAG, off: except },
    );
    if (!found.violations.length) return;
    const text = found.violations.map(v => `${v.id}: ${v.help}\n${v.nodes.slice(0, 5).map(n => `      ${n.target.join(" ")}  ${n.failureSummary?.split("\n").slice(1, 3).join(";").trim()}`).join("\n")}`);
    throw new Error(`not accessible: ${page.url()}\n    ${text.join("\n    ")}`);
  }

  /** Fails with all that was seen and not allowed. */
  verdict() {
    const seen = this.#watch.unexpected();
    if (seen.length) throw new Error(`the page complained:\n    ${[...new Set(seen)].join("\n    ")}`);
  }

  /** Picture of the last page still open, for a failure. */
  async failureShot() {
    const page = this.#contexts.flatMap(c => c.pages()).at(-1);
    if (page) await this.shot(page, `failed-${this.name}`);
  }

  async close() {
    await Promise.all(this.#contexts.map(c => c.close()));
  }
}

let axe;
async function axeSource() {
  const { readFile } = await import("node:fs/promises");
  axe ??= await readFile(require.resolve("axe-core/axe.min.js"), "utf8");
  return axe;
}
