// A reply body that comes piece by piece, at a pace, for as long as somebody reads it.

import type { CancelTimer, Clock } from "#core/ports/clock.ts";

/** One piece of a body: what to write after how long. */
export interface Piece {
  readonly afterMs: number;
  readonly text: string;
}

/** Whose time it takes and who may end it. */
export interface Pace {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Waits. Without a delay it returns at once.
 * @throws the signal's reason as soon as it fires
 */
export async function pause(delayMs: number, pace: Pace): Promise<void> {
  const { clock, signal } = pace;
  signal.throwIfAborted();
  if (delayMs <= 0) return;
  let cancel: CancelTimer = () => {};
  let abort = () => {};
  try {
    await new Promise<void>((resolve, reject) => {
      abort = () => reject(signal.reason);
      signal.addEventListener("abort", abort);
      cancel = clock.after(delayMs, resolve);
    });
  } finally {
    signal.removeEventListener("abort", abort);
    cancel();
  }
}

/**
 * A stream of the pieces. A piece is made only when the reader wants it, so that a slow reader slows
 * the answer down; what the generator throws breaks the stream; leaving it stops everything.
 */
export function pacedBody(pieces: Iterator<Piece>, pace: Pace): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const left = new AbortController();
  const signal = AbortSignal.any([pace.signal, left.signal]);
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const next = pieces.next();
        if (next.done === true) {
          controller.close();
          return;
        }
        await pause(next.value.afterMs, { clock: pace.clock, signal });
        controller.enqueue(encoder.encode(next.value.text));
      },
      cancel(reason) {
        left.abort(reason);
        pieces.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
