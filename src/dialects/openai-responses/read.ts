// Facts of a Responses request: what routing, metering and translation rely on, and nothing else is
// checked.

import { invalidRequest } from "#core/errors.ts";
import type { CallFacts } from "#core/facts.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { asObject, isJsonObject } from "#core/json.ts";
import type { CallHints } from "../dialect.ts";
import {
  booleanAt,
  countAt,
  objectAt,
  objectsAt,
  requiredString,
  stringAt,
} from "../openai-chat/fields.ts";
import { readMetadata, withRouterWishes } from "../openai-chat/read.ts";
import { OPENAI_RESPONSES } from "./dialect-id.ts";
import { echoOf } from "./echo.ts";
import type { InputTally } from "./input-facts.ts";
import { tallyItem } from "./input-facts.ts";

/**
 * Reads the facts of a request.
 * @throws GatewayError `invalid_request` with the path of the field
 */
export function readResponses(body: JsonObject, hints: CallHints): CallFacts {
  const tally: InputTally = { text: 0, images: 0, audio: 0, files: 0 };
  const messageCount = readInput(body["input"], tally);
  tally.text += stringAt(body, "instructions")?.length ?? 0;
  const tools = objectsAt(body, "tools");
  if (tools.length > 0) tally.text += JSON.stringify(tools).length;
  const format = objectAt(objectAt(body, "text") ?? {}, "format", "text");
  if (isJsonObject(format?.["schema"])) tally.text += JSON.stringify(format["schema"]).length;
  const reasoning = objectAt(body, "reasoning");
  const stream = booleanAt(body, "stream") ?? false;
  const echo = echoOf(body);
  const facts: CallFacts = {
    operation: hints.operation,
    dialect: OPENAI_RESPONSES,
    model: requiredString(body, "model"),
    stream: stream && hints.operation === "generate",
    wantsUsage: true,
    textLength: tally.text,
    maxOutputTokens: countAt(body, "max_output_tokens", 1) ?? 0,
    choices: 1,
    messageCount,
    toolCount: tools.length,
    imageCount: tally.images,
    audioCount: tally.audio,
    fileCount: tally.files,
    hasSchema: format?.["type"] === "json_schema" || format?.["type"] === "json_object",
    reasoning: reasoning !== undefined && reasoning["effort"] !== "none",
    user: stringAt(body, "safety_identifier") ?? stringAt(body, "user") ?? "",
    metadata: readMetadata(body),
    ...(echo !== undefined && { echo }),
  };
  return withRouterWishes(facts, body);
}

function readInput(input: Json | undefined, tally: InputTally): number {
  if (typeof input === "string") {
    tally.text += input.length;
    return 1;
  }
  if (!Array.isArray(input)) throw invalidRequest("input", '"input" must be a string or a list.');
  input.forEach((item, index) => {
    if (!isJsonObject(item)) {
      throw invalidRequest(`input[${index}]`, `"input[${index}]" must be an object.`);
    }
    tallyItem(item, index, tally);
  });
  return input.length;
}

/** True when the request wants words of the answer with their probabilities. */
export function wantsLogprobs(body: JsonObject): boolean {
  const include = body["include"];
  const isIncluded = Array.isArray(include) && include.includes("message.output_text.logprobs");
  return isIncluded || (countAt(body, "top_logprobs", 0) ?? 0) > 0;
}

/** The shape of the answer that `text.format` asks for. */
export function textFormat(body: JsonObject): JsonObject | undefined {
  return asObject(asObject(body["text"])?.["format"]);
}
