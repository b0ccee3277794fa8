// Bundles the tests (TypeScript) and runs them with Node's own runner; a page's globals are pretended where modules read them at load.
import { build } from "esbuild";
import { mkdtemp, rm } from "node:fs/promises";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = await mkdtemp(join(tmpdir(), "kontor-frontend-"));
await build({
  entryPoints: [join(here, "decimal.test.ts")], bundle: true, platform: "node", format: "esm", outdir: out, outExtension: { ".js": ".mjs" }, logLevel: "warning",
  banner: { js: "globalThis.document ??= { documentElement: { lang: 'uk', getAttribute: () => null }, querySelector: () => null, querySelectorAll: () => [], addEventListener() {}, body: {} };" },
});
const { status } = spawnSync(process.execPath, ["--test", out + "/decimal.test.mjs"], { stdio: "inherit" });
await rm(out, { recursive: true });
process.exit(status ?? 1);
