// Facts of a text completion.

import { invalidRequest } from "#core/errors.ts";
import type { CallFacts } from "#core/facts.ts";
import type { Json, JsonObject } from "#core/json.ts";
import type { CallHints } from "../dialect.ts";
import { booleanAt, countAt, objectAt, requiredString, stringAt } from "../openai-chat/fields.ts";
import { OPENAI_COMPLETIONS } from "./dialect-id.ts";

/** Text that a token stands for, roughly, where the caller sends tokens. */
const LETTERS_A_TOKEN = 4;
const MAX_CHOICES = 128;

/**
 * Reads the facts. A prompt is a text, a list of texts, a list of tokens, or a list of such lists; it may
 * be absent, which means an empty one.
 * @throws GatewayError `invalid_request` with the path of the field
 */
export function readCompletion(body: JsonObject, hints: CallHints): CallFacts {
  const { prompt } = body;
  const stream = booleanAt(body, "stream") ?? false;
  const prompts = Array.isArray(prompt) && typeof prompt[0] !== "number" ? prompt : [prompt];
  const choices = Math.max(countAt(body, "n", 1) ?? 1, countAt(body, "best_of", 1) ?? 1);
  if (choices > MAX_CHOICES) throw invalidRequest("n", `"n" must be at most ${MAX_CHOICES}.`);
  return {
    operation: hints.operation,
    dialect: OPENAI_COMPLETIONS,
    model: requiredString(body, "model"),
    stream,
    wantsUsage: stream && objectAt(body, "stream_options")?.["include_usage"] === true,
    textLength: prompts.reduce((sum: number, each) => sum + lengthOf(each), 0),
    maxOutputTokens: countAt(body, "max_tokens", 0) ?? 0,
    choices: choices * Math.max(1, prompts.length),
    messageCount: prompts.length,
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

function lengthOf(prompt: Json | undefined): number {
  if (prompt === undefined || prompt === null) return 0;
  if (typeof prompt === "string") return prompt.length;
  if (Array.isArray(prompt) && prompt.every((token) => Number.isInteger(token))) {
    return prompt.length * LETTERS_A_TOKEN;
  }
  throw invalidRequest("prompt", '"prompt" must be a text, a list of tokens, or a list of those.');
}
