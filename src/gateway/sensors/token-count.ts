// The first sensor: how many input tokens a request has, estimated from its size. Costs nothing and
// needs no deadline. Errs on the high side, since what relies on it reserves or counts for a client.

import type { CallFacts, SensedFacts } from "#core/facts.ts";

/** Characters a token. English prose has about 4.4, code and JSON about 3.2. */
const CHARACTERS_PER_TOKEN = 3;
/** Framing that vendors count a message. */
const TOKENS_PER_MESSAGE = 4;
/** A large image at the dearest vendor's default resolution. */
const TOKENS_PER_IMAGE = 1_600;
const TOKENS_PER_FILE = 3_000;
const TOKENS_PER_AUDIO = 1_500;
const TOKENS_PER_TOOL = 12;

/** Estimates the input tokens of a request. */
export function senseTokens(facts: CallFacts): SensedFacts {
  return {
    inputTokens:
      Math.ceil(facts.textLength / CHARACTERS_PER_TOKEN) +
      facts.messageCount * framing(facts) +
      facts.toolCount * TOKENS_PER_TOOL +
      facts.imageCount * TOKENS_PER_IMAGE +
      facts.fileCount * TOKENS_PER_FILE +
      facts.audioCount * TOKENS_PER_AUDIO,
  };
}

/** What is made into vectors or ranked stands for itself: no vendor frames it. */
function framing({ operation }: CallFacts): number {
  return operation === "embed" || operation === "rerank" ? 0 : TOKENS_PER_MESSAGE;
}

/** Output tokens of an answer whose upstream told no usage. At least 1 once there is any text. */
export function estimateOutputTokens(textLength: number): number {
  return Math.ceil(textLength / CHARACTERS_PER_TOKEN);
}
