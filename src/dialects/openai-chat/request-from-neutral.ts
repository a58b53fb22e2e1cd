// A neutral request as a chat request.

import { type Feature, takes } from "#core/features.ts";
import type { Json, JsonObject } from "#core/json.ts";
import type { UpstreamContext } from "../dialect.ts";
import { announceExtras } from "../extras.ts";
import type { NeutralRequest, ReasoningEffort, ReasoningWish } from "../neutral.ts";
import { OPENAI_CHAT } from "./dialect-id.ts";
import { restoreExtras } from "./extras.ts";
import { applyQuirks, tierAs, writeWish } from "./quirks.ts";
import { unsupported, writeResponseFormat, writeToolChoice, writeTools } from "./tools.ts";
import { turnsToMessages } from "./turns-to-messages.ts";

const SERVICE_TIERS: ReadonlySet<string> = new Set(["auto", "default", "flex", "priority"]);
/** Thinking budgets up to these stand for an effort; what lies above is `high`. */
const LOW_BUDGET_TOKENS = 2048;
const MEDIUM_BUDGET_TOKENS = 8192;

/**
 * Writes a request.
 * @throws GatewayError `unsupported_feature` naming what a chat request cannot carry
 */
export function requestFromNeutral(request: NeutralRequest, context: UpstreamContext): JsonObject {
  const messages = turnsToMessages(request, context);
  const format = writeFormat(request, messages, context);
  if (request.tools.some((tool) => tool.cache !== undefined)) {
    context.notice("dropped", "cache_control");
  }
  const cap = request.maxOutputTokens;
  const body: JsonObject = {
    model: context.model,
    messages,
    ...continued(request, context),
    ...(request.stream && { stream: true, stream_options: { include_usage: true } }),
    ...writeTools(request, context),
    ...writeChoice(request, context),
    ...(cap !== undefined && { [context.traits.outputCapField]: cap }),
    ...writeSampling(request, context),
    ...writeReasoningWish(request.reasoning, context),
    ...(format !== undefined && { response_format: format }),
    ...(request.user !== undefined && { user: request.user }),
    ...(request.metadata !== undefined && { metadata: { ...request.metadata } }),
    ...writeServiceTier(request.serviceTier, context),
  };
  const isOwn = request.origin === OPENAI_CHAT;
  announceExtras(request.extras, context, isOwn ? restoreExtras(body, request.extras) : undefined);
  return applyQuirks(body, context);
}

/** The choice among tools; without any it is refused, and says nothing. */
function writeChoice(request: NeutralRequest, context: UpstreamContext): JsonObject {
  const { toolChoice, parallelToolCalls } = request;
  const hasTools = request.tools.length + request.vendorTools.length > 0;
  if (!hasTools) {
    if (toolChoice !== undefined) context.notice("dropped", "tool_choice");
    return {};
  }
  return {
    ...(toolChoice !== undefined && { tool_choice: writeToolChoice(toolChoice) }),
    ...(parallelToolCalls !== undefined && { parallel_tool_calls: parallelToolCalls }),
  };
}

/** What the vendor wants beside a last turn of the assistant that the answer continues. */
function continued(request: NeutralRequest, context: UpstreamContext): JsonObject {
  const isContinued = request.turns.at(-1)?.role === "assistant";
  return isContinued ? { ...context.traits.chat?.continues?.request } : {};
}

function writeSampling(request: NeutralRequest, context: UpstreamContext): JsonObject {
  const { sampling } = request;
  const written: JsonObject = {};
  const steering: readonly (readonly [Feature, Json | undefined])[] = [
    ["temperature", sampling.temperature],
    ["top_p", sampling.topP],
    ["presence_penalty", sampling.presencePenalty],
    ["frequency_penalty", sampling.frequencyPenalty],
    ["logit_bias", sampling.logitBias],
  ];
  for (const [field, value] of steering) {
    if (value === undefined) continue;
    if (takes(context.traits, field)) written[field] = value;
    else context.notice("dropped", field);
  }
  if (sampling.topK !== undefined) {
    if (takes(context.traits, "top_k")) written["top_k"] = sampling.topK;
    else context.notice("dropped", "top_k");
  }
  if (sampling.seed !== undefined) written["seed"] = sampling.seed;
  if (sampling.choices !== undefined) written["n"] = sampling.choices;
  // Neither can be left out without another answer coming back.
  if (sampling.stop !== undefined) {
    if (!takes(context.traits, "stop")) {
      throw unsupported("A list of stop sequences for a reasoning model");
    }
    written["stop"] = [...sampling.stop];
  }
  if (sampling.logprobs !== undefined) {
    if (!takes(context.traits, "logprobs")) {
      throw unsupported("A wish for logprobs of a reasoning model");
    }
    // Events of the neutral form have no place for them.
    if (request.stream) throw unsupported("A wish for logprobs in a stream of another dialect");
    written["logprobs"] = true;
    if (sampling.logprobs.top > 0) written["top_logprobs"] = sampling.logprobs.top;
  }
  return written;
}

function writeReasoningWish(wish: ReasoningWish | undefined, context: UpstreamContext): JsonObject {
  if (wish === undefined) return {};
  const effort = effortOf(wish);
  const canBeAsked = context.traits.reasoning !== "none" && takes(context.traits, "reasoning");
  if (canBeAsked && context.traits.chat?.efforts !== undefined) {
    return writeWish(wish, effort, context);
  }
  if (wish.visible === false) context.notice("dropped", "reasoning.visible");
  if (!canBeAsked) {
    if (effort !== "none" && (effort !== undefined || wish.adaptive === true)) {
      context.notice("dropped", "reasoning");
    }
    return {};
  }
  if (effort === undefined) return {};
  if (wish.effort === undefined) context.notice("converted", "reasoning.budget_tokens");
  return { reasoning_effort: effort };
}

function effortOf(wish: ReasoningWish): ReasoningEffort | undefined {
  const budget = wish.budgetTokens;
  if (wish.effort !== undefined || budget === undefined) return wish.effort;
  if (budget <= 0) return "none";
  if (budget <= LOW_BUDGET_TOKENS) return "low";
  return budget <= MEDIUM_BUDGET_TOKENS ? "medium" : "high";
}

/** The shape of the answer. JSON mode is refused by OpenAI unless the word is in the messages. */
function writeFormat(
  request: NeutralRequest,
  messages: Json[],
  context: UpstreamContext,
): JsonObject | undefined {
  const format = request.responseFormat;
  if (format === undefined) return undefined;
  if (format.kind === "json" && !mentionsJson(request)) {
    context.notice("emulated", "json_instruction");
    messages.unshift({ role: "system", content: "Answer with JSON." });
  }
  return writeResponseFormat(format);
}

function mentionsJson(request: NeutralRequest): boolean {
  const parts = [...request.instructions, ...request.turns.flatMap((turn) => turn.parts)];
  return parts.some((part) => part.kind === "text" && /json/i.test(part.text));
}

function writeServiceTier(tier: string | undefined, context: UpstreamContext): JsonObject {
  if (tier === undefined) return {};
  const { chat } = context.traits;
  if (chat?.serviceTiers !== undefined) {
    const named = tierAs(tier, chat);
    if (named !== undefined) return { service_tier: named };
  } else if (SERVICE_TIERS.has(tier)) return { service_tier: tier };
  context.notice("dropped", "service_tier");
  return {};
}
