// Sends the big bodies from a process of its own, so that making and sending them never delays the
// process that measures the gaps.

import { type ChildProcess, fork } from "node:child_process";
import { setPriority } from "node:os";
import { join } from "node:path";
import type { Contender } from "./contenders.ts";

const ROUND_LIMIT_MS = 60_000;
const LOWEST_PRIORITY = 19;

/** How a round of big bodies ended. */
export interface BulkEnd {
  readonly ms: number;
  /** HTTP statuses of the upload and of the error. */
  readonly statuses: string;
}

/** What the child is told: where to send to. `host`, `port`, `key` and both model names. */
export interface BulkTarget {
  readonly host: string;
  readonly port: number;
  readonly key: string;
  readonly imageModel: string;
  readonly errorModel: string;
}

export class BulkSender {
  readonly #child: ChildProcess;

  constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Resolves when the child has made its bodies. */
  static async start(to: Contender): Promise<BulkSender> {
    const target: BulkTarget = {
      host: to.host,
      port: to.port,
      key: to.key,
      imageModel: to.modelName("whole"),
      errorModel: to.modelName("error"),
    };
    const child = fork(join(import.meta.dir, "../bulk.ts"), [JSON.stringify(target)]);
    process.once("exit", () => child.kill("SIGKILL"));
    // It shares a core with the load and the upstream: it must not make gaps of its own there.
    if (child.pid !== undefined) setPriority(child.pid, LOWEST_PRIORITY);
    const sender = new BulkSender(child);
    await sender.#next();
    return sender;
  }

  /** Sends the image body and asks for the error body at once; resolves when both are done. */
  async round(): Promise<BulkEnd> {
    this.#child.send("round");
    return (await this.#next()) as BulkEnd;
  }

  stop(): void {
    this.#child.kill("SIGKILL");
  }

  #next(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const limit = setTimeout(
        () => reject(new Error("The big bodies did not end in time.")),
        ROUND_LIMIT_MS,
      );
      this.#child.once("message", (message) => {
        clearTimeout(limit);
        resolve(message);
      });
    });
  }
}
