// A Responses request as a neutral one. The body has been checked by `read.ts`.

import { GatewayError, invalidRequest } from "#core/errors.ts";
import type { CallFacts } from "#core/facts.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asString } from "#core/json.ts";
import type {
  NeutralRequest,
  ReasoningEffort,
  ReasoningWish,
  ResponseFormat,
  Sampling,
} from "../neutral.ts";
import {
  booleanAt,
  countAt,
  numberAt,
  objectAt,
  requiredString,
  stringAt,
  unknownMembers,
} from "../openai-chat/fields.ts";
import { OPENAI_RESPONSES } from "./dialect-id.ts";
import { itemsToTurns } from "./items-to-turns.ts";
import { textFormat, wantsLogprobs } from "./read.ts";
import { readToolChoice, readTools } from "./tools-to-neutral.ts";

const EFFORTS: ReadonlySet<string> = new Set([
  ...["none", "minimal", "low", "medium", "high", "xhigh", "max"],
]);

/** Members that are read below, or that are about the transport and not about the answer. */
const KNOWN_MEMBERS: ReadonlySet<string> = new Set([
  ...["model", "input", "instructions", "stream", "stream_options", "models", "provider"],
  ...["tools", "tool_choice", "parallel_tool_calls", "text", "reasoning", "include"],
  ...["max_output_tokens", "temperature", "top_p", "top_logprobs"],
  ...["user", "safety_identifier", "metadata", "service_tier"],
]);
/** Asking for what happens anyway is nothing to announce. */
const DEFAULTS: Readonly<Record<string, Json>> = {
  store: false,
  background: false,
  truncation: "disabled",
};
/** Asked for by state that always comes along, and by `logprobs`. */
const INCLUDED: ReadonlySet<Json> = new Set([
  "reasoning.encrypted_content",
  "message.output_text.logprobs",
]);

/**
 * Reads a request.
 * @throws GatewayError `invalid_request` with the path of what cannot be understood, or
 *   `unsupported_feature` for what no other dialect has
 */
export function requestToNeutral(body: JsonObject, facts: CallFacts): NeutralRequest {
  const extras = new Map<string, Json>();
  for (const [key, value] of unknownMembers(body, KNOWN_MEMBERS)) {
    if (DEFAULTS[key] !== value) extras.set(key, value);
  }
  const include = asArray(body["include"]).filter((entry) => !INCLUDED.has(entry));
  if (include.length > 0) extras.set("include", include);
  const conversation = itemsToTurns(body, (path) => extras.set(path, true));
  const parallelToolCalls = booleanAt(body, "parallel_tool_calls");
  const serviceTier = stringAt(body, "service_tier");
  return {
    origin: OPENAI_RESPONSES,
    model: facts.model,
    stream: facts.stream,
    ...conversation,
    ...readTools(body, extras),
    ...readToolChoice(body, extras),
    ...(parallelToolCalls !== undefined && { parallelToolCalls }),
    ...(facts.maxOutputTokens > 0 && { maxOutputTokens: facts.maxOutputTokens }),
    sampling: readSampling(body),
    ...readReasoning(body, extras),
    ...readFormat(body, extras),
    ...(facts.user !== "" && { user: facts.user }),
    ...(Object.keys(facts.metadata).length > 0 && { metadata: facts.metadata }),
    ...(serviceTier !== undefined && { serviceTier }),
    extras,
  };
}

function readSampling(body: JsonObject): Sampling {
  const temperature = numberAt(body, "temperature");
  const topP = numberAt(body, "top_p");
  const wants = wantsLogprobs(body);
  if (wants && body["stream"] === true) throw onlyHere("top_logprobs");
  return {
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
    ...(wants && { logprobs: { top: countAt(body, "top_logprobs", 0) ?? 0 } }),
  };
}

/** Events of the neutral form have no place for probabilities; whole replies do. */
function onlyHere(field: string): GatewayError {
  const message = `"${field}" of a stream can be served only by a target that speaks the Responses API.`;
  return new GatewayError("unsupported_feature", message, { param: field });
}

function readReasoning(body: JsonObject, extras: Map<string, Json>): { reasoning?: ReasoningWish } {
  const reasoning = objectAt(body, "reasoning");
  if (reasoning === undefined) return {};
  for (const [key, value] of Object.entries(reasoning)) {
    const isKnown = key === "effort" || key === "summary" || key === "generate_summary";
    if (!isKnown && value !== undefined && value !== null) extras.set(`reasoning.${key}`, value);
  }
  const effort = stringAt(reasoning, "effort", "reasoning");
  const summary =
    stringAt(reasoning, "summary", "reasoning") ??
    stringAt(reasoning, "generate_summary", "reasoning");
  if (effort !== undefined && !isEffort(effort)) {
    throw invalidRequest("reasoning.effort", '"reasoning.effort" is none of the known levels.');
  }
  const wish: ReasoningWish = {
    ...(effort !== undefined && { effort }),
    ...(summary !== undefined && { visible: summary !== "none" }),
  };
  return Object.keys(wish).length === 0 ? {} : { reasoning: wish };
}

function isEffort(word: string): word is ReasoningEffort {
  return EFFORTS.has(word);
}

/** The shape of the answer; plain text is what no format means. */
function readFormat(
  body: JsonObject,
  extras: Map<string, Json>,
): { responseFormat?: ResponseFormat } {
  const text = objectAt(body, "text") ?? {};
  for (const [key, value] of Object.entries(text)) {
    const isPlain = key === "format" || (key === "verbosity" && value === "medium");
    if (!isPlain && value !== undefined && value !== null) extras.set(`text.${key}`, value);
  }
  const format = textFormat(body);
  const type = format?.["type"];
  if (format === undefined || type === "text") return {};
  if (type === "json_object") return { responseFormat: { kind: "json" } };
  if (type !== "json_schema") {
    throw invalidRequest("text.format", '"text.format" is none of the forms that are known.');
  }
  const description = asString(format["description"]);
  const strict = booleanAt(format, "strict", "text.format");
  return {
    responseFormat: {
      kind: "schema",
      name: requiredString(format, "name", "text.format"),
      schema: objectAt(format, "schema", "text.format") ?? {},
      ...(description !== undefined && { description }),
      ...(strict !== undefined && { strict }),
    },
  };
}
