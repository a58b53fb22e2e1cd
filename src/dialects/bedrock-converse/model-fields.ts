// `additionalModelRequestFields`: what a model's maker has beyond Converse, in the maker's own words.

import type { JsonObject } from "#core/json.ts";
import { asNumber, asObject, asString } from "#core/json.ts";
import type { ReasoningEffort, ReasoningWish } from "../neutral.ts";

const EFFORTS: ReadonlySet<string> = new Set([
  "none",
  "minimal",
  "low",
  "medium",
  "high",
  "xhigh",
  "max",
]);

/** What a caller said in these fields that other vendors have a word for. */
export interface ReadModelFields {
  readonly reasoning?: ReasoningWish;
  readonly topK?: number;
}

/**
 * Reads the fields of all makers: Anthropic's `thinking` and `output_config`, Amazon's `reasoningConfig`,
 * OpenAI's `reasoning_effort`, Qwen's `reasoning_config` (vendors' documentation, 2026-11).
 */
export function readModelFields(fields: JsonObject | undefined): ReadModelFields {
  if (fields === undefined) return {};
  const effort = [
    asObject(fields["output_config"])?.["effort"],
    asObject(fields["reasoningConfig"])?.["maxReasoningEffort"],
    fields["reasoning_effort"],
    asObject(fields["reasoning"])?.["effort"],
    fields["reasoning_config"],
  ].find((value) => EFFORTS.has(asString(value) ?? ""));
  const reasoning: ReasoningWish = {
    ...readThinking(fields),
    ...(effort !== undefined && { effort: effort as ReasoningEffort }),
  };
  const topK = asNumber(fields["top_k"] ?? asObject(fields["inferenceConfig"])?.["topK"]);
  return {
    ...(Object.keys(reasoning).length > 0 && { reasoning }),
    ...(topK !== undefined && { topK }),
  };
}

function readThinking(fields: JsonObject): ReasoningWish {
  const thinking = asObject(fields["thinking"]) ?? asObject(fields["reasoning_config"]);
  const config = thinking ?? asObject(fields["reasoningConfig"]) ?? {};
  const budget = asNumber(config["budget_tokens"] ?? config["budgetTokens"]);
  const { display } = config;
  const isShown = display === "summarized" || display === "omitted";
  const shown = isShown ? { visible: display === "summarized" } : {};
  switch (config["type"]) {
    case "disabled":
      return { effort: "none" };
    case "adaptive":
      return { adaptive: true, ...shown };
    case "enabled":
      return budget === undefined ? shown : { budgetTokens: budget, ...shown };
    default:
      return {};
  }
}
