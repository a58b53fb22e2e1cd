// The reference page of the command line, made from the tree that parses it.

import type { Command } from "commander";
import { buildProgram } from "#cli/program.ts";
import { code, GENERATED, markdownTable } from "./markdown.ts";

const VARIABLES = [
  ["`SLUICE_CONFIG`", "Configuration file of `start` and `check`."],
  ["`SLUICE_LISTEN`", "`host:port` of the gateway."],
  ["`SLUICE_DATA_DIR`", "Folder of the data."],
  ["`SLUICE_LOG`", "`json` or `pretty`, and a level after a colon: `json:warn`."],
  ["`SLUICE_ADMIN_KEY`", "Bearer of the admin API; made at the first start when it is not set."],
  [
    "`SLUICE_SECRET_KEY`",
    "Derives the pepper of the key hashes; made at the first start likewise.",
  ],
  ["`SLUICE_URL`", "Address of the gateway for the commands that talk to one."],
];

/** docs/reference/commands.md */
export function commandsPage(): string {
  const nothing = () => {};
  const program = buildProgram({
    out: nothing,
    err: nothing,
    fetch: () => Promise.reject(new Error("no command runs here")),
    environment: { url: undefined, adminKey: undefined, isLaunched: true, startedAtMs: 0 },
    exitWith: nothing,
    exitNow: (exitCode) => {
      throw new Error(`exit ${exitCode}`);
    },
  });
  const sections = leaves(program, "sluice").map(([name, command]) => section(name, command));
  return `${GENERATED}# Commands

\`bin/sluice\` finds its runtime among the installed packages, installs them first when they are missing or older
than the lock file, and becomes it. Every command takes \`--json\`. Flags win over the environment, the environment over the
configuration file. A command ends with 0 when all is well, 1 when what it was asked about is wrong, 2 when it
was used wrongly or is not available yet.

Commands with \`--url\` talk to the admin API of a running gateway and need \`SLUICE_ADMIN_KEY\`.

${markdownTable(["variable", "meaning"], VARIABLES)}
${sections.join("\n")}`;
}

/** Commands that do something, with their full names. */
function leaves(command: Command, name: string): (readonly [string, Command])[] {
  if (command.commands.length === 0) return [[name, command]];
  return command.commands.flatMap((child) => leaves(child, `${name} ${child.name()}`));
}

function section(name: string, command: Command): string {
  const words = command.registeredArguments.map((argument) =>
    argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
  );
  const rows = [
    ...command.registeredArguments.map(({ description }, index) => [
      code(words[index] ?? ""),
      description,
      "",
    ]),
    ...command.options.map(({ flags, description, mandatory }) => [
      code(flags),
      description,
      mandatory ? "required" : "",
    ]),
  ];
  const text =
    command.description() === "" ? `${sentence(command.summary())}` : command.description();
  const options =
    rows.length === 0 ? "" : `\n${markdownTable(["argument or option", "meaning", ""], rows)}`;
  return `## \`${[name, ...words].join(" ")}\`\n\n${text}\n${options}`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
