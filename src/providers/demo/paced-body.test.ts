// Bodies that come at a pace.

import { describe, expect, test } from "bun:test";
import type { Clock } from "#core/ports/clock.ts";
import { type Piece, pacedBody } from "./paced-body.ts";

/** A clock whose timers fire when the test says so. */
function manualClock() {
  const timers = new Map<symbol, { readonly delayMs: number; readonly callback: () => void }>();
  const clock: Clock = {
    now: () => 0,
    monotonic: () => 0,
    after: (delayMs, callback) => {
      const id = Symbol();
      timers.set(id, { delayMs, callback });
      return () => timers.delete(id);
    },
  };
  const fire = () => {
    for (const [id, timer] of [...timers]) {
      timers.delete(id);
      timer.callback();
    }
  };
  return { clock, fire, delays: () => [...timers.values()].map(({ delayMs }) => delayMs) };
}

const decode = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

function pieces(...list: readonly Piece[]) {
  return list[Symbol.iterator]();
}

/** Lets everything that is ready run. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

describe("a paced body", () => {
  test("gives its pieces in order and ends", async () => {
    const { clock } = manualClock();
    const signal = new AbortController().signal;
    const body = pacedBody(pieces({ afterMs: 0, text: "a" }, { afterMs: 0, text: "ü" }), {
      clock,
      signal,
    });
    expect(await new Response(body).text()).toBe("aü");
  });

  test("waits before a piece for as long as it says", async () => {
    const { clock, fire, delays } = manualClock();
    const signal = new AbortController().signal;
    const reader = pacedBody(pieces({ afterMs: 40, text: "a" }), { clock, signal }).getReader();
    let isThere = false;
    const read = reader.read().then((result) => {
      isThere = true;
      return result;
    });
    await settle();
    expect(delays()).toEqual([40]);
    expect(isThere).toBe(false);
    fire();
    expect(decode((await read).value)).toBe("a");
  });

  test("makes no piece before somebody wants it", async () => {
    const { clock } = manualClock();
    let made = 0;
    function* counted(): Generator<Piece> {
      for (;;) {
        made += 1;
        yield { afterMs: 0, text: "x" };
      }
    }
    const signal = new AbortController().signal;
    const reader = pacedBody(counted(), { clock, signal }).getReader();
    await settle();
    expect(made).toBe(0);
    await reader.read();
    await settle();
    expect(made).toBe(1);
  });

  test("breaks as soon as the signal fires, and leaves no timer", async () => {
    const { clock, delays } = manualClock();
    const abort = new AbortController();
    const body = pacedBody(pieces({ afterMs: 3000, text: "a" }), { clock, signal: abort.signal });
    const read = body.getReader().read();
    await settle();
    abort.abort(new Error("client gone"));
    await expect(read).rejects.toThrow("client gone");
    await settle();
    expect(delays()).toEqual([]);
  });

  test("stops its timer when the reader leaves", async () => {
    const { clock, delays } = manualClock();
    const signal = new AbortController().signal;
    const reader = pacedBody(pieces({ afterMs: 3000, text: "a" }), { clock, signal }).getReader();
    const read = reader.read();
    await settle();
    expect(delays()).toEqual([3000]);
    await reader.cancel("enough");
    await settle();
    expect(delays()).toEqual([]);
    expect((await read).done).toBe(true);
  });

  test("breaks with what its pieces throw", async () => {
    function* broken(): Generator<Piece> {
      yield { afterMs: 0, text: "a" };
      throw new Error("cut");
    }
    const { clock } = manualClock();
    const signal = new AbortController().signal;
    const reader = pacedBody(broken(), { clock, signal }).getReader();
    expect(decode((await reader.read()).value)).toBe("a");
    await expect(reader.read()).rejects.toThrow("cut");
  });
});
