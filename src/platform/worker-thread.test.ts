// Requests to a worker thread get their reply or an error, never silence.

import { afterEach, describe, expect, test } from "bun:test";
import { GatewayError } from "#core/errors.ts";
import { startWorker, WorkerGone, type WorkerThread } from "./worker-thread.ts";

const ENTRY = new URL("../../test/support/echo-worker.ts", import.meta.url);
let thread: WorkerThread | undefined;

afterEach(() => thread?.stop());

function start(onGone: (error: WorkerGone) => void = () => {}): WorkerThread {
  thread = startWorker({ name: "echo", entry: ENTRY, onGone });
  return thread;
}

function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("a worker thread", () => {
  test("answers requests that were sent before it was ready", async () => {
    const worker = start();
    const replies = await Promise.all([
      worker.request({ echo: 1 }),
      worker.request({ echo: new Set(["a"]) }),
    ]);
    expect(replies).toEqual([1, new Set(["a"])]);
  });

  test("takes buffers over instead of copying them", async () => {
    const bytes = new Uint8Array([1, 2, 3]);
    const reply = await start().request({ reverse: bytes }, [bytes.buffer]);
    expect(reply).toEqual(new Uint8Array([3, 2, 1]));
    expect(bytes.byteLength).toBe(0);
  });

  test("throws gateway errors as such and other errors by name and message", async () => {
    const worker = start();
    const refused = await failureOf(worker.request({ refuse: "limit" }));
    expect(refused).toBeInstanceOf(GatewayError);
    expect(refused).toMatchObject({ code: "invalid_request", extras: { param: "limit" } });
    const failed = await failureOf(worker.request({ fail: "no such thing" }));
    expect(failed).toMatchObject({ name: "RangeError", message: "no such thing" });
  });

  test("fails what cannot be sent, and goes on", async () => {
    const worker = start();
    expect(await failureOf(worker.request({ echo: () => 1 }))).toBeInstanceOf(Error);
    expect(await failureOf(worker.request({ unsendable: true }))).toBeInstanceOf(Error);
    expect(await worker.request({ echo: "still here" })).toBe("still here");
  });

  test.each(["throw", "reject", "exit"])("that dies by %s fails open requests", async (how) => {
    const gone: WorkerGone[] = [];
    const worker = start((error) => gone.push(error));
    const waiting = failureOf(worker.request({ wait: true }));
    const fatal = failureOf(worker.request({ die: how }));
    expect(await waiting).toBeInstanceOf(WorkerGone);
    expect(await fatal).toBeInstanceOf(WorkerGone);
    expect(gone).toHaveLength(1);
    expect(await failureOf(worker.request({ echo: 1 }))).toBeInstanceOf(WorkerGone);
  });

  test("that is stopped fails open requests without a call to onGone", async () => {
    const gone: WorkerGone[] = [];
    const worker = start((error) => gone.push(error));
    const waiting = failureOf(worker.request({ wait: true }));
    worker.stop();
    expect(await waiting).toBeInstanceOf(WorkerGone);
    expect(gone).toEqual([]);
  });
});
