// Watches the configuration file: a change or a SIGHUP loads it anew.

import { watch } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import type { CancelTimer, Clock } from "#core/ports/clock.ts";

/** Editors write in several steps; this long after the last of them the file is read. */
const SETTLE_MS = 150;

/**
 * Calls back when the file may have changed. The folder is watched, not the file: editors and
 * Kubernetes replace files instead of writing them.
 * @returns ends the watch
 */
export function watchDocument(path: string, clock: Clock, changed: () => void): () => void {
  const folder = dirname(resolve(path));
  const name = basename(path);
  let cancel: CancelTimer | undefined;
  const settle = (): void => {
    cancel?.();
    cancel = clock.after(SETTLE_MS, changed);
  };
  const watcher = watch(folder, (_event, file) => {
    // `..data` is the link that Kubernetes swaps when a mounted ConfigMap changes.
    if (file === null || file === name || file === "..data") settle();
  });
  // A folder that goes away ends the watch; SIGHUP still works.
  watcher.on("error", () => watcher.close());
  return () => {
    cancel?.();
    watcher.close();
  };
}
