// Fields of an OpenAI embeddings request: its own, and those of other vendors' that callers of this form
// may write too, since the form itself has nothing for them.

import type { VectorWish } from "#core/facts.ts";
import type { JsonObject } from "#core/json.ts";
import { asString } from "#core/json.ts";

const NUMBERS: readonly VectorWish["numbers"][] = ["float", "int8", "uint8", "binary", "ubinary"];

/** Names of the size of the vectors: OpenAI's, then the one of Mistral, Cohere and Voyage. */
export const SIZE_FIELDS = ["dimensions", "output_dimension"] as const;
/** Names of what the vectors are for: Cohere's and Voyage's, Jina's, Google's. */
export const PURPOSE_FIELDS = ["input_type", "task", "task_type"] as const;
/** Names of what becomes of inputs that are too long: Cohere's and Jina's, Voyage's. */
export const TRUNCATION_FIELDS = ["truncate", "truncation"] as const;

/** What the form has a place for. All other fields are extras. */
export const KNOWN_FIELDS: ReadonlySet<string> = new Set([
  "model",
  "input",
  "encoding_format",
  "output_dtype",
  "title",
  "user",
  ...SIZE_FIELDS,
  ...PURPOSE_FIELDS,
  ...TRUNCATION_FIELDS,
]);

/** What the vectors are to be like, judging nothing: a vendor behind the same form may know more. */
export function wishOf(body: JsonObject): VectorWish {
  const size = SIZE_FIELDS.map((name) => body[name]).find((value) => typeof value === "number");
  const type = asString(body["output_dtype"]);
  return {
    encoding: body["encoding_format"] === "base64" ? "base64" : "float",
    numbers: NUMBERS.find((one) => one === type) ?? "float",
    dimensions: typeof size === "number" && Number.isSafeInteger(size) && size > 0 ? size : 0,
  };
}

/** True for a list of a tokenizer's numbers. */
export function isTokens(value: unknown): value is number[] {
  if (!Array.isArray(value) || value.length === 0) return false;
  return value.every((item) => Number.isSafeInteger(item) && item >= 0);
}
