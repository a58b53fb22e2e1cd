// A store worker that is started when it is needed and started again after it has died.

import { GatewayError } from "#core/errors.ts";
import type { EventSink } from "#core/events.ts";
import type { CancelTimer, Clock } from "#core/ports/clock.ts";
import { startWorker, WorkerGone, type WorkerThread } from "#platform/worker-thread.ts";
import { diskRefuses, isDiskFault, StoreOpenError, storeUnavailable } from "../store-fault.ts";
import type {
  CallMessage,
  InputOf,
  OpenCall,
  OpenRefusal,
  OutputOf,
  StorePaths,
} from "./protocol.ts";

const RESTART_PAUSE_MS = 1_000;

/** How a worker is run. */
export interface SupervisedWorkerOptions {
  readonly name: string;
  readonly entry: URL;
  readonly paths: StorePaths;
  readonly clock: Clock;
  readonly emit: EventSink;
  /** A call that takes longer ends the thread; undefined = no limit. */
  readonly callTimeoutMs: number | undefined;
  /** A thread that has had nothing to do for so long ends until the next call; undefined = never. */
  readonly idleMs: number | undefined;
  /** Starts the thread; the platform's own unless a test brings another. */
  readonly start?: typeof startWorker;
}

/** Calls into one worker thread. `Table` lists them; see protocol. */
export class SupervisedWorker<Table extends OpenCall> {
  readonly #options: SupervisedWorkerOptions;
  #thread: Promise<WorkerThread> | undefined;
  #running: WorkerThread | undefined;
  #openCalls = 0;
  #cancelRest: CancelTimer | undefined;
  #pausedUntil = Number.NEGATIVE_INFINITY;
  #lastFault: unknown;
  #isClosed = false;

  constructor(options: SupervisedWorkerOptions) {
    this.#options = options;
  }

  /**
   * Starts the thread now instead of at the first call.
   * @throws StoreOpenError when the database cannot be opened
   */
  async open(): Promise<void> {
    await this.#ready();
  }

  /**
   * Asks the worker.
   * @throws GatewayError `overloaded` when the worker died, is not back yet or took too long, and when
   *   the disk refuses;
   *   other errors as the worker threw them
   */
  async call<Name extends keyof Table & string>(
    name: Name,
    input: InputOf<Table, Name>,
  ): Promise<OutputOf<Table, Name>> {
    if (this.#isClosed) throw new GatewayError("overloaded", "The store is closed.");
    if (this.#options.clock.monotonic() < this.#pausedUntil)
      throw storeUnavailable(this.#lastFault);
    this.#cancelRest?.();
    this.#openCalls += 1;
    try {
      const thread = await this.#ready();
      return (await this.#timed(thread, name, input)) as OutputOf<Table, Name>;
    } catch (error) {
      if (isDiskFault(error)) throw diskRefuses(error);
      const isOurs = error instanceof WorkerGone || error instanceof StoreOpenError;
      throw isOurs ? storeUnavailable(error) : error;
    } finally {
      this.#openCalls -= 1;
      if (this.#openCalls === 0) this.#restLater();
    }
  }

  /** Ends the thread. Open calls fail. */
  stop(): void {
    this.#isClosed = true;
    this.#cancelRest?.();
    this.#running?.stop();
  }

  #restLater(): void {
    const { idleMs, clock } = this.#options;
    if (idleMs === undefined || this.#isClosed) return;
    this.#cancelRest = clock.after(idleMs, () => {
      this.#running?.stop();
      this.#thread = this.#running = undefined;
    });
  }

  #ready(): Promise<WorkerThread> {
    this.#thread ??= this.#started().catch((error: unknown) => {
      this.#lost(error);
      throw error;
    });
    return this.#thread;
  }

  async #started(): Promise<WorkerThread> {
    const { name, entry, paths, emit } = this.#options;
    const start = this.#options.start ?? startWorker;
    const thread = start({
      name,
      entry,
      onGone: (error) => {
        this.#lost(error);
        emit({ type: "fault-caught", where: `store worker ${name}`, error });
      },
    });
    this.#running = thread;
    const message: CallMessage = { name: "open", input: paths };
    const refusal = (await thread.request(message)) as OpenRefusal | undefined;
    if (refusal === undefined) return thread;
    thread.stop();
    throw new StoreOpenError(refusal.fault, refusal.message);
  }

  /** A pause before the next start, so that a worker that dies at once does not burn the machine. */
  #lost(error: unknown): void {
    this.#thread = undefined;
    this.#running = undefined;
    this.#lastFault = error;
    this.#pausedUntil = this.#options.clock.monotonic() + RESTART_PAUSE_MS;
  }

  async #timed(thread: WorkerThread, name: string, input: unknown): Promise<unknown> {
    const { callTimeoutMs, clock } = this.#options;
    const message: CallMessage = { name, input };
    if (callTimeoutMs === undefined) return thread.request(message);
    let isLate = false;
    const cancel = clock.after(callTimeoutMs, () => {
      isLate = true;
      if (this.#running === thread) this.#thread = this.#running = undefined;
      thread.stop();
    });
    try {
      return await thread.request(message);
    } catch (error) {
      if (isLate) throw tookTooLong(callTimeoutMs, error);
      throw error;
    } finally {
      cancel();
    }
  }
}

function tookTooLong(timeoutMs: number, cause: unknown): GatewayError {
  return new GatewayError(
    "overloaded",
    `The report took longer than ${timeoutMs / 1000} s and was ended. Ask for a shorter range or fewer groups.`,
    { cause },
  );
}
