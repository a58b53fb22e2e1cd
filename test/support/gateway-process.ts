// The real gateway as a child process, started through its launcher as a user would start it.

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { asArray, asObject, type JsonObject } from "#core/json.ts";
import { ProcessOutput } from "#support/process-output.ts";

const PROJECT = resolve(import.meta.dir, "../..");
const LAUNCHER = join(PROJECT, "bin/sluice");
const ADMIN_KEY = "test-admin-key-6f0b1c9e8d7a4532";
const SECRET_KEY = "test-secret-key-0a1b2c3d4e5f67890a1b2c3d4e5f6789";
const START_LIMIT_MS = 20_000;
const STOP_LIMIT_MS = 20_000;

export interface GatewayOptions {
  /** The document; undefined starts without one, which is demo mode. */
  readonly config: string | undefined;
  /** Added to the environment; nothing of the test runner's own `SLUICE_*` is passed on. */
  readonly env?: Readonly<Record<string, string>>;
  /** Variables that the process must not have, the keys that it is given otherwise among them. */
  readonly without?: readonly string[];
  /** Further arguments of `sluice start`. */
  readonly args?: readonly string[];
}

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Starts the gateway and waits until it says that it listens. */
export async function startGateway(options: GatewayOptions): Promise<GatewayProcess> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-test-"));
  const gateway = new GatewayProcess(folder, options);
  try {
    if (options.config !== undefined) await gateway.writeConfig(options.config);
    await gateway.start();
    return gateway;
  } catch (error) {
    await gateway.stop();
    throw error;
  }
}

/** A running gateway with its own folder for document and data. */
export class GatewayProcess {
  readonly adminKey = ADMIN_KEY;
  readonly dataDir: string;
  readonly configPath: string;
  readonly #folder: string;
  readonly #options: GatewayOptions;
  readonly #output = new ProcessOutput();
  #child: ChildProcess | undefined;
  #exit: Promise<Exit> = Promise.resolve({ code: 0, signal: null });
  #baseUrl = "";

  constructor(folder: string, options: GatewayOptions) {
    this.#folder = folder;
    this.#options = options;
    this.dataDir = join(folder, "data");
    this.configPath = join(folder, "sluice.yaml");
  }

  /** Changes with every start, because the port is chosen anew. */
  get baseUrl(): string {
    return this.#baseUrl;
  }

  /** The admin API; on the main listener unless the process printed another address for it. */
  get adminUrl(): string {
    return (
      /admin API[^\n]* on (?<url>http:\/\/\S+)/.exec(this.stdout)?.groups?.["url"] ?? this.#baseUrl
    );
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Everything printed since the first start. */
  get stdout(): string {
    return this.#output.stdout;
  }

  get stderr(): string {
    return this.#output.stderr;
  }

  /** Resolves with how the process ended. */
  get exited(): Promise<Exit> {
    return this.#exit;
  }

  /** Resolves with the first match in what the process printed or will print since the last start. */
  printed(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#output.printed(pattern);
  }

  async writeConfig(config: string): Promise<void> {
    await writeFile(this.configPath, config);
  }

  async start(): Promise<void> {
    this.#output.begin();
    const child = this.#spawn();
    this.#child = child;
    this.#exit = new Promise((resolveExit) => {
      child.once("exit", (code, signal) => resolveExit({ code, signal }));
    });
    child.stdout?.on("data", (bytes: Buffer) => this.#output.addStdout(bytes));
    child.stderr?.on("data", (bytes: Buffer) => this.#output.addStderr(bytes));
    const ready = this.printed(/listening on (?<url>http:\/\/[^\s"]+)/);
    const failed = this.#exit.then(({ code, signal }) => {
      throw new Error(
        `The gateway ended (${code ?? signal}) before it listened.\n${this.#story()}`,
      );
    });
    const match = await within(START_LIMIT_MS, Promise.race([ready, failed]), () => this.#story());
    failed.catch(() => undefined);
    this.#baseUrl = match.groups?.["url"] ?? "";
  }

  /** Sends a signal and does not wait. */
  kill(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** Kills the process with `signal`, waits for its end and starts it again on the same folder. */
  async restart(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    this.kill(signal);
    await within(STOP_LIMIT_MS, this.#exit, () => this.#story());
    await this.start();
  }

  /** Ends the process at once and removes its folder. */
  async stop(): Promise<void> {
    this.kill("SIGKILL");
    if (this.#child !== undefined) await this.#exit;
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Calls the admin API with the admin key. `path` is below `/admin/v1`. */
  admin(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set("authorization", `Bearer ${this.adminKey}`);
    if (init.body !== undefined) headers.set("content-type", "application/json");
    return fetch(`${this.adminUrl}/admin/v1${path}`, { ...init, headers });
  }

  /** Usage rows of the last 24 hours, including every exchange that has ended before this call. */
  async usageRows(groupBy: string): Promise<JsonObject[]> {
    const page = await this.#json(`/usage?group_by=${encodeURIComponent(groupBy)}&limit=1000`);
    return asArray(page["data"]).map((row) => asObject(row) ?? {});
  }

  /** The decision record with this id (`dec_…` or `req_…`). */
  decision(id: string): Promise<JsonObject> {
    return this.#json(`/decisions/${encodeURIComponent(id)}`);
  }

  async #json(path: string): Promise<JsonObject> {
    const reply = await this.admin(path);
    const text = await reply.text();
    if (!reply.ok) throw new Error(`GET ${path} answered ${reply.status}: ${text}`);
    return asObject(JSON.parse(text)) ?? {};
  }

  #spawn(): ChildProcess {
    const config = this.#options.config === undefined ? [] : ["--config", this.configPath];
    const given = ["start", ...config, ...(this.#options.args ?? [])];
    const [command, args] = existsSync(LAUNCHER)
      ? [LAUNCHER, given]
      : [process.execPath, [join(PROJECT, "src/cli/main.ts"), ...given]];
    const env: Record<string, string> = {
      PATH: process.env["PATH"] ?? "",
      HOME: this.#folder,
      SLUICE_LISTEN: "127.0.0.1:0",
      SLUICE_DATA_DIR: this.dataDir,
      SLUICE_ADMIN_KEY: ADMIN_KEY,
      SLUICE_SECRET_KEY: SECRET_KEY,
      ...this.#options.env,
    };
    for (const name of this.#options.without ?? []) delete env[name];
    return spawn(command, args, { cwd: this.#folder, stdio: ["ignore", "pipe", "pipe"], env });
  }

  #story(): string {
    return `stdout:\n${this.stdout}\nstderr:\n${this.stderr}`;
  }
}

/** Gives up after `limitMs`: only a hanging child gets here, a good one never waits for the clock. */
async function within<T>(limitMs: number, work: Promise<T>, story: () => string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No result in ${limitMs} ms.\n${story()}`)), limitMs);
  });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}
