// Browser tests. `node run.mjs` starts the release binary with demo data and runs specs/*.spec.mjs, after the harness has
// proved on pages of its own that it sees what it must see. The last line is `N passed, N failed`; exit 1 when any failed.
//   --grep WORDS     only tests or files whose name matches (regular expression)
//   --url ADDRESS    against a server that runs already
//   --selftest       the harness only
// KONTOR_BIN names the binary, KONTOR_CHROMIUM the browser, KONTOR_HEADED=1 shows it; KONTOR_DEMO_DATA is a folder with
// the demo made before, of which the server gets a copy.
import { launch } from "./lib/browser.mjs";
import { collect, runAll } from "./lib/runner.mjs";
import { check, startServer } from "./lib/server.mjs";
import { runSelftest } from "./selftest/selftest.mjs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({ options: { grep: { type: "string" }, url: { type: "string" }, selftest: { type: "boolean" } } });
const grep = values.grep ? new RegExp(values.grep, "i") : undefined;
const total = { passed: 0, failed: 0 };
const add = ({ passed, failed }) => {
  total.passed += passed;
  total.failed += failed;
};

const browser = await launch();
try {
  if (values.selftest || !grep) add(await runSelftest(browser));
  const tests = values.selftest ? [] : await collect(join(here, "specs"), grep);
  if (tests.length) await runSpecs(tests);
  else if (!values.selftest) console.log(grep ? `no test matches ${grep}` : "there are no specs yet");
} finally {
  await browser.close();
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed || !total.passed ? 1 : 0;

/** One more test: passed where nothing is wrong. */
function tell(what, wrong) {
  console.log(`${wrong ? "FAIL" : "ok  "} ${what}${wrong ? `\n${wrong}` : ""}`);
  add({ passed: wrong ? 0 : 1, failed: wrong ? 1 : 0 });
}

async function runSpecs(tests) {
  if (values.url) return add(await runAll(tests, browser, values.url));
  const begun = Date.now();
  let server;
  try {
    server = await startServer(join(here, "../.."));
  } catch (e) {
    console.log(`FAIL the server did not start: ${e.message}`);
    return add({ passed: 0, failed: tests.length });
  }
  console.log(`server ready at ${server.base} after ${((Date.now() - begun) / 1000).toFixed(1)} s`);
  const refused = server.log().split("\n").filter(line => line.includes("the demo was refused"));
  tell("all that the demo tells has happened", refused.join("\n"));
  // As it was made, and after everything that people did in the browser.
  if (!grep) tell("kontor check on the new demo", await check(join(here, "../.."), server));
  try {
    const result = await runAll(tests, browser, server.base);
    tell("kontor check after the tests", await check(join(here, "../.."), server));
    add(result);
    if (result.failed) console.log(`--- end of the server's log ---\n${server.log()}`);
  } finally {
    await server.stop().then(() => add({ passed: 1, failed: 0 }), e => {
      console.log(`FAIL ${e.message}`);
      add({ passed: 0, failed: 1 });
    });
  }
}
