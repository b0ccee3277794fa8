// Starts the program under test on a free port with data of its own, and ends it again.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const READY_MS = 240_000;
const STOP_MS = 10_000;
const CHECK_MS = 300_000;
const LOG_LINES = 200;

export function binaryPath(root) {
  const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");
  return process.env.KONTOR_BIN ?? join(resolve(root, target), "release/kontor");
}

export function freePort() {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once("error", fail);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

/** `{ base, log(), stop() }` of a demo server that answers. */
export async function startServer(root, extraArgs = []) {
  const binary = binaryPath(root);
  if (!existsSync(binary)) throw new Error(`${binary} is missing: run make build first`);
  const data = await mkdtemp(join(tmpdir(), "kontor-browser-"));
  // A folder filled before spares the minute in which a debug binary makes the demo company.
  if (process.env.KONTOR_DEMO_DATA) await cp(process.env.KONTOR_DEMO_DATA, data, { recursive: true });
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const args = ["serve", "--demo", "--listen", `127.0.0.1:${port}`, "--data", data, ...extraArgs];
  const child = spawn(binary, args, { stdio: ["ignore", "pipe", "pipe"], cwd: data });
  const lines = [];
  const keep = chunk => {
    lines.push(...chunk.toString().split("\n").filter(Boolean));
    lines.splice(0, Math.max(0, lines.length - LOG_LINES));
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const ended = new Promise(done => child.once("exit", (code, signal) => done(signal ?? code)));

  const stop = async () => {
    child.kill("SIGTERM");
    const result = await Promise.race([ended, sleep(STOP_MS, "late", { ref: false })]);
    if (result === "late") {
      child.kill("SIGKILL");
      await ended;
    }
    await rm(data, { recursive: true, force: true });
    if (result === "late") throw new Error(`the server did not stop within ${STOP_MS / 1000} s of SIGTERM`);
  };
  const server = { base, data, pid: child.pid, log: () => lines.join("\n"), stop };

  try {
    await ready(base, ended);
  } catch (e) {
    child.kill("SIGKILL");
    await rm(data, { recursive: true, force: true });
    throw new Error(`${e.message}\n${server.log()}`);
  }
  return server;
}

/** What `kontor check` says of the server's database; nothing where it finds nothing. */
export async function check(root, server) {
  const child = spawn(binaryPath(root), ["check", "--database", `sqlite://${join(server.data, "demo.db")}`], { stdio: ["ignore", "pipe", "pipe"], cwd: server.data });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", chunk => said.push(chunk.toString()));
  const late = sleep(CHECK_MS, "late", { ref: false });
  const code = await Promise.race([new Promise(done => child.once("close", done)), late]);
  if (code === "late") child.kill("SIGKILL");
  return code === 0 ? "" : `${code}: ${said.join("").slice(0, 4_000)}`;
}

async function ready(base, ended) {
  const until = Date.now() + READY_MS;
  let last = "no answer";
  while (Date.now() < until) {
    const answer = await Promise.race([
      fetch(`${base}/health/ready`, { signal: AbortSignal.timeout(5_000) }).then(r => r.status, e => e.message),
      ended.then(code => ({ code })),
    ]);
    if (answer === 200) return;
    if (typeof answer === "object") throw new Error(`the server ended while starting: ${answer.code}`);
    last = answer;
    await sleep(200);
  }
  throw new Error(`the server was not ready within ${READY_MS / 1000} s (${last})`);
}
