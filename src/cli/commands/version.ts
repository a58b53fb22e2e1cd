// `sluice version`: which Sluice on which runtime.

import { Command } from "commander";
import { version } from "#app/version.ts";
import { type CommandContext, type GlobalOptions, printResult } from "../context.ts";

/** Builds the command. */
export function versionCommand(context: CommandContext): Command {
  return new Command("version")
    .summary("print the version of Sluice and of its runtime")
    .action((_: unknown, command: Command) => {
      const bun = process.versions["bun"] ?? "";
      printResult(context, command.optsWithGlobals<GlobalOptions>(), {
        json: { sluice: version, bun, platform: process.platform, machine: process.arch },
        text: () => `sluice ${version} (bun ${bun}, ${process.platform} ${process.arch})\n`,
      });
    });
}
