// Something short-lived: one flight for all, fetched ahead, never used when it is over.

import { expect, test } from "bun:test";
import { fakeClock } from "#support/fake-clock.ts";
import { type Lease, ShortLived } from "./short-lived.ts";

const HOUR_MS = 3_600_000;

/** A source that is answered by hand. */
function source(lifeMs = HOUR_MS) {
  const clock = fakeClock();
  const open: { give(value: string): void; fail(error: Error): void }[] = [];
  const fetch = () => {
    const { promise, resolve, reject } = Promise.withResolvers<Lease<string>>();
    open.push({
      give: (value) => resolve({ value, expiresAtMs: clock.now() + lifeMs }),
      fail: reject,
    });
    return promise;
  };
  const mayPass = (failure: unknown) => failure instanceof RangeError;
  const token = new ShortLived<string>(clock, fetch, mayPass);
  return { clock, token, open };
}

test("all who wait share one flight, and who comes later gets the value at once", async () => {
  const { token, open } = source();
  const waiting = [token.get(), token.get(), token.get()];
  expect(open).toHaveLength(1);
  open[0]?.give("first");
  expect(await Promise.all(waiting)).toEqual(["first", "first", "first"]);
  expect(token.get()).toBe("first");
  expect(open).toHaveLength(1);
});

test("a new one is fetched ahead of the end while the old one is used, by one flight", async () => {
  const { clock, token, open } = source();
  const first = token.get();
  open[0]?.give("first");
  await first;
  clock.advance(HOUR_MS - 5 * 60_000 - 1);
  expect(token.get()).toBe("first");
  expect(open).toHaveLength(1);
  clock.advance(1);
  expect([token.get(), token.get()]).toEqual(["first", "first"]);
  expect(open).toHaveLength(2);
  open[1]?.give("second");
  await clock.advanceAsync(0);
  expect(token.get()).toBe("second");
});

test("a refresh that fails keeps the old one to its end and is tried again after a rest", async () => {
  const { clock, token, open } = source();
  const first = token.get();
  open[0]?.give("first");
  await first;
  clock.advance(HOUR_MS - 60_000);
  expect(token.get()).toBe("first");
  open[1]?.fail(new Error("service away"));
  await clock.advanceAsync(0);
  expect(token.get()).toBe("first");
  expect(open).toHaveLength(2);
  await clock.advanceAsync(1_000);
  expect(token.get()).toBe("first");
  expect(open).toHaveLength(3);
  open[2]?.fail(new Error("still away"));
  await clock.advanceAsync(50_000);
  const late = token.get();
  expect(late).toBeInstanceOf(Promise);
  open[3]?.give("second");
  expect(await late).toBe("second");
});

test("one that is as good as over is never handed out", async () => {
  const { clock, token, open } = source(60_000);
  const first = token.get();
  open[0]?.give("first");
  await first;
  clock.advance(57_000);
  const next = token.get();
  open[1]?.give("second");
  expect(await next).toBe("second");
});

test("a failure reaches all who wait, and for a moment those who come after", async () => {
  const { clock, token, open } = source();
  const waiting = [token.get(), token.get()];
  open[0]?.fail(new Error("refused"));
  for (const each of waiting) await expect(each).rejects.toThrow("refused");
  await expect(token.get()).rejects.toThrow("refused");
  expect(open).toHaveLength(1);
  clock.advance(1_000);
  const next = token.get();
  expect(open).toHaveLength(2);
  open[1]?.give("good");
  expect(await next).toBe("good");
});

test("a failure that may pass is found out about soon", async () => {
  const { clock, token, open } = source();
  const first = token.get();
  open[0]?.fail(new RangeError("busy"));
  await expect(first).rejects.toThrow("busy");
  clock.advance(99);
  await expect(token.get()).rejects.toThrow("busy");
  clock.advance(1);
  const next = token.get();
  open[1]?.give("good");
  expect(await next).toBe("good");
});

test("one that was refused before its time is replaced, but not over and over", async () => {
  const { clock, token, open } = source();
  const first = token.get();
  open[0]?.give("first");
  await first;
  expect(token.giveUp("first")).toBe(true);
  const second = token.get();
  // Somebody else noticed a moment later, while the new one is on its way.
  expect(token.giveUp("first")).toBe(true);
  expect(open).toHaveLength(2);
  open[1]?.give("second");
  await second;
  // And another one when it is there.
  expect(token.giveUp("first")).toBe(true);
  expect(token.get()).toBe("second");
  expect(token.giveUp("second")).toBe(false);
  expect(token.get()).toBe("second");
  clock.advance(10_000);
  expect(token.giveUp("second")).toBe(true);
});
