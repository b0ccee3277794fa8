// Collects the tests of spec files and runs them one after another.
import { Tester } from "./tester.mjs";
import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";

const TEST_MS = 120_000;

/** Every exported function of every `*.spec.mjs` is a test; its name begins with the id of the capability it proves. */
export async function collect(folder, grep) {
  const files = (await readdir(folder, { withFileTypes: true })).filter(f => f.isFile() && f.name.endsWith(".spec.mjs")).map(f => f.name).sort();
  const tests = [];
  for (const file of files) {
    const exported = await import(pathToFileURL(join(folder, file)).href);
    for (const [name, run] of Object.entries(exported)) {
      if (typeof run === "function" && (!grep || grep.test(name) || grep.test(file))) tests.push({ file: relative(folder, join(folder, file)), name, run });
    }
  }
  return tests;
}

export async function runAll(tests, browser, base) {
  const result = { passed: 0, failed: 0 };
  for (const test of tests) {
    const begun = Date.now();
    const error = await runOne(test, browser, base);
    const seconds = ((Date.now() - begun) / 1000).toFixed(1);
    console.log(`${error ? "FAIL" : "ok  "} ${seconds.padStart(6)} s  ${test.file} ${test.name}`);
    if (error) console.log(`    ${(error.stack ?? String(error)).split("\n").slice(0, 30).join("\n    ")}`);
    result[error ? "failed" : "passed"] += 1;
  }
  return result;
}

/** The error of a test, or undefined. */
export async function runOne(test, browser, base) {
  const tester = new Tester(browser, base, test.name);
  let timer;
  try {
    const late = new Promise((_, fail) => {
      timer = setTimeout(() => fail(new Error(`not done within ${TEST_MS / 1000} s`)), TEST_MS);
    });
    await Promise.race([test.run(tester), late]);
    tester.verdict();
  } catch (error) {
    // A picture helps to understand the failure; that it cannot be taken must not hide the failure.
    await tester.failureShot().catch(e => console.log(`    (no picture: ${e.message.split("\n")[0]})`));
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    clearTimeout(timer);
    await tester.close();
  }
}
