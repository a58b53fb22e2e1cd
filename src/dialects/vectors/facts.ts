// The facts of an embedding call, out of its neutral form: for dialects whose calls are few.

import type { CallFacts, VectorWish } from "#core/facts.ts";
import type { NeutralEmbeddingRequest } from "../neutral-embedding.ts";

/** Text that a token is counted as, where the caller sends tokens: as many as the estimate counts one. */
export const LETTERS_A_TOKEN = 3;

/** @param dialect of the call */
export function embeddingFacts(request: NeutralEmbeddingRequest, dialect: string): CallFacts {
  let textLength = 0;
  const media = { image: 0, audio: 0, file: 0 };
  for (const input of request.inputs) {
    textLength += input.title?.length ?? 0;
    for (const part of input.parts) {
      if (part.kind === "text") textLength += part.text.length;
      else if (part.kind === "tokens") textLength += part.tokens.length * LETTERS_A_TOKEN;
      else media[part.kind === "video" ? "file" : part.kind] += 1;
    }
  }
  return {
    operation: "embed",
    dialect,
    model: request.model,
    stream: false,
    wantsUsage: false,
    textLength,
    maxOutputTokens: 0,
    choices: 1,
    messageCount: request.inputs.length,
    toolCount: 0,
    imageCount: media.image,
    audioCount: media.audio,
    fileCount: media.file,
    hasSchema: false,
    reasoning: false,
    user: request.user ?? "",
    metadata: {},
    vectors: wishOfInputs(request),
  };
}

/** The size that all inputs agree on. */
function wishOfInputs({ inputs, wish }: NeutralEmbeddingRequest): VectorWish {
  const [first] = inputs;
  const size = first?.dimensions ?? 0;
  const isSame = inputs.every((input) => (input.dimensions ?? 0) === size);
  return { ...wish, dimensions: isSame ? size : 0 };
}
