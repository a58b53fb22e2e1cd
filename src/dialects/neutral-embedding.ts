// The form in the middle for embedding calls: what each dialect of them is translated to and from. Far
// smaller than that of conversations, and apart from it: inputs, what they are for, and vectors.

import type { VectorWish } from "#core/facts.ts";
import type { Json } from "#core/json.ts";
import type { Usage } from "#core/usage.ts";
import type { MediaSource } from "./neutral.ts";

/** A piece of an input. All pieces of one input become one vector together. */
export type EmbeddingPart =
  | { readonly kind: "text"; readonly text: string }
  /** Numbers of the model's own tokenizer. */
  | { readonly kind: "tokens"; readonly tokens: readonly number[] }
  | MediaPart<"image">
  | MediaPart<"audio">
  | MediaPart<"video">
  | MediaPart<"file">;

interface MediaPart<Kind> {
  readonly kind: Kind;
  readonly source: MediaSource;
}

/** What the vectors are for, in the words that several vendors share. */
export type EmbeddingPurpose =
  | "query"
  | "document"
  | "similarity"
  | "classification"
  | "clustering"
  | "question_answering"
  | "fact_verification"
  | "code_query"
  | "code_document";

/** One thing to make one vector of. */
export interface EmbeddingInput {
  readonly parts: readonly EmbeddingPart[];
  /** Place in the caller's body, for messages: `input[3]`. */
  readonly path: string;
  /** As the caller wrote it; `embedding-purpose.ts` knows what it means. */
  readonly purpose?: string;
  readonly title?: string;
  /** How many numbers the vector is to have; absent = as many as the model makes. */
  readonly dimensions?: number;
}

/** What becomes of an input that is longer than the model reads. */
export interface Truncation {
  readonly mode: "none" | "start" | "end";
  /** False: the caller said nothing, and this is what its dialect does then. */
  readonly isAsked: boolean;
}

/** A request for vectors, whatever language it was written in. */
export interface NeutralEmbeddingRequest {
  /** The dialect it was read from. */
  readonly origin: string;
  readonly model: string;
  readonly inputs: readonly EmbeddingInput[];
  readonly wish: VectorWish;
  readonly truncation: Truncation;
  readonly user?: string;
  /** Fields that the form has no place for: path -> value. A notice `dropped:<path>` elsewhere. */
  readonly extras: ReadonlyMap<string, Json>;
}

/**
 * A vector as it came: numbers, or bytes in base64 (little-endian, 32-bit floats, or one byte for a
 * number of a narrower type).
 */
export type EmbeddingVector =
  | { readonly form: "numbers"; readonly values: readonly number[] }
  | { readonly form: "base64"; readonly data: string };

/** Vectors in the order of the inputs, one each. */
export interface NeutralEmbeddingReply {
  /** Empty when the vendor gives none. */
  readonly id: string;
  /** Empty when the vendor does not say. */
  readonly model: string;
  readonly vectors: readonly EmbeddingVector[];
  /** Undefined when the vendor sent none. */
  readonly usage: Usage | undefined;
}
