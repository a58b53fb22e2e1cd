// `generationConfig` of a request to Gemini.

import { GatewayError } from "#core/errors.ts";
import { type Feature, takes } from "#core/features.ts";
import type { JsonObject } from "#core/json.ts";
import type { UpstreamContext } from "../dialect.ts";
import type { NeutralRequest, ReasoningEffort, ReasoningWish, ResponseFormat } from "../neutral.ts";
import { GEMINI_GENERATE } from "./dialect-id.ts";

/** Gemini takes this many stop sequences (ai.google.dev/api/generate-content, 2026-08). */
const MAX_STOP_SEQUENCES = 5;

/** Google's own table from effort to budget (ai.google.dev/gemini-api/docs/openai, 2026-08). */
const BUDGETS: Readonly<Record<ReasoningEffort, number>> = {
  none: 0,
  minimal: 1024,
  low: 1024,
  medium: 8192,
  high: 24_576,
  xhigh: 24_576,
  max: 24_576,
};
const LEVELS: Readonly<Record<ReasoningEffort, string>> = {
  none: "MINIMAL",
  minimal: "MINIMAL",
  low: "LOW",
  medium: "MEDIUM",
  high: "HIGH",
  xhigh: "HIGH",
  max: "HIGH",
};

/** Writes `generationConfig`, without what only its origin knows. */
export function writeConfig(request: NeutralRequest, context: UpstreamContext): JsonObject {
  const { maxOutputTokens, reasoning, responseFormat } = request;
  const thinkingConfig = reasoning && writeReasoning(reasoning, request.origin, context);
  return {
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...writeSampling(request, context),
    ...(responseFormat !== undefined && writeFormat(responseFormat, context)),
    ...(thinkingConfig !== undefined && { thinkingConfig }),
  };
}

function writeSampling(request: NeutralRequest, context: UpstreamContext): JsonObject {
  const { sampling } = request;
  if (sampling.logitBias !== undefined) context.notice("dropped", "logit_bias");
  const { stop, choices, logprobs } = sampling;
  const isCut = stop !== undefined && stop.length > MAX_STOP_SEQUENCES;
  if (isCut) context.notice("clamped", "stop");
  return {
    ...writeRandomness(request, context),
    ...(sampling.seed !== undefined && { seed: sampling.seed }),
    ...(choices !== undefined && { candidateCount: choices }),
    ...(stop !== undefined && { stopSequences: stop.slice(0, MAX_STOP_SEQUENCES) }),
    ...(logprobs !== undefined && {
      responseLogprobs: true,
      ...(logprobs.top > 0 && { logprobs: logprobs.top }),
    }),
  };
}

function writeRandomness(request: NeutralRequest, context: UpstreamContext): JsonObject {
  const { temperature, topP, topK, presencePenalty, frequencyPenalty } = request.sampling;
  const wishes: readonly (readonly [field: string, feature: Feature, value: number | undefined])[] =
    [
      ["temperature", "temperature", temperature],
      ["topP", "top_p", topP],
      ["topK", "top_k", topK],
      ["presencePenalty", "presence_penalty", presencePenalty],
      ["frequencyPenalty", "frequency_penalty", frequencyPenalty],
    ];
  const written: JsonObject = {};
  for (const [field, feature, value] of wishes) {
    if (value === undefined) continue;
    if (takes(context.traits, feature)) written[field] = value;
    else context.notice("dropped", feature);
  }
  return written;
}

function writeFormat(format: ResponseFormat, context: UpstreamContext): JsonObject {
  if (format.kind === "json") return { responseMimeType: "application/json" };
  if (!takes(context.traits, "json_schema")) {
    throw new GatewayError(
      "unsupported_feature",
      `The model "${context.model}" cannot hold its answer to a JSON schema.`,
    );
  }
  if (format.description !== undefined) context.notice("dropped", "response_format.description");
  return { responseMimeType: "application/json", responseJsonSchema: format.schema };
}

function writeReasoning(
  wish: ReasoningWish,
  origin: string,
  context: UpstreamContext,
): JsonObject | undefined {
  const kind = context.traits.reasoning;
  if (kind === "none") {
    if (wish.effort !== "none") context.notice("dropped", "reasoning");
    return undefined;
  }
  const amount = kind === "budget" ? budgetOf(wish, context) : levelOf(wish, context);
  // Dialects that count reasoning in tokens show it unless told otherwise; Gemini hides it.
  const isShown = origin !== GEMINI_GENERATE && wish.budgetTokens !== undefined;
  const includeThoughts = wish.visible ?? (isShown || undefined);
  const thinking = { ...amount, ...(includeThoughts !== undefined && { includeThoughts }) };
  return Object.keys(thinking).length === 0 ? undefined : thinking;
}

function budgetOf(wish: ReasoningWish, context: UpstreamContext): JsonObject {
  if (wish.budgetTokens !== undefined) return { thinkingBudget: wish.budgetTokens };
  if (wish.effort === undefined) return wish.adaptive === true ? { thinkingBudget: -1 } : {};
  announceCeiling(wish.effort, context);
  return { thinkingBudget: BUDGETS[wish.effort] };
}

function levelOf(wish: ReasoningWish, context: UpstreamContext): JsonObject {
  if (wish.effort !== undefined) {
    announceCeiling(wish.effort, context);
    // These models cannot stop thinking altogether.
    if (wish.effort === "none") context.notice("clamped", "reasoning_effort");
    return { thinkingLevel: LEVELS[wish.effort] };
  }
  if (wish.budgetTokens === undefined) return {};
  context.notice("converted", "reasoning_budget");
  return { thinkingLevel: levelOfBudget(wish.budgetTokens) };
}

/** The smallest level whose usual budget holds the one that was given. */
function levelOfBudget(budgetTokens: number): string {
  if (budgetTokens <= BUDGETS.low) return "LOW";
  return budgetTokens <= BUDGETS.medium ? "MEDIUM" : "HIGH";
}

function announceCeiling(effort: ReasoningEffort, context: UpstreamContext): void {
  if (effort === "xhigh" || effort === "max") context.notice("clamped", "reasoning_effort");
}
