// A batch in as many requests as the vendor's limits ask for. One attempt sends them all, to one target.

import type { EmbeddingLimits } from "../embedding.ts";
import { cannotEmbed } from "../embedding.ts";
import type { EmbeddingInput, NeutralEmbeddingRequest } from "../neutral-embedding.ts";
import { LETTERS_A_TOKEN } from "./facts.ts";

/** One request of a batch. */
export interface EmbeddingCall {
  readonly request: NeutralEmbeddingRequest;
  /** Places of its inputs in the whole batch. */
  readonly positions: readonly number[];
}

/** More requests than this for one call are refused: they would hold a target for too long. */
export const MOST_CALLS = 256;

/**
 * Cuts a batch. Inputs keep their order within each request.
 * @throws GatewayError `unsupported_feature` when it would take too many requests
 */
export function planCalls(
  request: NeutralEmbeddingRequest,
  limits: EmbeddingLimits,
): EmbeddingCall[] {
  const { maxInputs, maxTokens = Number.POSITIVE_INFINITY, group } = limits;
  const groups = new Map<string, Piece[]>();
  let calls = 0;
  for (const [position, input] of request.inputs.entries()) {
    const key = group?.(input) ?? "";
    const pieces = groups.get(key) ?? [];
    groups.set(key, pieces);
    const tokens = tokensOf(input);
    let piece = pieces.at(-1);
    const isFull =
      piece === undefined || piece.inputs.length >= maxInputs || piece.tokens + tokens > maxTokens;
    if (piece === undefined || isFull) {
      piece = { positions: [], inputs: [], tokens: 0 };
      pieces.push(piece);
      calls += 1;
      if (calls > MOST_CALLS) throw tooMany(request, maxInputs);
    }
    piece.tokens += tokens;
    piece.positions.push(position);
    piece.inputs.push(input);
  }
  return [...groups.values()].flat().map(({ positions, inputs }) => ({
    positions,
    request: { ...request, inputs },
  }));
}

interface Piece {
  readonly positions: number[];
  readonly inputs: EmbeddingInput[];
  tokens: number;
}

/** Rather too many than too few: one request more costs little, one that is refused costs all. */
function tokensOf({ parts }: EmbeddingInput): number {
  let tokens = 0;
  for (const part of parts) {
    if (part.kind === "text") tokens += Math.ceil(part.text.length / LETTERS_A_TOKEN);
    else if (part.kind === "tokens") tokens += part.tokens.length;
  }
  return tokens;
}

/** What inputs must share where a vendor says it once for the whole request. */
export function sameForAll(input: EmbeddingInput): string {
  return JSON.stringify([input.purpose ?? "", input.title ?? "", input.dimensions ?? 0]);
}

function tooMany({ inputs }: NeutralEmbeddingRequest, maxInputs: number) {
  return cannotEmbed(
    "input",
    `${inputs.length} inputs are too many: the target takes ${maxInputs} at a time, and Sluice sends at most ${MOST_CALLS} requests for one call. Send fewer.`,
  );
}
