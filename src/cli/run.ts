// Runs one command line: what goes wrong becomes a message and an exit code.

import { CommanderError } from "commander";
import { CommandFault } from "./command-fault.ts";
import type { CommandContext } from "./context.ts";
import { buildProgram } from "./program.ts";

/**
 * Runs the command. Never rejects.
 * @param words the command line without the program
 */
export async function runCommandLine(
  words: readonly string[],
  context: CommandContext,
): Promise<void> {
  try {
    await buildProgram(context).parseAsync(words, { from: "user" });
  } catch (thrown) {
    // Commander has printed its own message already; 0 is for help that was asked for.
    if (thrown instanceof CommanderError) {
      context.exitWith(thrown.exitCode === 0 ? 0 : 2);
      return;
    }
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    context.err(words.includes("--json") ? jsonFault(message) : `sluice: ${message}\n`);
    context.exitWith(thrown instanceof CommandFault ? thrown.exitCode : 1);
  }
}

function jsonFault(message: string): string {
  return `${JSON.stringify({ error: { message } })}\n`;
}
