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
  const pieces: (WholePiece | undefined)[] = split.payloads.map(() => undefined);
  let next = 0;
  let failure: AttemptFailure | undefined;
  const lane = async () => {
    for (let index = next++; index < pieces.length; index = next++) {
      if (failure !== undefined) return;
      try {
        pieces[index] = await read(await replyOf(attempt, split, index));
      } catch (thrown) {
        failure ??= attempt.failureOf(thrown);
      }
    }
  };
  await Promise.all(Array.from({ length: MOST_AT_ONCE }, lane));
  if (failure !== undefined) {
    const used = usedBy(attempt, pieces, inputTokens);
    throw new AttemptFailure(failure.outcome, failure.message, { ...failure, used });
  }
  return pieces.filter((piece) => piece !== undefined);
}

function replyOf(attempt: Attempt, { payloads }: Split, index: number): Promise<UpstreamReply> {
  const { reply } = attempt;
  if (index === 0 && reply !== undefined) return Promise.resolve(reply);
  return attempt.send(payloads[index] ?? "");
}

/** Usage of the requests that were answered; undefined when none was. */
function usedBy(
  { dialect }: Attempt,
  pieces: readonly (WholePiece | undefined)[],
  inputTokens: number,
): Usage | undefined {
  const share = Math.ceil(inputTokens / pieces.length);
  let sum: Usage | undefined;
  for (const piece of pieces) {
    if (piece === undefined) continue;
    const used =
      dialect.inspect(parsed(piece.bytes), "embed").usage ??
      dialect.usageOfHead?.(piece.headers) ??
      usage({ inputTokens: share, source: "estimated" });
    sum = sum === undefined ? used : addUsage(sum, used);
  }
  return sum;
}
