// Checks of answers against callers' schemas, on a thread of their own: one at a time, each with a
// deadline. A check that does not end in time takes its thread with it, and nothing else.

import { GatewayError } from "#core/errors.ts";
import type { EventSink } from "#core/events.ts";
import type { JsonObject } from "#core/json.ts";
import type { AnswerChecker, AnswerVerdict } from "#core/ports/answer-checker.ts";
import type { Clock } from "#core/ports/clock.ts";
import { startWorker, type WorkerThread } from "#platform/worker-thread.ts";

/** How long one check may take, in milliseconds: a hundred times what an honest one takes. */
const DEADLINE_MS = 1_000;
/** How long the thread may take to come up. */
const START_MS = 10_000;
/** Of each kind that wait their turn. Beyond them calls are refused instead of held for long. */
const MOST_WAITING = 200;

/** A checker and its end. */
export interface StartedAnswerChecker extends AnswerChecker {
  stop(): void;
}

interface Check {
  /** Undefined when the schema alone is looked at. */
  readonly text: string | undefined;
  readonly schema: JsonObject;
  readonly resolve: (verdict: AnswerVerdict) => void;
  readonly reject: (error: unknown) => void;
}

/** Starts no thread until there is something to check. */
export function createAnswerChecker(clock: Clock, emit: EventSink): StartedAnswerChecker {
  return new QueuedChecker(clock, emit);
}

class QueuedChecker implements StartedAnswerChecker {
  readonly #clock: Clock;
  readonly #emit: EventSink;
  /** Answers, which have been paid for: no schema that nobody has answered yet keeps them waiting. */
  readonly #answers: Check[] = [];
  readonly #schemas: Check[] = [];
  #worker: WorkerThread | undefined;
  #isBusy = false;

  constructor(clock: Clock, emit: EventSink) {
    this.#clock = clock;
    this.#emit = emit;
  }

  inspect(schema: JsonObject): Promise<AnswerVerdict> {
    return this.#enqueue(undefined, schema);
  }

  check(text: string, schema: JsonObject): Promise<AnswerVerdict> {
    return this.#enqueue(text, schema);
  }

  #enqueue(text: string | undefined, schema: JsonObject): Promise<AnswerVerdict> {
    const waiting = text === undefined ? this.#schemas : this.#answers;
    if (waiting.length >= MOST_WAITING) {
      const message = "Too many answers are waiting to be checked. Try again.";
      return Promise.reject(new GatewayError("overloaded", message, { retryAfterSeconds: 2 }));
    }
    return new Promise((resolve, reject) => {
      waiting.push({ text, schema, resolve, reject });
      void this.#work();
    });
  }

  stop(): void {
    this.#worker?.stop();
    this.#worker = undefined;
  }

  async #work(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      await this.#run(next);
    }
    this.#isBusy = false;
  }

  #next(): Check | undefined {
    return this.#answers.shift() ?? this.#schemas.shift();
  }

  /** Never rejects. */
  async #run({ text, schema, resolve, reject }: Check): Promise<void> {
    try {
      const worker = await this.#running();
      const verdict = await this.#within(DEADLINE_MS, worker.request({ text, schema }));
      resolve((verdict as AnswerVerdict | undefined) ?? { outcome: "too_slow" });
    } catch (error) {
      reject(error);
    }
  }

  /** A thread that has come up: its start is not held against the check. */
  async #running(): Promise<WorkerThread> {
    if (this.#worker !== undefined) return this.#worker;
    const worker = startWorker({
      name: "answer-checker",
      entry: new URL("./answer-checker-thread.ts", import.meta.url),
      onGone: (error) => {
        this.#worker = undefined;
        this.#emit({ type: "fault-caught", where: "answer-checker", error });
      },
    });
    this.#worker = worker;
    const isUp = await this.#within(START_MS, worker.request({ text: "1", schema: {} }));
    if (isUp === undefined) throw new Error("The thread that checks answers did not come up.");
    return worker;
  }

  /** @returns undefined when the time is over; the thread is ended then */
  async #within(limitMs: number, work: Promise<unknown>): Promise<unknown> {
    let isLate = false;
    const cancel = this.#clock.after(limitMs, () => {
      isLate = true;
      this.stop();
    });
    try {
      return await work;
    } catch (error) {
      if (isLate) return undefined;
      throw error;
    } finally {
      cancel();
    }
  }
}
