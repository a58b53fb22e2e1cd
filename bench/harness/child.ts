// Child processes of the bench: pinned, awaited until they listen, always ended by their own id.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const START_LIMIT_MS = 15_000;
const POLL_MS = 2;

export interface ChildOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** Undefined = wherever the system puts it. */
  readonly core: number | undefined;
  readonly env?: Readonly<Record<string, string>>;
  /** Working folder; the child's own temporary folder when undefined. */
  readonly folder?: string;
}

/** A running child that has said `listening on http://…`. */
export interface Child {
  readonly pid: number;
  readonly host: string;
  readonly port: number;
  /** Milliseconds from the start of the process to the line. */
  readonly startMs: number;
  stop(): Promise<void>;
}

const running = new Set<ChildProcess>();

process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(1));

/** True when processes can be tied to a core here and there are two of them. */
export function mayPin(): boolean {
  if (navigator.hardwareConcurrency < 2) return false;
  return spawnSync("taskset", ["-V"], { stdio: "ignore" }).status === 0;
}

/** Ties this process, all its threads, to one core. */
export function pinSelf(core: number): void {
  spawnSync("taskset", ["-a", "-c", "-p", String(core), String(process.pid)], { stdio: "ignore" });
}

/** Starts a child and waits for its line. Output goes to a file, so that nobody has to drain it. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const scratch = mkdtempSync(join(tmpdir(), "sluice-bench-"));
  const logFile = join(scratch, "output.log");
  const log = openSync(logFile, "a");
  const pin = options.core === undefined ? [] : ["taskset", "-c", String(options.core)];
  const [command = "", ...args] = [...pin, options.command, ...options.args];
  const startedAt = performance.now();
  const child = spawn(command, args, {
    cwd: options.folder ?? scratch,
    stdio: ["ignore", log, log],
    env: { PATH: process.env["PATH"] ?? "", HOME: scratch, ...options.env },
  });
  closeSync(log);
  running.add(child);
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const stop = async () => {
    child.kill("SIGKILL");
    await ended;
    running.delete(child);
    rmSync(scratch, { recursive: true, force: true });
  };
  try {
    const url = await listeningUrl(child, logFile, startedAt);
    const startMs = performance.now() - startedAt;
    return { pid: child.pid ?? 0, host: url.hostname, port: Number(url.port), startMs, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function listeningUrl(child: ChildProcess, logFile: string, since: number): Promise<URL> {
  while (performance.now() - since < START_LIMIT_MS) {
    const text = readFileSync(logFile, "utf8");
    const match = /listening on (http:\/\/[^\s"]+)/.exec(text);
    if (match?.[1] !== undefined) return new URL(match[1]);
    if (child.exitCode !== null) throw new Error(`A child ended before it listened:\n${text}`);
    await Bun.sleep(POLL_MS);
  }
  throw new Error(`A child did not listen in time:\n${readFileSync(logFile, "utf8")}`);
}
