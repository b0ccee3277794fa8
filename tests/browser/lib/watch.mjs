// Notes everything that a page must not do: script errors, console errors, refusals of the content security policy,
// answers of the 500s, requests that failed. A test fails with them unless it said before that it expects them.

export class Watch {
  #seen = [];
  #allowed = [];

  /** What matches is expected in this test. */
  allow(pattern) {
    this.#allowed.push(pattern);
  }

  unexpected() {
    return this.#seen.filter(text => !this.#allowed.some(p => p.test(text)));
  }

  async attach(context) {
    await context.exposeBinding("__kontorViolation", (_source, text) => this.#seen.push(`CSP: ${text}`));
    await context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", e => {
        window.__kontorViolation(`${e.effectiveDirective} refused ${e.blockedURI || "inline"} at ${e.sourceFile ?? ""}:${e.lineNumber}`);
      });
    });
    context.on("weberror", e => this.#seen.push(`script error: ${e.error().message}`));
    context.on("console", message => {
      if (message.type() === "error") this.#seen.push(`console: ${message.text()} (${message.location().url})`);
    });
    context.on("response", r => {
      if (r.status() >= 500) this.#seen.push(`answer ${r.status()}: ${r.request().method()} ${r.url()}`);
    });
    context.on("requestfailed", r => {
      const why = r.failure()?.errorText ?? "";
      // A page left in the middle of a request aborts it; that is no fault.
      if (why !== "net::ERR_ABORTED") this.#seen.push(`request failed: ${r.method()} ${r.url()} ${why}`);
    });
  }
}
