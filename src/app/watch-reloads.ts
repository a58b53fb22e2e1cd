// When the document is read again: on SIGHUP, and when its file changes.

import { readFileSync, statSync } from "node:fs";
import type { Applied, DocumentService, Refused } from "#control/documents/document-service.ts";
import { systemClock } from "#platform/system-clock.ts";
import type { Logger } from "#telemetry/logger.ts";
import { describeIssues } from "./configuration.ts";
import { watchDocument } from "./document-watch.ts";
import type { Environment } from "./environment.ts";

/** What is watched, and who is told. */
export interface WatchedParts {
  readonly environment: Environment;
  /** What the file held when it was read at the start. */
  readonly fileText: string | undefined;
  readonly documents: DocumentService;
  readonly logger: Logger;
}

/** Watches until the function that is returned is called. A bad document leaves the good one in force. */
export function watchReloads(parts: WatchedParts): () => void {
  const { environment, fileText, documents, logger } = parts;
  const path = environment.configPath;
  if (path === undefined) {
    const ignore = () => logger.warn("SIGHUP: there is no configuration file to reload");
    process.on("SIGHUP", ignore);
    return () => process.off("SIGHUP", ignore);
  }
  const reload = async (): Promise<void> => {
    try {
      logReload(path, await documents.reload(readFileSync(path, "utf8")), logger);
    } catch (error) {
      logger.error("configuration not reloaded", { path }, error);
    }
  };
  const unwatch = watchDocument(path, systemClock, reload);
  process.on("SIGHUP", reload);
  if (hasChanged(path, fileText)) void reload();
  return () => {
    unwatch();
    process.off("SIGHUP", reload);
  };
}

/** Whether the file was written between the reading and the watch. What is no file is read once only. */
function hasChanged(path: string, text: string | undefined): boolean {
  try {
    return statSync(path).isFile() && readFileSync(path, "utf8") !== text;
  } catch {
    return false;
  }
}

/** One line for each place that needs somebody's attention. */
function logReload(path: string, outcome: Applied | Refused, logger: Logger): void {
  if (!outcome.ok) {
    for (const line of describeIssues(path, outcome.errors).split("\n")) {
      logger.error(`configuration refused: ${line}`);
    }
    return;
  }
  const { version, source, warnings } = outcome;
  const isFile = source.startsWith("file:");
  logger.info("configuration file read", { path, in_force: version, source });
  if (!isFile) logger.warn("the file is unchanged: what was applied after it stays in force");
  if (warnings.length === 0) return;
  for (const line of describeIssues(isFile ? path : source, warnings, "warning").split("\n")) {
    logger.warn(`configuration: ${line}`);
  }
}
