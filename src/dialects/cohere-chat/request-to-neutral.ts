// A Cohere request as a neutral one.

import { invalidRequest } from "#core/errors.ts";
import type { CallFacts } from "#core/facts.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { asString } from "#core/json.ts";
import type {
  NeutralRequest,
  ReasoningWish,
  ResponseFormat,
  Sampling,
  Tool,
  ToolChoice,
} from "../neutral.ts";
import {
  booleanAt,
  listAt,
  numberAt,
  objectAt,
  objectsAt,
  requiredString,
  stringAt,
  unknownMembers,
} from "../openai-chat/fields.ts";
import { COHERE_CHAT } from "./dialect-id.ts";
import { messagesToTurns } from "./messages-to-turns.ts";

/** Schemas have no name here, and everywhere else they need one. */
const SCHEMA_NAME = "response";

const KNOWN_MEMBERS: ReadonlySet<string> = new Set([
  ...["model", "messages", "stream", "tools", "tool_choice", "strict_tools", "response_format"],
  ...["max_tokens", "stop_sequences", "temperature", "seed", "p", "k", "logprobs", "thinking"],
  ...["frequency_penalty", "presence_penalty"],
]);

/**
 * Reads a request.
 * @throws GatewayError `invalid_request` with the path of what cannot be understood
 */
export function requestToNeutral(body: JsonObject, facts: CallFacts): NeutralRequest {
  const extras = new Map<string, Json>(unknownMembers(body, KNOWN_MEMBERS));
  const { instructions, turns } = messagesToTurns(body);
  const toolChoice = readToolChoice(body);
  const reasoning = readThinking(body);
  const responseFormat = readResponseFormat(body);
  return {
    origin: COHERE_CHAT,
    model: facts.model,
    stream: facts.stream,
    instructions,
    turns,
    tools: readTools(body),
    vendorTools: [],
    ...(toolChoice !== undefined && { toolChoice }),
    ...(facts.maxOutputTokens > 0 && { maxOutputTokens: facts.maxOutputTokens }),
    sampling: readSampling(body),
    ...(reasoning !== undefined && { reasoning }),
    ...(responseFormat !== undefined && { responseFormat }),
    extras,
  };
}

function readTools(body: JsonObject): Tool[] {
  const isStrict = booleanAt(body, "strict_tools");
  return objectsAt(body, "tools").map((tool, position) => {
    const path = `tools[${position}].function`;
    const declared = objectAt(tool, "function", `tools[${position}]`) ?? {};
    const description = stringAt(declared, "description", path);
    const parameters = objectAt(declared, "parameters", path);
    return {
      name: requiredString(declared, "name", path),
      ...(description !== undefined && { description }),
      ...(parameters !== undefined && { parameters }),
      ...(isStrict === true && { strict: true }),
    };
  });
}

function readToolChoice(body: JsonObject): ToolChoice | undefined {
  const word = stringAt(body, "tool_choice");
  if (word === undefined) return undefined;
  if (word === "REQUIRED") return { mode: "required" };
  if (word === "NONE") return { mode: "none" };
  throw invalidRequest("tool_choice", '"tool_choice" must be "REQUIRED" or "NONE".');
}

function readThinking(body: JsonObject): ReasoningWish | undefined {
  const thinking = objectAt(body, "thinking");
  if (thinking === undefined) return undefined;
  if (thinking["type"] === "disabled") return { effort: "none" };
  const budgetTokens = numberAt(thinking, "token_budget", "thinking");
  return budgetTokens === undefined ? { adaptive: true } : { budgetTokens };
}

function readResponseFormat(body: JsonObject): ResponseFormat | undefined {
  const format = objectAt(body, "response_format");
  if (format === undefined || format["type"] === "text") return undefined;
  if (format["type"] !== "json_object") {
    throw invalidRequest("response_format.type", '"response_format.type" is not known.');
  }
  const schema =
    objectAt(format, "json_schema", "response_format") ??
    objectAt(format, "schema", "response_format");
  if (schema === undefined) return { kind: "json" };
  return { kind: "schema", name: SCHEMA_NAME, schema, strict: true };
}

function readSampling(body: JsonObject): Sampling {
  const numbers = {
    temperature: numberAt(body, "temperature"),
    topP: numberAt(body, "p"),
    topK: numberAt(body, "k"),
    seed: numberAt(body, "seed"),
    presencePenalty: numberAt(body, "presence_penalty"),
    frequencyPenalty: numberAt(body, "frequency_penalty"),
  };
  const given = Object.entries(numbers).filter(([, value]) => value !== undefined);
  const stop = listAt(body, "stop_sequences").map((item, index) => {
    const text = asString(item);
    if (text !== undefined) return text;
    throw invalidRequest(
      `stop_sequences[${index}]`,
      `"stop_sequences[${index}]" must be a string.`,
    );
  });
  return {
    ...(Object.fromEntries(given) as Partial<Record<keyof typeof numbers, number>>),
    ...(stop.length > 0 && { stop }),
    ...(booleanAt(body, "logprobs") === true && { logprobs: { top: 0 } }),
  };
}
