// What the caller wants of reasoning, in the words of the model's maker.

import type { JsonObject } from "#core/json.ts";
import type { UpstreamContext } from "../dialect.ts";
import type { NeutralRequest, ReasoningEffort, ReasoningWish } from "../neutral.ts";

/** The parts of a request that reasoning decides. */
export interface WrittenReasoning {
  /** Members of `additionalModelRequestFields`. */
  readonly fields: JsonObject;
  /** Tokens of the output cap that are for thinking; 0 when the model decides. */
  readonly budgetTokens: number;
  readonly isThinking: boolean;
}

/** The smallest budget that Claude takes (documentation of extended thinking, 2026-11). */
const SMALLEST_BUDGET = 1024;
/** Of the output cap, what a translated effort may spend on thinking; the rest is for the answer. */
const SHARE_FOR_THINKING = 0.8;

const BUDGETS: Readonly<Record<Exclude<ReasoningEffort, "none">, number>> = {
  minimal: 1024,
  low: 2048,
  medium: 8192,
  high: 16_384,
  xhigh: 32_768,
  max: 65_536,
};

const NOTHING: WrittenReasoning = Object.freeze({
  fields: Object.freeze({}),
  budgetTokens: 0,
  isThinking: false,
});

/** Writes the wish as the model takes it. */
export function writeReasoning(
  request: NeutralRequest,
  context: UpstreamContext,
): WrittenReasoning {
  const wish = request.reasoning;
  if (wish === undefined) return NOTHING;
  const isWanted = wish.effort !== "none" && wish.budgetTokens !== 0;
  const { reasoning, family } = context.traits;
  if (reasoning === "none") {
    if (isWanted) context.notice("dropped", "reasoning_effort");
    return NOTHING;
  }
  switch (family) {
    case "claude":
      if (!isWanted) return { ...NOTHING, fields: { thinking: { type: "disabled" } } };
      return reasoning === "budget"
        ? writeBudget(wish, request.maxOutputTokens, context)
        : writeAdaptive(wish, context);
    case "nova":
      return writeAmazon(wish, isWanted, context);
    case "gpt":
      return isWanted ? fieldsOnly({ reasoning_effort: effortOf(wish, context) }) : NOTHING;
    case "qwen":
      return isWanted ? fieldsOnly({ reasoning_config: effortOf(wish, context) }) : NOTHING;
    default:
      if (isWanted) context.notice("dropped", "reasoning_effort");
      return NOTHING;
  }
}

function fieldsOnly(fields: JsonObject): WrittenReasoning {
  return { fields, budgetTokens: 0, isThinking: true };
}

function writeAdaptive(wish: ReasoningWish, context: UpstreamContext): WrittenReasoning {
  const hasSize = wish.effort !== undefined || wish.budgetTokens !== undefined;
  return fieldsOnly({
    thinking: { type: "adaptive", ...displayOf(wish) },
    ...(hasSize && { output_config: { effort: claudeEffort(wish, context) } }),
  });
}

function writeBudget(
  wish: ReasoningWish,
  maxTokens: number | undefined,
  context: UpstreamContext,
): WrittenReasoning {
  const asked = wish.budgetTokens;
  if (asked === undefined) context.notice("converted", "reasoning_effort");
  const wanted = asked ?? BUDGETS[namedEffort(wish)];
  const cap = maxTokens ?? wanted + context.traits.defaultOutputTokens;
  const room = asked === undefined ? Math.floor(cap * SHARE_FOR_THINKING) : cap - 1;
  const budget = Math.min(Math.max(wanted, SMALLEST_BUDGET), room);
  if (budget < SMALLEST_BUDGET) {
    context.notice("dropped", "reasoning_effort");
    return NOTHING;
  }
  if (asked !== undefined && budget !== asked) context.notice("clamped", "reasoning_budget");
  const thinking = { type: "enabled", budget_tokens: budget, ...displayOf(wish) };
  return { fields: { thinking }, budgetTokens: budget, isThinking: true };
}

/** Nova thinks on demand, in three sizes (Amazon Nova 2 user guide, 2026-11). */
function writeAmazon(
  wish: ReasoningWish,
  isWanted: boolean,
  context: UpstreamContext,
): WrittenReasoning {
  if (!isWanted) return { ...NOTHING, fields: { reasoningConfig: { type: "disabled" } } };
  const maxReasoningEffort = effortOf(wish, context);
  return fieldsOnly({ reasoningConfig: { type: "enabled", maxReasoningEffort } });
}

function namedEffort(wish: ReasoningWish): Exclude<ReasoningEffort, "none"> {
  return wish.effort === undefined || wish.effort === "none" ? "medium" : wish.effort;
}

/** One of the three sizes that every maker knows. */
function effortOf(wish: ReasoningWish, context: UpstreamContext): "low" | "medium" | "high" {
  const named = wish.effort ?? sizeOf(wish, context);
  if (named === "low" || named === "medium" || named === "high") return named;
  context.notice("converted", "reasoning_effort");
  return named === "minimal" || named === "none" ? "low" : "high";
}

function claudeEffort(wish: ReasoningWish, context: UpstreamContext): string {
  if (wish.effort !== "minimal") return wish.effort ?? sizeOf(wish, context);
  context.notice("converted", "reasoning_effort");
  return "low";
}

/** A budget in words; without one, what a model that is told to think does. */
function sizeOf(wish: ReasoningWish, context: UpstreamContext): "low" | "medium" | "high" {
  if (wish.budgetTokens === undefined) return "medium";
  context.notice("converted", "reasoning_budget");
  if (wish.budgetTokens <= BUDGETS.low) return "low";
  return wish.budgetTokens <= BUDGETS.medium ? "medium" : "high";
}

function displayOf(wish: ReasoningWish): JsonObject {
  if (wish.visible === undefined) return {};
  return { display: wish.visible ? "summarized" : "omitted" };
}
