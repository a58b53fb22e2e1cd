// Commands whose engines are not built yet: they say so and end with 2.

import { Command } from "commander";
import { CommandFault } from "../command-fault.ts";

const NAMES = ["explain", "test", "replay", "ledger verify", "init", "connect", "logs tail"];

/** Builds the commands. */
export function unbuiltCommands(): readonly Command[] {
  return NAMES.map((name) => {
    const [outer = "", inner] = name.split(" ");
    if (inner === undefined) return unbuilt(outer, name);
    return new Command(outer).summary("not available yet").addCommand(unbuilt(inner, name));
  });
}

function unbuilt(last: string, name: string): Command {
  return new Command(last)
    .summary("not available yet")
    .allowUnknownOption()
    .allowExcessArguments()
    .helpOption(false)
    .action(() => {
      throw new CommandFault(2, `not_available: \`sluice ${name}\` is not available yet`);
    });
}
