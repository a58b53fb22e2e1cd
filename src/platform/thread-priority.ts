// How much of a contested core a thread gets.

import { readlinkSync } from "node:fs";
import { setPriority } from "node:os";

/** Of the scheduler: 0 is usual, 19 the least. */
const BACKGROUND_NICENESS = 10;

/**
 * Lets the event loop go first where the calling worker thread and it want the same core. Only Linux
 * gives threads priorities of their own; elsewhere nothing changes.
 */
export function giveWay(): void {
  try {
    const thread = Number(readlinkSync("/proc/thread-self").split("/").at(-1));
    if (Number.isInteger(thread) && thread !== process.pid) {
      setPriority(thread, BACKGROUND_NICENESS);
    }
  } catch {
    // A system without these threads, or one that does not allow it: the work is done all the same.
  }
}
