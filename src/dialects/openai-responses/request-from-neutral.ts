// A neutral request as a Responses request for an upstream.

import { type Feature, takes } from "#core/features.ts";
import type { Json, JsonObject } from "#core/json.ts";
import type { UpstreamContext } from "../dialect.ts";
import { announceExtras } from "../extras.ts";
import type { NeutralRequest, ReasoningEffort, ReasoningWish } from "../neutral.ts";
import { restoreExtras } from "./own-extras.ts";
import { unsupported, writeFormat, writeToolChoice, writeTools } from "./tools-from-neutral.ts";
import { turnsToItems } from "./turns-to-items.ts";

const SERVICE_TIERS: ReadonlySet<string> = new Set(["auto", "default", "flex", "priority"]);
/** The vendor's smallest cap (openai/openai-openapi 2.3.0, 2026-08). */
const SMALLEST_CAP = 16;
/** Thinking budgets up to these stand for an effort; what lies above is `high`. */
const LOW_BUDGET_TOKENS = 2048;
const MEDIUM_BUDGET_TOKENS = 8192;

/**
 * Writes a request. Nothing is to be stored at the vendor, so reasoning has to come along encrypted.
 * @throws GatewayError `unsupported_feature` naming what this API cannot carry
 */
export function requestFromNeutral(request: NeutralRequest, context: UpstreamContext): JsonObject {
  refuseWhatIsMissing(request);
  const conversation = turnsToItems(request, context);
  const format = writeShape(request, conversation.input, context);
  if (request.tools.some((tool) => tool.cache !== undefined)) {
    context.notice("dropped", "cache_control");
  }
  const include: Json[] = [];
  if (context.traits.reasoning !== "none") include.push("reasoning.encrypted_content");
  if (request.sampling.logprobs !== undefined) include.push("message.output_text.logprobs");
  const body: JsonObject = {
    model: context.model,
    ...conversation,
    store: false,
    ...(include.length > 0 && { include }),
    ...(request.stream && { stream: true }),
    ...writeTools(request, context),
    ...(request.toolChoice !== undefined && { tool_choice: writeToolChoice(request.toolChoice) }),
    ...(request.parallelToolCalls !== undefined && {
      parallel_tool_calls: request.parallelToolCalls,
    }),
    ...writeCap(request.maxOutputTokens, context),
    ...writeSampling(request, context),
    ...writeReasoning(request.reasoning, context),
    ...(format !== undefined && { text: { format } }),
    ...(request.user !== undefined && { safety_identifier: request.user }),
    ...(request.metadata !== undefined && { metadata: { ...request.metadata } }),
    ...writeServiceTier(request.serviceTier, context),
  };
  announceExtras(request.extras, context, restoreExtras(request, body));
  return body;
}

/** What cannot be left out without another answer coming back. */
function refuseWhatIsMissing({ sampling, stream }: NeutralRequest): void {
  if (sampling.stop !== undefined) throw unsupported("A list of stop sequences");
  if (sampling.choices !== undefined) throw unsupported("A wish for several answers");
  if (sampling.logprobs !== undefined && stream) {
    throw unsupported("A wish for logprobs in a stream of another dialect");
  }
}

function writeCap(cap: number | undefined, context: UpstreamContext): JsonObject {
  if (cap === undefined) return {};
  if (cap < SMALLEST_CAP) context.notice("clamped", "max_output_tokens");
  return { max_output_tokens: Math.max(cap, SMALLEST_CAP) };
}

function writeSampling({ sampling }: NeutralRequest, context: UpstreamContext): JsonObject {
  const written: JsonObject = {};
  const steering: readonly (readonly [Feature, Json | undefined])[] = [
    ["temperature", sampling.temperature],
    ["top_p", sampling.topP],
  ];
  for (const [field, value] of steering) {
    if (value === undefined) continue;
    if (takes(context.traits, field)) written[field] = value;
    else context.notice("dropped", field);
  }
  const absent: readonly (readonly [string, Json | undefined])[] = [
    ["top_k", sampling.topK],
    ["seed", sampling.seed],
    ["presence_penalty", sampling.presencePenalty],
    ["frequency_penalty", sampling.frequencyPenalty],
    ["logit_bias", sampling.logitBias],
  ];
  for (const [field, value] of absent) if (value !== undefined) context.notice("dropped", field);
  const top = sampling.logprobs?.top ?? 0;
  return top > 0 ? { ...written, top_logprobs: top } : written;
}

/** Summaries are asked for only when the caller wants to see them: not every account may have them. */
function writeReasoning(wish: ReasoningWish | undefined, context: UpstreamContext): JsonObject {
  if (wish === undefined) return {};
  const effort = effortOf(wish);
  if (context.traits.reasoning === "none") {
    if (effort !== "none" && (effort !== undefined || wish.adaptive === true)) {
      context.notice("dropped", "reasoning");
    }
    return {};
  }
  if (wish.effort === undefined && effort !== undefined) {
    context.notice("converted", "reasoning.budget_tokens");
  }
  const reasoning = {
    ...(effort !== undefined && { effort }),
    ...(wish.visible === true && { summary: "auto" }),
  };
  return Object.keys(reasoning).length === 0 ? {} : { reasoning };
}

function effortOf(wish: ReasoningWish): ReasoningEffort | undefined {
  const budget = wish.budgetTokens;
  if (wish.effort !== undefined || budget === undefined) return wish.effort;
  if (budget <= 0) return "none";
  if (budget <= LOW_BUDGET_TOKENS) return "low";
  return budget <= MEDIUM_BUDGET_TOKENS ? "medium" : "high";
}

/** The shape of the answer. JSON mode is refused by OpenAI unless the word is in the input. */
function writeShape(
  request: NeutralRequest,
  input: Json[],
  context: UpstreamContext,
): JsonObject | undefined {
  const format = request.responseFormat;
  if (format === undefined) return undefined;
  if (format.kind === "json" && !mentionsJson(request)) {
    context.notice("emulated", "json_instruction");
    input.unshift(instruction("Answer with JSON."));
  }
  return writeFormat(format);
}

function instruction(content: string): JsonObject {
  return { role: "system", content };
}

/** The word has to stand in the input; instructions do not count. */
function mentionsJson(request: NeutralRequest): boolean {
  const parts = request.turns.flatMap((turn) => turn.parts);
  return parts.some((part) => part.kind === "text" && /json/i.test(part.text));
}

function writeServiceTier(tier: string | undefined, context: UpstreamContext): JsonObject {
  if (tier === undefined) return {};
  if (SERVICE_TIERS.has(tier)) return { service_tier: tier };
  context.notice("dropped", "service_tier");
  return {};
}
