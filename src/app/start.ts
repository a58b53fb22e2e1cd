// The start of the gateway, up to the document: everything else is loaded while a thread compiles it.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "#platform/system-clock.ts";
import type { CompileResult } from "#snapshot/compile.ts";
import { describeIssues } from "./configuration.ts";
import { DocumentCompiler } from "./document-compiler.ts";
import { type Environment, readEnvironment, type StartOptions } from "./environment.ts";
import type { Running } from "./serve.ts";
import { attempt, StartError } from "./start-error.ts";

const DEFAULT_DATA_DIR = "data";
const DATABASE_NAME = "sluice.db";

/**
 * Starts the gateway and prints where it is.
 * @throws StartError
 */
export async function start(options: StartOptions): Promise<Running> {
  const environment = attempt(() => readEnvironment(options), 2);
  const fileText = attempt(() => readDocument(environment.configPath));
  const defaultPath = join(environment.dataDir ?? DEFAULT_DATA_DIR, DATABASE_NAME);
  const compiler = new DocumentCompiler(systemClock);
  compiler.warmUp();
  try {
    const [first, { serve }] = await Promise.all([
      compileFirst(fileText, environment, compiler, defaultPath),
      import("./serve.ts"),
    ]);
    // The stores are needed to find out which document is in force, so the file is looked at first.
    const storagePath = first === undefined ? defaultPath : storagePathOf(first, environment);
    return await serve({ environment, fileText, first, compiler, storagePath });
  } catch (error) {
    compiler.stop();
    throw error;
  }
}

function readDocument(path: string | undefined): string | undefined {
  return path === undefined ? undefined : readFileSync(path, "utf8");
}

async function compileFirst(
  text: string | undefined,
  { configPath = "" }: Environment,
  compiler: DocumentCompiler,
  defaultPath: string,
): Promise<CompileResult | undefined> {
  if (text === undefined) return undefined;
  const origin = { kind: "file", path: configPath } as const;
  return compiler.compile(text, { origin, nowMs: systemClock.now(), version: 0 }, defaultPath);
}

function storagePathOf(first: CompileResult, { configPath = "" }: Environment): string {
  if (first.ok) return first.snapshot.storagePath;
  throw new StartError(describeIssues(configPath, first.errors));
}
