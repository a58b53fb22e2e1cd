// `sluice check`: is this configuration document right?

import { Command } from "commander";
import type { ConfigIssue } from "#snapshot/document/issue.ts";
import { type CommandContext, type GlobalOptions, printResult } from "../context.ts";
import { compileOffline } from "../offline-document.ts";
import { plainText } from "../terminal-text.ts";

interface Options extends GlobalOptions {
  readonly config?: string;
  readonly schema?: boolean;
}

/** Builds the command. */
export function checkCommand(context: CommandContext): Command {
  return new Command("check")
    .summary("check a configuration document without a gateway")
    .description(
      "Compiles the document as `sluice start` would, references to variables and files included.\n" +
        "Prints what is wrong with its place; ends with 1 when there is an error.",
    )
    .argument("[file]", "the document (default: --config, $SLUICE_CONFIG, else ./sluice.yaml)")
    .option("-c, --config <file>", "the same as the argument")
    .option("--schema", "print the JSON Schema of the document instead")
    .action(async (file: string | undefined, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      await (options.schema
        ? printSchema(context)
        : check(context, options, file ?? options.config));
    });
}

async function printSchema(context: CommandContext): Promise<void> {
  const { configurationSchema } = await import("#snapshot/json-schema.ts");
  context.out(`${JSON.stringify(configurationSchema(), undefined, 2)}\n`);
}

async function check(
  context: CommandContext,
  options: Options,
  file: string | undefined,
): Promise<void> {
  const { name, result } = await compileOffline(file, context.environment.startedAtMs);
  const errors = result.ok ? [] : result.errors;
  const { warnings } = result;
  const snapshot = result.ok ? result.snapshot.hash : null;
  printResult(context, options, {
    json: {
      file: name,
      valid: result.ok,
      snapshot,
      errors: errors.map((issue) => ({ ...issue })),
      warnings: warnings.map((issue) => ({ ...issue })),
      tests: [],
    },
    text: () =>
      [
        ...errors.map((issue) => issueLine(name, "error", issue)),
        ...warnings.map((issue) => issueLine(name, "warning", issue)),
        `${name}: ${count(errors.length, "error")}, ${count(warnings.length, "warning")}`,
        "",
      ].join("\n"),
  });
  if (!result.ok) context.exitWith(1);
}

/** `file:line:column: error: message`, as editors understand it. */
function issueLine(file: string, kind: "error" | "warning", issue: ConfigIssue): string {
  const { line, column, path, message, hint } = issue;
  const place = path === "" ? "" : ` (${path})`;
  const advice = hint === "" ? "" : ` ${hint}`;
  return plainText(`${file}:${line}:${column}: ${kind}: ${message}${advice}${place}`);
}

function count(amount: number, word: string): string {
  return `${amount} ${word}${amount === 1 ? "" : "s"}`;
}
