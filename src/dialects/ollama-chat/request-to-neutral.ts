// An Ollama request as a neutral one.

import { invalidRequest } from "#core/errors.ts";
import type { CallFacts } from "#core/facts.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { isJsonObject } from "#core/json.ts";
import type {
  NeutralRequest,
  ReasoningEffort,
  ReasoningWish,
  ResponseFormat,
  Sampling,
  Tool,
} from "../neutral.ts";
import {
  booleanAt,
  countAt,
  numberAt,
  objectAt,
  objectsAt,
  requiredString,
  stringAt,
  unknownMembers,
} from "../openai-chat/fields.ts";
import { OLLAMA_CHAT } from "./dialect-id.ts";
import { messagesToTurns } from "./messages-to-turns.ts";

/** Schemas have no name here, and everywhere else they need one. */
const SCHEMA_NAME = "response";
const KNOWN_MEMBERS: ReadonlySet<string> = new Set([
  ...["model", "messages", "stream", "tools", "format", "options", "think"],
  ...["logprobs", "top_logprobs"],
]);
/** Options that are read below; all others belong to this server alone. */
const KNOWN_OPTIONS: ReadonlySet<string> = new Set([
  ...["temperature", "top_p", "top_k", "seed", "stop", "num_predict"],
  ...["presence_penalty", "frequency_penalty"],
]);
const LEVELS: ReadonlySet<string> = new Set(["low", "medium", "high", "max"]);

/**
 * Reads a request.
 * @throws GatewayError `invalid_request` with the path of what cannot be understood
 */
export function requestToNeutral(body: JsonObject, facts: CallFacts): NeutralRequest {
  const { instructions, turns } = messagesToTurns(body);
  const reasoning = readThink(body);
  const responseFormat = readFormat(body["format"] ?? undefined);
  return {
    origin: OLLAMA_CHAT,
    model: facts.model,
    stream: facts.stream,
    instructions,
    turns,
    tools: readTools(body),
    vendorTools: [],
    ...(facts.maxOutputTokens > 0 && { maxOutputTokens: facts.maxOutputTokens }),
    sampling: readSampling(body),
    ...(reasoning !== undefined && { reasoning }),
    ...(responseFormat !== undefined && { responseFormat }),
    extras: readExtras(body),
  };
}

/** Options keep their place: `options.num_ctx`. */
function readExtras(body: JsonObject): Map<string, Json> {
  const options = unknownMembers(objectAt(body, "options") ?? {}, KNOWN_OPTIONS);
  return new Map([
    ...unknownMembers(body, KNOWN_MEMBERS),
    ...options.map(([key, value]) => [`options.${key}`, value] as const),
  ]);
}

function readTools(body: JsonObject): Tool[] {
  return objectsAt(body, "tools").map((tool, position) => {
    const path = `tools[${position}].function`;
    const declared = objectAt(tool, "function", `tools[${position}]`) ?? {};
    const description = stringAt(declared, "description", path);
    const parameters = objectAt(declared, "parameters", path);
    return {
      name: requiredString(declared, "name", path),
      ...(description !== undefined && { description }),
      ...(parameters !== undefined && { parameters }),
    };
  });
}

function readThink(body: JsonObject): ReasoningWish | undefined {
  const think = body["think"] ?? undefined;
  if (think === undefined) return undefined;
  if (think === true) return { adaptive: true };
  if (think === false) return { effort: "none" };
  if (typeof think === "string" && isLevel(think)) return { effort: think };
  throw invalidRequest("think", '"think" must be true, false or a level.');
}

function isLevel(word: string): word is ReasoningEffort {
  return LEVELS.has(word);
}

function readFormat(format: Json | undefined): ResponseFormat | undefined {
  if (format === undefined || format === "") return undefined;
  if (format === "json") return { kind: "json" };
  if (isJsonObject(format)) {
    return { kind: "schema", name: SCHEMA_NAME, schema: format, strict: true };
  }
  throw invalidRequest("format", '"format" must be "json" or a JSON schema.');
}

function readSampling(body: JsonObject): Sampling {
  const options = objectAt(body, "options") ?? {};
  const numbers = {
    temperature: numberAt(options, "temperature", "options"),
    topP: numberAt(options, "top_p", "options"),
    topK: numberAt(options, "top_k", "options"),
    seed: numberAt(options, "seed", "options"),
    presencePenalty: numberAt(options, "presence_penalty", "options"),
    frequencyPenalty: numberAt(options, "frequency_penalty", "options"),
  };
  const given = Object.entries(numbers).filter(([, value]) => value !== undefined);
  const stop = readStops(options["stop"] ?? undefined);
  const top = countAt(body, "top_logprobs", 0) ?? 0;
  return {
    ...(Object.fromEntries(given) as Partial<Record<keyof typeof numbers, number>>),
    ...(stop.length > 0 && { stop }),
    ...(booleanAt(body, "logprobs") === true && { logprobs: { top } }),
  };
}

function readStops(stop: Json | undefined): readonly string[] {
  if (stop === undefined) return [];
  const items = Array.isArray(stop) ? stop : [stop];
  return items.map((item) => {
    if (typeof item === "string") return item;
    throw invalidRequest("options.stop", '"options.stop" must be a string or a list of strings.');
  });
}
