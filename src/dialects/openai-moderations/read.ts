// Facts of a moderation request.

import { invalidRequest } from "#core/errors.ts";
import type { CallFacts } from "#core/facts.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { asObject, asString } from "#core/json.ts";
import type { CallHints } from "../dialect.ts";
import { requiredString, stringAt } from "../openai-chat/fields.ts";
import { OPENAI_MODERATIONS } from "./dialect-id.ts";

/**
 * Reads the facts. The input is a text, a list of texts, or a list of parts.
 * @throws GatewayError `invalid_request` with the path of the field
 */
export function readModeration(body: JsonObject, hints: CallHints): CallFacts {
  const inputs = Array.isArray(body["input"]) ? body["input"] : [body["input"]];
  if (inputs.length === 0 || inputs.some((input) => !isInput(input))) {
    throw invalidRequest("input", '"input" must be a text, a list of texts, or a list of parts.');
  }
  return {
    operation: hints.operation,
    dialect: OPENAI_MODERATIONS,
    model: requiredString(body, "model"),
    stream: false,
    wantsUsage: false,
    textLength: inputs.reduce((sum: number, input) => sum + lengthOf(input), 0),
    maxOutputTokens: 0,
    choices: 1,
    messageCount: inputs.length,
    toolCount: 0,
    imageCount: inputs.filter((input) => asObject(input)?.["type"] === "image_url").length,
    audioCount: 0,
    fileCount: 0,
    hasSchema: false,
    reasoning: false,
    user: stringAt(body, "user") ?? "",
    metadata: {},
  };
}

function isInput(input: Json | undefined): boolean {
  return typeof input === "string" || typeof asObject(input)?.["type"] === "string";
}

function lengthOf(input: Json | undefined): number {
  return (asString(input) ?? asString(asObject(input)?.["text"]) ?? "").length;
}
