// What a command works with: the terminal, the way to a gateway, and the environment.

import type { ClientEnvironment } from "#app/client-environment.ts";
import type { Json } from "#core/json.ts";

/** Handed to every command. */
export interface CommandContext {
  /** Writes to standard output. */
  readonly out: (text: string) => void;
  /** Writes to standard error. */
  readonly err: (text: string) => void;
  readonly fetch: (request: Request) => Promise<Response>;
  readonly environment: ClientEnvironment;
  /** Sets the code that the process ends with. */
  readonly exitWith: (code: number) => void;
  /** Ends the process, whatever is still open. */
  readonly exitNow: (code: number) => never;
}

/** Options that every command takes. */
export interface GlobalOptions {
  readonly json?: boolean;
}

/** Prints a result: as JSON when asked for, else as text for people. */
export function printResult(
  context: CommandContext,
  options: GlobalOptions,
  result: { readonly json: Json; readonly text: () => string },
): void {
  context.out(options.json ? `${JSON.stringify(result.json, undefined, 2)}\n` : result.text());
}
