// Runs a program of the project's tool chain and waits for it.

import { spawn } from "node:child_process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** How a program ended. `output` is empty unless it was captured. */
export interface ChildResult {
  /** Exit code; 1 when a signal ended it. */
  readonly code: number;
  readonly output: string;
}

/**
 * Starts a program in the project's folder, without a shell and without input.
 * @param capture keeps stdout (and still shows it) when true
 */
export function runChild(
  command: readonly string[],
  options: { capture?: boolean } = {},
): Promise<ChildResult> {
  const [program = "", ...parameters] = command;
  const capture = options.capture === true;
  const child = spawn(program, parameters, {
    cwd: ROOT,
    stdio: ["ignore", capture ? "pipe" : "inherit", "inherit"],
  });
  let output = "";
  child.stdout?.setEncoding("utf8");
  child.stdout?.on("data", (text: string) => {
    output += text;
    process.stdout.write(text);
  });
  return new Promise((resolve) => {
    child.on("error", (error) => {
      process.stderr.write(`${program} does not start: ${error.message}\n`);
      resolve({ code: 1, output });
    });
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Writes a line to stdout. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
