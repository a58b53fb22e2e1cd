// Facts of an embeddings request.

import { invalidRequest } from "#core/errors.ts";
import type { CallFacts } from "#core/facts.ts";
import type { Json, JsonObject } from "#core/json.ts";
import type { CallHints } from "../dialect.ts";
import { requiredString, stringAt } from "../openai-chat/fields.ts";
import { EMBEDDINGS } from "./dialect-id.ts";

/** Text that a token stands for, roughly, where the caller sends tokens. */
const LETTERS_A_TOKEN = 4;

/**
 * Reads the facts. The input is a text, a list of texts, a list of tokens, or a list of such lists.
 * @throws GatewayError `invalid_request` with the path of the field
 */
export function readEmbeddings(body: JsonObject, hints: CallHints): CallFacts {
  const { input } = body;
  const inputs = Array.isArray(input) && typeof input[0] !== "number" ? input : [input];
  if (inputs.length === 0) throw invalidRequest("input", '"input" must not be empty.');
  const isList = inputs === input;
  let textLength = 0;
  for (const [index, item] of inputs.entries()) {
    textLength += lengthOf(item, isList ? `input[${index}]` : "input");
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
    imageCount: 0,
    audioCount: 0,
    fileCount: 0,
    hasSchema: false,
    reasoning: false,
    user: stringAt(body, "user") ?? "",
    metadata: {},
  };
}

function lengthOf(input: Json | undefined, path: string): number {
  if (typeof input === "string" && input !== "") return input.length;
  if (Array.isArray(input) && input.length > 0 && input.every(isToken)) {
    return input.length * LETTERS_A_TOKEN;
  }
  throw invalidRequest(path, `"${path}" must be a text or a list of tokens, and not empty.`);
}

function isToken(value: Json): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= 0;
}
