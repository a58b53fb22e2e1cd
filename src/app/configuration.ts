// What the start has to know of the configuration before it is in force, and how issues are shown.

import { join } from "node:path";
import { compileDocument } from "#snapshot/compile.ts";
import type { ConfigIssue } from "#snapshot/document/issue.ts";
import { COMPILE_SETTINGS } from "./compile-settings.ts";
import type { Environment } from "./environment.ts";

const DEFAULT_DATA_DIR = "data";
const DATABASE_NAME = "sluice.db";

/**
 * Where the database is: the stores are needed to find out which document is in force, so the file has
 * to be looked at first.
 * @returns the path, or the issues of a file that is in no state to be started with
 */
export function storagePathOf(
  fileText: string | undefined,
  environment: Environment,
  nowMs: number,
): { readonly path: string } | { readonly issues: readonly ConfigIssue[] } {
  const path = join(environment.dataDir ?? DEFAULT_DATA_DIR, DATABASE_NAME);
  if (fileText === undefined) return { path };
  const origin = { kind: "file", path: environment.configPath ?? "" } as const;
  const settings = { ...COMPILE_SETTINGS, defaultStoragePath: path };
  const result = compileDocument(fileText, { ...settings, origin, nowMs, version: 0 });
  return result.ok ? { path: result.snapshot.storagePath } : { issues: result.errors };
}

/** Issues as people read them: one a line with file, line, column, what is wrong and what to do. */
export function describeIssues(
  name: string,
  issues: readonly ConfigIssue[],
  kind: "error" | "warning" = "error",
): string {
  return issues
    .map(({ line, column, path, message, hint }) => {
      const place = path === "" ? "" : ` (${path})`;
      return `${name}:${line}:${column}: ${kind}: ${message}${hint === "" ? "" : ` ${hint}`}${place}`;
    })
    .join("\n");
}
