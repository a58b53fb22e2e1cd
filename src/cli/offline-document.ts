// The configuration document without a gateway: found, read, compiled. The compiler is loaded by the
// commands that need it alone: it is half of the program, and `sluice start` has it on another thread.

import { readFileSync } from "node:fs";
import { readEnvironment } from "#app/environment.ts";
import type { CompileResult } from "#snapshot/compile.ts";
import { CommandFault } from "./command-fault.ts";

/** A compiled document and where it stands. */
export interface OfflineDocument {
  /** Path of the file, or `demo`. */
  readonly name: string;
  readonly result: CompileResult;
}

/**
 * Compiles the document that `sluice start` would start with.
 * @param given path from the command line
 * @throws CommandFault when the file is not there
 */
export async function compileOffline(
  given: string | undefined,
  nowMs: number,
): Promise<OfflineDocument> {
  const path = findFile(given);
  const { COMPILE_SETTINGS } = await import("#app/compile-settings.ts");
  const { compileDocument } = await import("#snapshot/compile.ts");
  const shared = { ...COMPILE_SETTINGS, nowMs, version: 0 };
  if (path === undefined) {
    const { demoDocument } = await import("#snapshot/demo-document.ts");
    const result = compileDocument(demoDocument(), { ...shared, origin: { kind: "demo" } });
    return { name: "demo", result };
  }
  const origin = { kind: "file", path } as const;
  return { name: path, result: compileDocument(readText(path), { ...shared, origin }) };
}

function findFile(given: string | undefined): string | undefined {
  try {
    return readEnvironment({ configPath: given }).configPath;
  } catch (error) {
    throw new CommandFault(2, error instanceof Error ? error.message : String(error));
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandFault(2, `${path} cannot be read: ${reason}`);
  }
}
