// What the caller wants of reasoning, as `thinking`, `output_config.effort` and the room that they need.

import type { JsonObject } from "#core/json.ts";
import type { UpstreamContext } from "../dialect.ts";
import type { NeutralRequest, ReasoningEffort, ReasoningWish } from "../neutral.ts";
import { ANTHROPIC_MESSAGES } from "./dialect-id.ts";

/** The parts of a request that thinking decides. */
export interface WrittenReasoning {
  readonly thinking?: JsonObject;
  readonly effort?: string;
}

/** The vendor's smallest budget (documentation of extended thinking, 2026-11). */
const SMALLEST_BUDGET = 1024;
/** Of the output cap, what a translated effort may spend on thinking; the rest is for the answer. */
const SHARE_FOR_THINKING = 0.8;
const NOTHING: WrittenReasoning = Object.freeze({});

const BUDGETS: Readonly<Record<Exclude<ReasoningEffort, "none">, number>> = {
  minimal: 1024,
  low: 2048,
  medium: 8192,
  high: 16_384,
  xhigh: 32_768,
  max: 65_536,
};

/**
 * Writes the wish as the model takes it. A caller of this dialect gets its own words back.
 * @param maxTokens the output cap of the request, which includes thinking
 */
export function writeReasoning(
  request: NeutralRequest,
  maxTokens: number,
  context: UpstreamContext,
): WrittenReasoning {
  const wish = request.reasoning;
  if (wish === undefined) return NOTHING;
  if (request.origin === ANTHROPIC_MESSAGES) return writeOwn(wish);
  const isWanted = wish.effort !== "none" && wish.budgetTokens !== 0;
  switch (context.traits.reasoning) {
    case "none":
      if (isWanted) context.notice("dropped", "reasoning_effort");
      return NOTHING;
    case "budget":
      return isWanted ? writeBudget(wish, maxTokens, context) : OFF;
    case "adaptive":
      return isWanted ? writeAdaptive(wish, context) : OFF;
    case "effort":
    case "level":
      return isWanted ? { effort: effortOf(wish, context) ?? "high" } : NOTHING;
  }
}

const OFF: WrittenReasoning = Object.freeze({ thinking: Object.freeze({ type: "disabled" }) });

function writeOwn(wish: ReasoningWish): WrittenReasoning {
  const display = displayOf(wish);
  if (wish.effort === "none") return OFF;
  const effort = wish.effort === undefined ? {} : { effort: wish.effort };
  if (wish.adaptive === true) return { thinking: { type: "adaptive", ...display }, ...effort };
  if (wish.budgetTokens === undefined) return effort;
  return {
    thinking: { type: "enabled", budget_tokens: wish.budgetTokens, ...display },
    ...effort,
  };
}

function writeAdaptive(wish: ReasoningWish, context: UpstreamContext): WrittenReasoning {
  const effort = effortOf(wish, context);
  return {
    thinking: { type: "adaptive", ...displayOf(wish) },
    ...(effort !== undefined && { effort }),
  };
}

function writeBudget(
  wish: ReasoningWish,
  maxTokens: number,
  context: UpstreamContext,
): WrittenReasoning {
  const asked = wish.budgetTokens;
  if (asked === undefined) context.notice("converted", "reasoning_effort");
  const room = asked === undefined ? Math.floor(maxTokens * SHARE_FOR_THINKING) : maxTokens - 1;
  const wanted = asked ?? BUDGETS[namedEffort(wish)];
  const budget = Math.min(Math.max(wanted, SMALLEST_BUDGET), room);
  if (budget < SMALLEST_BUDGET) {
    context.notice("dropped", "reasoning_effort");
    return NOTHING;
  }
  if (asked !== undefined && budget !== asked) context.notice("clamped", "reasoning_budget");
  return { thinking: { type: "enabled", budget_tokens: budget, ...displayOf(wish) } };
}

function namedEffort(wish: ReasoningWish): Exclude<ReasoningEffort, "none"> {
  return wish.effort === undefined || wish.effort === "none" ? "medium" : wish.effort;
}

/** The nearest effort that Anthropic has a word for; undefined leaves it to the model. */
function effortOf(wish: ReasoningWish, context: UpstreamContext): string | undefined {
  if (wish.effort === "minimal") {
    context.notice("converted", "reasoning_effort");
    return "low";
  }
  if (wish.effort !== undefined || wish.budgetTokens === undefined) return wish.effort;
  context.notice("converted", "reasoning_budget");
  if (wish.budgetTokens <= BUDGETS.low) return "low";
  return wish.budgetTokens <= BUDGETS.medium ? "medium" : "high";
}

function displayOf(wish: ReasoningWish): JsonObject {
  if (wish.visible === undefined) return {};
  return { display: wish.visible ? "summarized" : "omitted" };
}
