// A chat request as a neutral one.

import { GatewayError, invalidRequest } from "#core/errors.ts";
import type { CallFacts } from "#core/facts.ts";
import type { Json, JsonObject } from "#core/json.ts";
import type { NeutralRequest, ReasoningEffort, ReasoningWish, Sampling } from "../neutral.ts";
import { OPENAI_CHAT } from "./dialect-id.ts";
import { keepUnknown } from "./extras.ts";
import {
  booleanAt,
  countAt,
  listAt,
  numberAt,
  objectAt,
  stringAt,
  unknownMembers,
} from "./fields.ts";
import { messagesToTurns } from "./messages-to-turns.ts";
import { readMetadata } from "./read.ts";
import { readResponseFormat, readToolChoice, readTools } from "./tools.ts";

const EFFORTS: ReadonlySet<string> = new Set([
  "none",
  "minimal",
  "low",
  "medium",
  "high",
  "xhigh",
  "max",
]);

/** Members that are read below, or that are about the gateway and not about the answer. */
const KNOWN_MEMBERS: ReadonlySet<string> = new Set([
  ...["model", "messages", "stream", "stream_options", "models", "provider"],
  ...["tools", "tool_choice", "parallel_tool_calls", "web_search_options", "response_format"],
  ...["max_tokens", "max_completion_tokens", "temperature", "top_p", "top_k", "seed", "stop", "n"],
  ...["presence_penalty", "frequency_penalty", "logit_bias", "logprobs", "top_logprobs"],
  ...["reasoning_effort", "reasoning", "thinking", "include_reasoning"],
  ...["user", "safety_identifier", "metadata", "service_tier"],
]);

const THINKING_MEMBERS: ReadonlySet<string> = new Set(["type", "budget_tokens"]);
const REASONING_MEMBERS: ReadonlySet<string> = new Set([
  ...["effort", "max_tokens", "enabled", "exclude"],
]);

/**
 * Reads a request.
 * @throws GatewayError `invalid_request` with the path of what cannot be understood, or
 *   `unsupported_feature` for what no other dialect has
 */
export function requestToNeutral(body: JsonObject, facts: CallFacts): NeutralRequest {
  refuseWhatOnlyChatHas(body);
  const extras = new Map<string, Json>();
  const { instructions, turns } = messagesToTurns(body, extras);
  for (const [key, value] of unknownMembers(body, KNOWN_MEMBERS)) {
    if (!isDefault(key, value)) extras.set(key, value);
  }
  keepUnknown(extras, "thinking", objectAt(body, "thinking"), THINKING_MEMBERS);
  keepUnknown(extras, "reasoning", objectAt(body, "reasoning"), REASONING_MEMBERS);
  const toolChoice = readToolChoice(body);
  const parallelToolCalls = booleanAt(body, "parallel_tool_calls");
  const reasoning = readReasoningWish(body);
  const responseFormat = readResponseFormat(body);
  const serviceTier = stringAt(body, "service_tier");
  const metadata = readMetadata(body);
  return {
    origin: OPENAI_CHAT,
    model: facts.model,
    stream: facts.stream,
    instructions,
    turns,
    ...readTools(body, extras),
    ...(toolChoice !== undefined && { toolChoice }),
    ...(parallelToolCalls !== undefined && { parallelToolCalls }),
    ...(facts.maxOutputTokens > 0 && { maxOutputTokens: facts.maxOutputTokens }),
    sampling: readSampling(body),
    ...(reasoning !== undefined && { reasoning }),
    ...(responseFormat !== undefined && { responseFormat }),
    ...(facts.user !== "" && { user: facts.user }),
    ...(Object.keys(metadata).length > 0 && { metadata }),
    ...(serviceTier !== undefined && { serviceTier }),
    extras,
  };
}

/** What must not be dropped, because the answer would be another thing without it. */
function refuseWhatOnlyChatHas(body: JsonObject): void {
  const modalities = listAt(body, "modalities");
  if (modalities.some((modality) => modality !== "text")) throw onlyChat("modalities");
  // Events of the neutral form have no place for them; whole replies do.
  if (body["stream"] === true && body["logprobs"] === true) throw onlyChat("logprobs");
  for (const field of ["functions", "function_call"]) {
    if ((body[field] ?? undefined) !== undefined) throw onlyChat(field);
  }
}

function onlyChat(field: string): GatewayError {
  const message = `"${field}" can be served only by a target that speaks the chat completions API.`;
  return new GatewayError("unsupported_feature", message, { param: field });
}

/** Asking for what happens anyway is nothing to announce. */
function isDefault(key: string, value: Json): boolean {
  return key === "modalities" || (key === "store" && value === false);
}

function readSampling(body: JsonObject): Sampling {
  const numbers = {
    temperature: numberAt(body, "temperature"),
    topP: numberAt(body, "top_p"),
    topK: numberAt(body, "top_k"),
    seed: numberAt(body, "seed"),
    presencePenalty: numberAt(body, "presence_penalty"),
    frequencyPenalty: numberAt(body, "frequency_penalty"),
  };
  const given = Object.entries(numbers).filter(([, value]) => value !== undefined);
  const stop = readStopSequences(body);
  const choices = countAt(body, "n", 1);
  const logitBias = objectAt(body, "logit_bias");
  const top = countAt(body, "top_logprobs", 0) ?? 0;
  return {
    ...(Object.fromEntries(given) as Partial<Record<keyof typeof numbers, number>>),
    ...(stop.length > 0 && { stop }),
    ...(choices !== undefined && choices > 1 && { choices }),
    ...(logitBias !== undefined && Object.keys(logitBias).length > 0 && { logitBias }),
    ...(booleanAt(body, "logprobs") === true && { logprobs: { top } }),
  };
}

function readStopSequences(body: JsonObject): readonly string[] {
  const stop = body["stop"] ?? undefined;
  if (stop === undefined) return [];
  if (typeof stop === "string") return [stop];
  if (!Array.isArray(stop)) throw invalidRequest("stop", '"stop" must be a string or a list.');
  return stop.map((item, index) => {
    if (typeof item === "string") return item;
    throw invalidRequest(`stop[${index}]`, `"stop[${index}]" must be a string.`);
  });
}

/** OpenAI's effort, OpenRouter's `reasoning`, and the `thinking` of DeepSeek and others. */
function readReasoningWish(body: JsonObject): ReasoningWish | undefined {
  const detailed = objectAt(body, "reasoning") ?? {};
  const thinking = objectAt(body, "thinking") ?? {};
  const effort = readEffort(body, detailed, thinking);
  const budgetTokens =
    numberAt(detailed, "max_tokens", "reasoning") ??
    numberAt(thinking, "budget_tokens", "thinking");
  const isAdaptive =
    (detailed["enabled"] === true || thinking["type"] === "enabled") &&
    effort === undefined &&
    budgetTokens === undefined;
  const visible = readVisible(body, detailed);
  const wish: ReasoningWish = {
    ...(effort !== undefined && { effort }),
    ...(budgetTokens !== undefined && { budgetTokens }),
    ...(isAdaptive && { adaptive: true }),
    ...(visible !== undefined && { visible }),
  };
  return Object.keys(wish).length === 0 ? undefined : wish;
}

function readEffort(
  body: JsonObject,
  detailed: JsonObject,
  thinking: JsonObject,
): ReasoningEffort | undefined {
  const word = stringAt(body, "reasoning_effort") ?? stringAt(detailed, "effort", "reasoning");
  if (word !== undefined) {
    if (isEffort(word)) return word;
    // Groq's word for the model's own level.
    if (word === "default") return undefined;
    throw invalidRequest("reasoning_effort", '"reasoning_effort" is none of the known levels.');
  }
  return detailed["enabled"] === false || thinking["type"] === "disabled" ? "none" : undefined;
}

function readVisible(body: JsonObject, detailed: JsonObject): boolean | undefined {
  const isExcluded = booleanAt(detailed, "exclude", "reasoning");
  return isExcluded === undefined ? booleanAt(body, "include_reasoning") : !isExcluded;
}

function isEffort(word: string): word is ReasoningEffort {
  return EFFORTS.has(word);
}
