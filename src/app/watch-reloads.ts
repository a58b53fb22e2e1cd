// When the document is read again: on SIGHUP, and when its file changes.

import { readFileSync } from "node:fs";
import type { Applied, DocumentService, Refused } from "#control/documents/document-service.ts";
import { systemClock } from "#platform/system-clock.ts";
import type { Logger } from "#telemetry/logger.ts";
import { describeIssues } from "./configuration.ts";
import { watchDocument } from "./document-watch.ts";
import type { Environment } from "./environment.ts";

/** Watches until the function that is returned is called. A bad document leaves the good one in force. */
export function watchReloads(
  environment: Environment,
  documents: DocumentService,
  logger: Logger,
): () => void {
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
  return () => {
    unwatch();
    process.off("SIGHUP", reload);
  };
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
