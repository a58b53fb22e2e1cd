// What a request wants of reasoning: `thinking` and `output_config.effort`.

import type { JsonObject } from "#core/json.ts";
import { asNumber, asObject, asString } from "#core/json.ts";
import type { ReasoningEffort, ReasoningWish } from "../neutral.ts";
import type { Extras } from "./extras.ts";
import { keepExtras } from "./extras.ts";

const EFFORTS: ReadonlySet<string> = new Set(["low", "medium", "high", "xhigh", "max"]);
const TYPES: ReadonlySet<string> = new Set(["enabled", "disabled", "adaptive"]);
const THINKING_MEMBERS = new Set(["type", "budget_tokens"]);

/** Reads both members. What only Anthropic has (other types, displays, bindings) goes to `extras`. */
export function readReasoning(body: JsonObject, extras: Extras): { reasoning?: ReasoningWish } {
  const thinking = readThinking(body, extras);
  const effort = readEffort(body, extras);
  if (thinking.effort === "none" && effort !== undefined) {
    // Effort without thinking steers how much is written; other vendors have no word for that.
    extras.set("output_config.effort", effort);
    return { reasoning: thinking };
  }
  const reasoning = { ...thinking, ...(effort !== undefined && { effort }) };
  return Object.keys(reasoning).length === 0 ? {} : { reasoning };
}

function readThinking(body: JsonObject, extras: Extras): ReasoningWish {
  const thinking = asObject(body["thinking"]);
  if (thinking === undefined) return {};
  if (!TYPES.has(asString(thinking["type"]) ?? "")) {
    extras.set("thinking", thinking);
    return {};
  }
  const { visible, known } = readDisplay(thinking);
  keepExtras(extras, "thinking.", thinking, known);
  if (thinking["type"] === "disabled") return { effort: "none" };
  const shown = visible === undefined ? {} : { visible };
  if (thinking["type"] === "adaptive") return { adaptive: true, ...shown };
  return { budgetTokens: asNumber(thinking["budget_tokens"]) ?? 0, ...shown };
}

function readDisplay(thinking: JsonObject): { visible?: boolean; known: ReadonlySet<string> } {
  const display = thinking["display"];
  if (display !== "summarized" && display !== "omitted") return { known: THINKING_MEMBERS };
  return { visible: display === "summarized", known: new Set([...THINKING_MEMBERS, "display"]) };
}

function readEffort(body: JsonObject, extras: Extras): ReasoningEffort | undefined {
  const effort = asString(asObject(body["output_config"])?.["effort"]);
  if (effort === undefined || isEffort(effort)) return effort;
  extras.set("output_config.effort", effort);
  return undefined;
}

function isEffort(text: string): text is ReasoningEffort {
  return EFFORTS.has(text);
}
