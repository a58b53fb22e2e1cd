// The reply that OpenAI invented and several vendors imitate: a list of vectors with their indexes.

import type { Json, JsonObject } from "#core/json.ts";
import { asObject, asString, isCount } from "#core/json.ts";
import type { Usage } from "#core/usage.ts";
import { usage } from "#core/usage.ts";
import { MalformedReply } from "../embedding.ts";
import type { EmbeddingVector, NeutralEmbeddingReply } from "../neutral-embedding.ts";
import { isNumbers } from "./bytes.ts";

/** Reads such a reply. @throws MalformedReply */
export function readEmbeddingList(body: Json | undefined): NeutralEmbeddingReply {
  const reply = asObject(body);
  const data = reply?.["data"];
  if (reply === undefined || !Array.isArray(data)) {
    throw new MalformedReply("The reply has no list of embeddings.");
  }
  return {
    id: asString(reply["id"]) ?? "",
    model: asString(reply["model"]) ?? "",
    vectors: inOrder(data, "index").map(({ embedding }) => vectorOf(embedding)),
    usage: readInputUsage(reply["usage"]),
  };
}

/**
 * Entries by their indexes, which must be 0 to n-1, each once; entries without any stay as they are.
 * @throws MalformedReply when nobody could say which belongs to which input
 */
export function inOrder(entries: readonly Json[], key: string): readonly JsonObject[] {
  const objects = entries.map((entry) => asObject(entry) ?? {});
  if (objects.every((entry) => entry[key] === undefined)) return objects;
  const placed: JsonObject[] = [];
  for (const entry of objects) {
    const place = entry[key];
    const isPlace = typeof place === "number" && Number.isInteger(place) && place >= 0;
    if (!isPlace || place >= objects.length || placed[place] !== undefined) {
      throw new MalformedReply("The indexes of the reply are not 0, 1, 2 and so on, each once.");
    }
    placed[place] = entry;
  }
  return placed;
}

/** A vector as numbers or base64. @throws MalformedReply for anything else */
export function vectorOf(value: Json | undefined): EmbeddingVector {
  if (typeof value === "string" && value !== "") return { form: "base64", data: value };
  if (isNumbers(value)) return { form: "numbers", values: value };
  throw new MalformedReply("The reply holds something that is no vector of numbers.");
}

/**
 * Input tokens of a call that has no output. Some vendors count them as prompt, some only as total.
 * @returns undefined when neither is a counter
 */
export function readInputUsage(value: Json | undefined): Usage | undefined {
  const counters = asObject(value);
  const prompt = counters?.["prompt_tokens"];
  const total = counters?.["total_tokens"];
  if (!isCount(prompt) && !isCount(total)) return undefined;
  const inputTokens = Math.max(isCount(prompt) ? prompt : 0, isCount(total) ? total : 0);
  return usage({ inputTokens: Math.floor(inputTokens) });
}

/** The entries of such a reply; undefined when it is none. */
export function listIn(reply: JsonObject): readonly Json[] | undefined {
  const { data } = reply;
  return Array.isArray(data) ? data : undefined;
}

/** Its usage. */
export function listUsage(reply: JsonObject): Usage | undefined {
  return readInputUsage(reply["usage"]);
}
