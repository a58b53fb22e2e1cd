// Holds an embedding reply to what was asked: as many vectors as inputs, all of one size, and of the
// size that the caller named. A vector that belongs to another input is worse than none.

import type { VectorWish } from "#core/facts.ts";
import { MalformedReply } from "../embedding.ts";
import { INVALID_ANSWER } from "../neutral.ts";
import type { EmbeddingVector } from "../neutral-embedding.ts";
import { sizeOf } from "./bytes.ts";

/** @throws MalformedReply that says what does not fit */
export function checkVectors(
  vectors: readonly EmbeddingVector[],
  inputs: number,
  wish: VectorWish | undefined,
): void {
  if (vectors.length !== inputs) {
    throw new MalformedReply(`The reply has ${vectors.length} embeddings for ${inputs} inputs.`);
  }
  const numbers = wish?.numbers ?? "float";
  const [first] = vectors;
  if (first === undefined) return;
  const size = sizeOf(first, numbers);
  const other = vectors.find((vector) => sizeOf(vector, numbers) !== size);
  if (other !== undefined) {
    throw new MalformedReply("The embeddings of the reply have different lengths.");
  }
  const asked = wish?.dimensions ?? 0;
  if (asked !== 0 && size !== asked) {
    throw new MalformedReply(
      `The embeddings have ${size} dimensions and ${asked} were asked for: the model has no such control.`,
      INVALID_ANSWER,
    );
  }
}
