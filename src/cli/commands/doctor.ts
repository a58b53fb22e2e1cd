// `sluice doctor`: looks at everything that usually goes wrong and says what it found.

import { accessSync, constants, existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import { readEnvironment } from "#app/environment.ts";
import { callAdmin, type GatewayOptions, gatewayUrl } from "../admin-client.ts";
import { type CommandContext, type GlobalOptions, printResult } from "../context.ts";
import { gatewayCommand } from "../gateway-command.ts";
import { compileOffline } from "../offline-document.ts";
import { plainText } from "../terminal-text.ts";

interface Options extends GlobalOptions, GatewayOptions {
  readonly config?: string;
}

/** `skipped`: there was nothing to look at. */
interface Finding {
  readonly name: string;
  readonly state: "ok" | "wrong" | "skipped";
  readonly detail: string;
}

const DEFAULT_DATA_DIR = "data";

/** Builds the command. */
export function doctorCommand(context: CommandContext): Command {
  return gatewayCommand("doctor")
    .summary("find out why something does not work")
    .description(
      "Checks the launcher, the configuration, the data folder, and the gateway if one runs.",
    )
    .option("-c, --config <file>", "configuration file (default: as `sluice start`)")
    .action(async (_: unknown, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const findings = [
        checkLauncher(context),
        await attempt("configuration", () => checkConfiguration(context, options)),
        await attempt("data folder", async () => checkDataFolder()),
        ...(await checkGateway(context, options)),
      ];
      const isWell = findings.every(({ state }) => state !== "wrong");
      printResult(context, options, {
        json: { ok: isWell, findings: findings.map((finding) => ({ ...finding })) },
        text: () => findings.map(findingLine).join(""),
      });
      if (!isWell) context.exitWith(1);
    });
}

function findingLine({ name, state, detail }: Finding): string {
  return `${state.padEnd(7)}  ${name}: ${plainText(detail)}\n`;
}

function checkLauncher({ environment }: CommandContext): Finding {
  const bun = process.versions["bun"];
  const name = "launcher";
  if (bun === undefined) return { name, state: "wrong", detail: "this is not Bun; use bin/sluice" };
  if (environment.isLaunched) return { name, state: "ok", detail: `Bun ${bun}` };
  const detail = "started without bin/sluice: at most 256 upstream connections at a time";
  return { name, state: "wrong", detail };
}

async function checkConfiguration(context: CommandContext, options: Options): Promise<Finding> {
  const name = "configuration";
  const found = await compileOffline(options.config, context.environment.startedAtMs);
  if (!found.result.ok) {
    const [first] = found.result.errors;
    const place = `${found.name}:${first?.line}:${first?.column}`;
    return { name, state: "wrong", detail: `${place}: ${first?.message} (see sluice check)` };
  }
  const { hash, demo } = found.result.snapshot;
  const detail = demo ? "none; the demo provider answers" : `${found.name}, snapshot ${hash}`;
  return { name, state: "ok", detail };
}

function checkDataFolder(): Finding {
  const folder = resolve(readEnvironment({}).dataDir ?? DEFAULT_DATA_DIR);
  let nearest = folder;
  while (!existsSync(nearest)) nearest = dirname(nearest);
  accessSync(nearest, constants.W_OK);
  const detail = nearest === folder ? folder : `${folder} (will be made)`;
  return { name: "data folder", state: "ok", detail };
}

async function checkGateway(
  context: CommandContext,
  options: Options,
): Promise<readonly Finding[]> {
  const name = "gateway";
  const { origin } = gatewayUrl(context, options);
  try {
    const response = await context.fetch(new Request(`${origin}/readyz`, { redirect: "manual" }));
    const isReady = response.status === 200;
    const detail = isReady ? `ready at ${origin}` : `not ready at ${origin} (${response.status})`;
    const state = isReady ? "ok" : "wrong";
    return [{ name, state, detail }, await checkAdminKey(context, options)];
  } catch {
    return [{ name, state: "skipped", detail: `nothing listens at ${origin}` }];
  }
}

async function checkAdminKey(context: CommandContext, options: Options): Promise<Finding> {
  const name = "admin key";
  if (context.environment.adminKey === undefined) {
    return { name, state: "skipped", detail: "SLUICE_ADMIN_KEY is not set" };
  }
  try {
    const { version } = await callAdmin(context, options, { method: "GET", path: "/config" });
    return { name, state: "ok", detail: `accepted; configuration version ${version}` };
  } catch (error) {
    return { name, state: "wrong", detail: error instanceof Error ? error.message : `${error}` };
  }
}

async function attempt(name: string, look: () => Promise<Finding>): Promise<Finding> {
  try {
    return await look();
  } catch (error) {
    return { name, state: "wrong", detail: error instanceof Error ? error.message : `${error}` };
  }
}
