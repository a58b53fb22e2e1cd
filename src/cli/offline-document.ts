// The configuration document without a gateway: found, read, compiled.

import { readFileSync } from "node:fs";
import { COMPILE_SETTINGS } from "#app/compile-settings.ts";
import { readEnvironment } from "#app/environment.ts";
import { type CompileResult, compileDocument } from "#snapshot/compile.ts";
import { demoDocument } from "#snapshot/demo-document.ts";
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
export function compileOffline(given: string | undefined, nowMs: number): OfflineDocument {
  const path = findFile(given);
  const shared = { ...COMPILE_SETTINGS, nowMs, version: 0 };
  if (path === undefined) {
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
