// The two proxies that are compared, each started the way it is used.

import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Child, startChild } from "./child.ts";
import { ALL_MODELS } from "./models.ts";

const PROJECT = resolve(import.meta.dir, "../..");
const CALLER_KEY = "bench-caller-key-4f9a1c7e20d84b6f";
const FETCH_CONNECTIONS = "65336";

/** Something that load can be put on. */
export interface Contender {
  readonly name: "direct" | "bare" | "sluice";
  readonly pid: number;
  readonly host: string;
  readonly port: number;
  readonly startMs: number;
  /** Sent as bearer. */
  readonly key: string;
  /** What a client asks for to get this model of the upstream. */
  modelName(model: string): string;
  stop(): Promise<void>;
}

export interface Place {
  readonly upstream: Child;
  readonly core: number | undefined;
}

/** The upstream itself, for latencies. */
export function direct({ upstream }: Place): Contender {
  return contender("direct", { ...upstream, stop: async () => undefined }, (model) => model);
}

export async function startBare({ upstream, core }: Place): Promise<Contender> {
  const child = await startChild({
    command: process.execPath,
    args: [join(PROJECT, "bench/bare-proxy.ts"), originOf(upstream)],
    core,
    env: { BUN_CONFIG_MAX_HTTP_REQUESTS: FETCH_CONNECTIONS },
  });
  return contender("bare", child, (model) => model);
}

/** Sluice through its launcher with everything that it has switched on. */
export async function startSluice({ upstream, core }: Place): Promise<Contender> {
  const folder = mkdtempSync(join(tmpdir(), "sluice-bench-home-"));
  const config = join(folder, "sluice.yaml");
  writeFileSync(config, documentFor(originOf(upstream)));
  const launcher = join(PROJECT, "bin/sluice");
  const start = ["start", "--config", config];
  const isBuilt = existsSync(launcher);
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  const child = await startChild({
    command: isBuilt ? launcher : process.execPath,
    args: isBuilt ? start : [join(PROJECT, "src/cli/main.ts"), ...start],
    core,
    folder,
    env: {
      SLUICE_LISTEN: "127.0.0.1:0",
      SLUICE_DATA_DIR: join(folder, "data"),
      SLUICE_ADMIN_KEY: "bench-admin-key-93c1e7f0a2b54d68",
      BUN_CONFIG_MAX_HTTP_REQUESTS: FETCH_CONNECTIONS,
    },
  }).catch((error: unknown) => {
    removeFolder();
    throw error;
  });
  const stop = async () => {
    await child.stop();
    removeFolder();
  };
  return contender("sluice", { ...child, stop }, (model) => `virtual-${model}`);
}

function contender(
  name: Contender["name"],
  child: Child,
  modelName: (model: string) => string,
): Contender {
  return { name, ...child, key: CALLER_KEY, modelName };
}

function originOf({ host, port }: Child): string {
  return `http://${host}:${port}`;
}

function documentFor(upstream: string): string {
  const models = ALL_MODELS.map((model) => `  virtual-${model}: { targets: [bench/${model}] }`);
  return `version: 1
providers:
  bench: { kind: openai-compatible, base_url: ${upstream}/v1, api_key: bench-upstream-key }
models:
${models.join("\n")}
plans:
  standard: {}
tenants:
  bench: { plan: standard, projects: { load: {} } }
keys:
  - { name: bench-load, tenant: bench, project: load, tags: [bench], value: ${CALLER_KEY} }
prices:
  bench/*: { input: 0.25, cache_read: 0.025, output: 2.00 }
`;
}
