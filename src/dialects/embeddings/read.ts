// Facts of an embeddings request.

import { invalidRequest } from "#core/errors.ts";
import type { CallFacts } from "#core/facts.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { asString, isJsonObject } from "#core/json.ts";
import type { CallHints } from "../dialect.ts";
import { requiredString, stringAt } from "../openai-chat/fields.ts";
import { LETTERS_A_TOKEN } from "../vectors/facts.ts";
import { EMBEDDINGS } from "./dialect-id.ts";
import { isTokens, wishOf } from "./fields.ts";
import { partOf } from "./request-to-neutral.ts";

/**
 * Reads the facts. The input is a text, a list of tokens, an object with a text or an image, or a list
 * of these.
 * @throws GatewayError `invalid_request` with the path of the field
 */
export function readEmbeddings(body: JsonObject, hints: CallHints): CallFacts {
  const { input } = body;
  const inputs = Array.isArray(input) && typeof input[0] !== "number" ? input : [input];
  if (inputs.length === 0) throw invalidRequest("input", '"input" must not be empty.');
  const isList = inputs === input;
  let textLength = 0;
  let imageCount = 0;
  for (const [index, item] of inputs.entries()) {
    const length = lengthOf(item, isList ? `input[${index}]` : "input");
    textLength += length;
    if (length === 0) imageCount += 1;
  }
  return {
    operation: hints.operation,
    dialect: EMBEDDINGS,
    model: requiredString(body, "model"),
    stream: false,
    wantsUsage: false,
    textLength,
    maxOutputTokens: 0,
    choices: 1,
    messageCount: inputs.length,
    toolCount: 0,
    imageCount,
    audioCount: 0,
    fileCount: 0,
    hasSchema: false,
    reasoning: false,
    user: stringAt(body, "user") ?? "",
    metadata: {},
    vectors: wishOf(body),
  };
}

function objectLength(input: JsonObject): number {
  if (asString(input["image"]) !== undefined) return 0;
  return (asString(input["text"]) ?? JSON.stringify(input)).length;
}

/** 0 for an image. */
function lengthOf(input: Json | undefined, path: string): number {
  if (typeof input === "string" && input !== "") return input.length;
  if (isTokens(input)) return input.length * LETTERS_A_TOKEN;
  // What an imitator of this form may know and we do not is its own affair, as long as it passes through.
  if (isJsonObject(input) && path !== "input") return objectLength(input);
  const part = partOf(input, path);
  return part.kind === "text" ? part.text.length : 0;
}
