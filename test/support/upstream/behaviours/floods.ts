// Bodies and events far larger than anybody should hold in memory.

import { answerSpec, type PartialAnswer } from "../answers/answer-spec.ts";
import { type Frame, frame } from "../answers/frame.ts";
import { streamAnswer } from "../answers/vendor-answer.ts";
import type { Behaviour } from "../behaviour.ts";
import { answer, frames } from "./answer.ts";

const PIECE_BYTES = 64 * 1024;

/**
 * An error body of `bytes` bytes, generated as it is taken. `request.bytesSent` tells how much the
 * system took before the other side closed (kernel buffers of some MB included).
 */
export function hugeErrorBody(bytes = 200_000_000, status = 500): Behaviour {
  return async (_request, reply) => {
    const piece = new Uint8Array(PIECE_BYTES).fill("x".charCodeAt(0));
    const headers = [["content-type", "application/json"]] as const;
    await reply.head(status, headers, { by: "length", length: bytes });
    for (let left = bytes; left > 0 && !reply.isOver; left -= PIECE_BYTES)
      await reply.write(left < PIECE_BYTES ? piece.subarray(0, left) : piece);
    if (!reply.isOver) await reply.finish();
  };
}

/** A stream with one content event of at least `bytes` bytes. */
export function hugeEvent(bytes = 5_000_000, partial: PartialAnswer = {}): Behaviour {
  return answer({ ...partial, text: "x".repeat(bytes) });
}

/** A stream of `tokens` equal tokens, for readers that do not read. Stops when nobody takes it. */
export function longStream(tokens: number, tokenLength = 1_000): Behaviour {
  const word = "y".repeat(tokenLength - 1);
  return (request, reply) => {
    const one = streamAnswer(request, answerSpec({ text: word }));
    const at = one.findIndex((each) => each.isContent);
    const content = one[at] ?? frame("");
    const all: Frame[] = [
      ...one.slice(0, at),
      ...Array.from({ length: tokens }, () => content),
      ...one.slice(at + 1),
    ];
    return frames(() => all)(request, reply);
  };
}
