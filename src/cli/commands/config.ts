// `sluice config`: the document of a running gateway.

import { readFileSync } from "node:fs";
import { Command } from "commander";
import { asArray, asObject, type JsonObject } from "#core/json.ts";
import { callAdmin, type GatewayOptions } from "../admin-client.ts";
import { CommandFault } from "../command-fault.ts";
import { type CommandContext, type GlobalOptions, printResult } from "../context.ts";
import { gatewayCommand, pageOptions } from "../gateway-command.ts";
import { printPage, queryText } from "../page-output.ts";
import { parseCount } from "../quantities.ts";
import { plainText } from "../terminal-text.ts";

interface Options extends GlobalOptions, GatewayOptions {
  readonly ifMatch?: number;
  readonly limit?: number;
  readonly cursor?: string;
}

const IF_MATCH = [
  "--if-match <version>",
  "only if this version is in force (default: whichever is)",
  parseCount,
] as const;

/** Builds the command. */
export function configCommand(context: CommandContext): Command {
  return new Command("config")
    .summary("apply, list and roll back configuration documents")
    .addCommand(applyCommand(context))
    .addCommand(versionsCommand(context))
    .addCommand(rollbackCommand(context));
}

function applyCommand(context: CommandContext): Command {
  return gatewayCommand("apply")
    .summary("put a document in force, or be told what is wrong with it")
    .argument("<file>", "the document; it may hold neither secrets nor references to variables")
    .option(...IF_MATCH)
    .action(async (file: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const config = readDocument(file);
      const version = options.ifMatch ?? (await currentVersion(context, options));
      const applied = await callAdmin(context, options, {
        method: "PUT",
        path: "/config",
        body: { config },
        headers: { "if-match": `${version}` },
      });
      printApplied(context, options, applied);
    });
}

function versionsCommand(context: CommandContext): Command {
  const command = gatewayCommand("versions").summary("list applied documents, newest first");
  for (const option of pageOptions()) command.addOption(option);
  return command.action(async (_: unknown, self: Command) => {
    const options = self.optsWithGlobals<Options>();
    const { limit, cursor } = options;
    const path = `/config/versions${queryText({ limit, cursor })}`;
    const page = await callAdmin(context, options, { method: "GET", path });
    printPage(context, options, page, ["version", "applied_at", "source", "hash"]);
  });
}

function rollbackCommand(context: CommandContext): Command {
  return gatewayCommand("rollback")
    .summary("put an earlier version in force again, as a new version")
    .argument("<version>", "number of the version, as `config versions` shows it", parseCount)
    .option(...IF_MATCH)
    .action(async (version: number, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const { ifMatch } = options;
      const applied = await callAdmin(context, options, {
        method: "POST",
        path: "/config/rollback",
        body: { version },
        ...(ifMatch === undefined ? {} : { headers: { "if-match": `${ifMatch}` } }),
      });
      printApplied(context, options, applied);
    });
}

async function currentVersion(context: CommandContext, options: Options): Promise<number> {
  const current = await callAdmin(context, options, { method: "GET", path: "/config" });
  return Number(current["version"]);
}

function readDocument(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandFault(2, `${file} cannot be read: ${reason}`);
  }
}

function printApplied(context: CommandContext, options: Options, applied: JsonObject): void {
  for (const warning of options.json ? [] : asArray(applied["warnings"])) {
    const { line, column, message } = asObject(warning) ?? {};
    context.err(`${plainText(line)}:${plainText(column)}: warning: ${plainText(message)}\n`);
  }
  const version = plainText(applied["version"]);
  printResult(context, options, { json: applied, text: () => `version ${version} is in force\n` });
}
