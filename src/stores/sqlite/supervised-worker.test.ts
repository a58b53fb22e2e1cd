// A store worker that dies is reported, refused while it is away, and started again.

import { beforeEach, describe, expect, test } from "bun:test";
import type { GatewayEvent } from "#core/events.ts";
import { WorkerGone, type WorkerOptions, type WorkerThread } from "#platform/worker-thread.ts";
import { type FakeClock, fakeClock } from "#support/fake-clock.ts";
import type { CallMessage, ReaderCalls } from "./protocol.ts";
import { SupervisedWorker } from "./supervised-worker.ts";

const PATHS = { databasePath: "/nowhere/sluice.db", journalFolder: "/nowhere/journal" };
const ASK = { id: "dec_1", tenants: undefined };

/** A thread that answers `open` at once and everything else when the test says so. */
class FakeThread implements WorkerThread {
  readonly options: WorkerOptions;
  readonly asked: CallMessage[] = [];
  openAnswer: unknown;
  isStopped = false;
  #open: PromiseWithResolvers<unknown>[] = [];

  constructor(options: WorkerOptions) {
    this.options = options;
  }

  request(body: unknown): Promise<unknown> {
    const message = body as CallMessage;
    this.asked.push(message);
    if (message.name === "open") return Promise.resolve(this.openAnswer);
    const waiting = Promise.withResolvers<unknown>();
    this.#open.push(waiting);
    return waiting.promise;
  }

  stop(): void {
    this.isStopped = true;
    this.#fail(new WorkerGone(this.options.name, "it was stopped"));
  }

  fail(error: Error): void {
    this.#open.shift()?.reject(error);
  }

  answer(result: unknown): void {
    this.#open.shift()?.resolve(result);
  }

  die(): void {
    const error = new WorkerGone(this.options.name, "out of memory");
    this.#fail(error);
    this.options.onGone(error);
  }

  #fail(error: Error): void {
    for (const waiting of this.#open.splice(0)) waiting.reject(error);
  }
}

let clock: FakeClock;
let events: GatewayEvent[];
let threads: FakeThread[];
let refusal: unknown;

beforeEach(() => {
  clock = fakeClock();
  events = [];
  threads = [];
  refusal = undefined;
});

function worker(callTimeoutMs?: number, idleMs?: number): SupervisedWorker<ReaderCalls> {
  return new SupervisedWorker<ReaderCalls>({
    name: "reader",
    entry: new URL("file:///nowhere"),
    paths: PATHS,
    clock,
    emit: (event) => events.push(event),
    callTimeoutMs,
    idleMs,
    start: (options) => {
      const thread = new FakeThread(options);
      thread.openAnswer = refusal;
      threads.push(thread);
      return thread;
    },
  });
}

/** Lets promises settle that wait for nothing but each other. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("a supervised worker", () => {
  test("starts at the first call, opens the database, then asks", async () => {
    const supervised = worker();
    expect(threads).toHaveLength(0);
    const answer = supervised.call("decision", ASK);
    await settled();
    threads[0]?.answer({ id: "dec_1" });
    expect(await answer).toEqual({ id: "dec_1" });
    expect(threads[0]?.asked).toEqual([
      { name: "open", input: PATHS },
      { name: "decision", input: ASK },
    ]);
  });

  test("fails open calls and reports when it dies, refuses for a second, then starts anew", async () => {
    const supervised = worker();
    const waiting = failureOf(supervised.call("decision", ASK));
    await settled();
    threads[0]?.die();
    expect(await waiting).toMatchObject({ code: "overloaded", extras: { retryAfterSeconds: 1 } });
    expect(events).toMatchObject([{ type: "fault-caught", where: "store worker reader" }]);
    expect(await failureOf(supervised.call("decision", ASK))).toMatchObject({ code: "overloaded" });
    expect(threads).toHaveLength(1);
    clock.advance(1_000);
    const answer = supervised.call("decision", ASK);
    await settled();
    threads[1]?.answer(undefined);
    expect(await answer).toBeUndefined();
  });

  test.each(["database or disk is full", "ENOSPC: no space left on device, write"])(
    "tells what to do when the disk refuses: %s",
    async (message) => {
      const supervised = worker();
      const waiting = failureOf(supervised.call("decision", ASK));
      await settled();
      threads[0]?.fail(new Error(message));
      const refused = await waiting;
      expect(refused).toMatchObject({ code: "overloaded", status: 503 });
      expect(String(refused)).toContain("Make room there");
      // The thread is well: it is asked again.
      const answer = supervised.call("decision", ASK);
      await settled();
      threads[0]?.answer({ id: "dec_1" });
      expect(await answer).toEqual({ id: "dec_1" });
    },
  );

  test("is ended by a call that takes too long, and the next call gets a new one", async () => {
    const supervised = worker(60_000);
    const late = failureOf(supervised.call("decision", ASK));
    await settled();
    clock.advance(60_000);
    expect(await late).toMatchObject({ code: "overloaded" });
    expect(String(await late)).toInclude("60 s");
    expect(threads[0]?.isStopped).toBe(true);
    const answer = supervised.call("decision", ASK);
    await settled();
    threads[1]?.answer(undefined);
    expect(await answer).toBeUndefined();
    expect(clock.pending).toBe(0);
  });

  test("ends its thread when nobody has asked for a while, and starts another for the next call", async () => {
    const supervised = worker(undefined, 60_000);
    const ask = async (): Promise<void> => {
      const answer = supervised.call("decision", ASK);
      await settled();
      threads.at(-1)?.answer(undefined);
      await answer;
    };
    await ask();
    clock.advance(59_999);
    await ask();
    clock.advance(59_999);
    expect(threads[0]?.isStopped).toBe(false);
    const slow = supervised.call("decision", ASK);
    await settled();
    clock.advance(120_000);
    threads[0]?.answer("late");
    expect<unknown>(await slow).toBe("late");
    clock.advance(60_000);
    expect(threads[0]?.isStopped).toBe(true);
    expect(events).toEqual([]);
    await ask();
    expect(threads).toHaveLength(2);
  });

  test("tells the opener what is wrong with the database, and later callers to try again", async () => {
    refusal = { fault: "newer_schema", message: "too new" };
    const supervised = worker();
    expect(await failureOf(supervised.open())).toMatchObject({ fault: "newer_schema" });
    expect(await failureOf(supervised.call("decision", ASK))).toMatchObject({ code: "overloaded" });
    expect(threads[0]?.isStopped).toBe(true);
  });

  test("refuses calls after it was stopped", async () => {
    const supervised = worker();
    await supervised.open();
    supervised.stop();
    expect(await failureOf(supervised.call("decision", ASK))).toMatchObject({ code: "overloaded" });
    expect(threads).toHaveLength(1);
  });
});
