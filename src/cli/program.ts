// The command line as a tree: the program runs it, and the reference page is made from it.

import { Command } from "commander";
import { version } from "#app/version.ts";
import { checkCommand } from "./commands/check.ts";
import { configCommand } from "./commands/config.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { keysCommand } from "./commands/keys.ts";
import { modelsCommand, pricesCommand } from "./commands/models.ts";
import { startCommand } from "./commands/start.ts";
import { unbuiltCommands } from "./commands/unbuilt.ts";
import { usageCommand } from "./commands/usage.ts";
import { versionCommand } from "./commands/version.ts";
import type { CommandContext } from "./context.ts";

/** Builds the whole tree. */
export function buildProgram(context: CommandContext): Command {
  const program = new Command("sluice")
    .description("One API in front of many model providers: routed, metered, explained.")
    .option("--json", "print JSON")
    .version(version, "-V, --version", "print the version of Sluice")
    .helpCommand("help [command]", "print the help of a command");
  const commands = [
    startCommand(context),
    checkCommand(context),
    modelsCommand(context),
    pricesCommand(context),
    keysCommand(context),
    usageCommand(context),
    configCommand(context),
    doctorCommand(context),
    versionCommand(context),
    ...unbuiltCommands(),
  ];
  for (const command of commands) program.addCommand(command);
  prepare(program, context);
  return program;
}

/** Output and exits go through the context, on every level. */
function prepare(command: Command, context: CommandContext): void {
  command.exitOverride().configureOutput({ writeOut: context.out, writeErr: context.err });
  for (const child of command.commands) prepare(child, context);
}
