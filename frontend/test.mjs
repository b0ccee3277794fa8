// Runs test/*.test.ts: bundled by esbuild first, because Node 20 does not read TypeScript.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(fileURLToPath(import.meta.url));
const folder = join(root, "test");
const out = join(root, "node_modules/.tests");
const files = existsSync(folder) ? readdirSync(folder).filter(f => f.endsWith(".test.ts")) : [];
if (!files.length) {
  console.log("no tests");
  process.exit(0);
}
rmSync(out, { recursive: true, force: true });
await build({
  entryPoints: files.map(f => join(folder, f)),
  bundle: true, platform: "node", format: "esm", target: "node20", outdir: out, outExtension: { ".js": ".mjs" }, sourcemap: "inline", logLevel: "warning",
});
const bundled = files.map(f => join(out, `${basename(f, ".ts")}.mjs`));
const { status } = spawnSync(process.execPath, ["--test", "--enable-source-maps", ...bundled], { stdio: "inherit", timeout: 240_000 });
process.exit(status ?? 1);
