// The replies to a batch that was cut into several requests: one attempt, one target, one outcome. The
// first request has been sent and its head is good; here the others follow, a few at a time.

import type { HeaderFields, UpstreamReply } from "#core/ports/transport.ts";
import { addUsage, type Usage, usage } from "#core/usage.ts";
import type { Split } from "../stages/shape.ts";
import type { Attempt } from "../upstream/attempt.ts";
import { AttemptFailure, parsed } from "../upstream/attempt-failure.ts";

/** More at once would meet the vendor's rate limit rather than save time. */
const MOST_AT_ONCE = 4;

/** A reply, read to its end. */
export interface WholePiece {
  readonly bytes: Uint8Array;
  readonly headers: HeaderFields;
}

/** What became of one request; undefined = it was refused, or never sent. */
type Piece = WholePiece | "given-up" | undefined;

/** Reads a reply to its end. @throws when it breaks off or is too large */
export type ReadPiece = (reply: UpstreamReply) => Promise<WholePiece>;

/**
 * Sends what is left of the batch and reads all replies, in the order of the requests.
 * @param inputTokens estimated for the whole call, to stand in where an answered request told no usage
 * @throws AttemptFailure of the first request that failed, with what the others used: they are billed
 */
export async function splitReplies(
  attempt: Attempt,
  split: Split,
  { read, inputTokens }: { readonly read: ReadPiece; readonly inputTokens: number },
): Promise<readonly WholePiece[]> {
  const pieces: Piece[] = split.payloads.map(() => undefined);
  let next = 0;
  let failure: AttemptFailure | undefined;
  const lane = async () => {
    for (let index = next++; index < pieces.length; index = next++) {
      if (failure !== undefined) return;
      try {
        pieces[index] = await read(await replyOf(attempt, split, index));
      } catch (thrown) {
        failure ??= attempt.failureOf(thrown);
        // Whoever was read and then given up is billed, as far as anybody knows.
        if (attempt.timer.endReason !== undefined) pieces[index] = "given-up";
      }
    }
  };
  await Promise.all(Array.from({ length: MOST_AT_ONCE }, lane));
  if (failure !== undefined) {
    const used = usedBy(attempt, pieces, inputTokens);
    throw new AttemptFailure(failure.outcome, failure.message, { ...failure, used });
  }
  return pieces.filter((piece) => typeof piece === "object");
}

function replyOf(attempt: Attempt, { payloads }: Split, index: number): Promise<UpstreamReply> {
  const { reply } = attempt;
  if (index === 0 && reply !== undefined) return Promise.resolve(reply);
  return attempt.send(payloads[index] ?? "");
}

/** Usage of the requests that were answered or given up; undefined when there were none. */
function usedBy(
  { dialect }: Attempt,
  pieces: readonly Piece[],
  inputTokens: number,
): Usage | undefined {
  const share = usage({
    inputTokens: Math.ceil(inputTokens / pieces.length),
    source: "estimated",
  });
  let sum: Usage | undefined;
  for (const piece of pieces) {
    if (piece === undefined) continue;
    const told =
      piece === "given-up"
        ? undefined
        : (dialect.inspect(parsed(piece.bytes), "embed").usage ??
          dialect.usageOfHead?.(piece.headers));
    const used = told ?? share;
    sum = sum === undefined ? used : addUsage(sum, used);
  }
  return sum;
}
