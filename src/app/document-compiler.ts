// Compiles documents without holding up calls: a thread validates them, here the snapshot is built. The
// thread lives while there is work and takes the schema library's memory with it when it ends.

import type { CompileRequest } from "#control/documents/document-service.ts";
import type { CancelTimer, Clock } from "#core/ports/clock.ts";
import { startWorker, type WorkerThread } from "#platform/worker-thread.ts";
import type { CompileResult } from "#snapshot/compile.ts";
import { snapshotOf } from "#snapshot/snapshot-of-document.ts";
import { COMPILE_SETTINGS } from "./compile-settings.ts";
import type { ValidationAnswer, ValidationOrder } from "./compile-thread.ts";
import { unpackDocument } from "./document-parcel.ts";

/** A document is rarely changed once: the next check comes soon after this one, or not for hours. */
const IDLE_MS = 5_000;

/** Compiles the documents of a process, one thread for all. */
export class DocumentCompiler {
  readonly #clock: Clock;
  #thread: WorkerThread | undefined;
  #open = 0;
  #cancel: CancelTimer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Starts the thread ahead of the first document. */
  warmUp(): void {
    this.#running();
  }

  /**
   * Compiles a document.
   * @param defaultStoragePath for documents without `storage`
   * @throws WorkerGone when the thread ends on the way; the next document gets a new one
   */
  async compile(
    text: string,
    request: CompileRequest,
    defaultStoragePath: string,
  ): Promise<CompileResult> {
    const order: ValidationOrder = {
      text,
      origin: request.origin,
      nowMs: request.nowMs,
      defaultStoragePath,
      ...startedWith(request),
    };
    const answer = await this.#validated(order);
    if (!answer.ok) return answer;
    const { hash, publicText, warnings } = answer;
    const document = unpackDocument(answer.document);
    const settings = { ...COMPILE_SETTINGS, ...request, defaultStoragePath };
    return { ok: true, snapshot: snapshotOf({ document, hash }, settings), publicText, warnings };
  }

  /** Ends the thread. */
  stop(): void {
    this.#cancel?.();
    this.#thread?.stop();
    this.#thread = undefined;
  }

  async #validated(order: ValidationOrder): Promise<ValidationAnswer> {
    this.#cancel?.();
    this.#open += 1;
    try {
      return (await this.#running().request(order)) as ValidationAnswer;
    } finally {
      this.#open -= 1;
      if (this.#open === 0) this.#cancel = this.#clock.after(IDLE_MS, () => this.stop());
    }
  }

  #running(): WorkerThread {
    this.#thread ??= startWorker({
      name: "compile",
      entry: new URL("./compile-thread.ts", import.meta.url),
      onGone: () => {
        this.#thread = undefined;
      },
    });
    return this.#thread;
  }
}

/** What the next start would change, as plain data: a snapshot holds more than can cross threads. */
function startedWith({
  startedWith: started,
}: CompileRequest): Pick<ValidationOrder, "startedWith"> {
  if (started === undefined) return {};
  const { listen, adminListen } = started.server;
  return { startedWith: { server: { listen, adminListen }, storagePath: started.storagePath } };
}
