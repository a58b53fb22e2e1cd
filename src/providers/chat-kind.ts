// What imitators of OpenAI's chat API have in common, so that a kind says only what sets it apart.

import { all, type Feature, type ModelLimits, type Support } from "#core/features.ts";
import type { JsonObject } from "#core/json.ts";
import type { ChatQuirks, EffortWords } from "#dialects/chat-quirks.ts";
import type { ModelTraits } from "#dialects/dialect.ts";
import type { ReasoningEffort } from "#dialects/neutral.ts";
import type { Endpoint, ProviderKind } from "./provider.ts";

/** What sets one imitator apart; the rest is as `chatKind` fills it in. */
export type ChatKindFacts = Pick<
  ProviderKind,
  "id" | "title" | "defaultBaseUrl" | "about" | "traits"
> &
  Partial<ProviderKind>;

/** A kind that speaks OpenAI's chat dialect at `/chat/completions` unless it says otherwise. */
export function chatKind(facts: ChatKindFacts): ProviderKind {
  return Object.freeze({
    needsKey: true,
    keyHeader: { name: "authorization", prefix: "Bearer " },
    headers: {},
    speaks: { "openai-chat": { generate: at("/chat/completions") } },
    stateOrigins: [facts.id, "openai-chat"],
    catalogueId: "",
    transport: "http",
    ...facts,
  });
}

/** An endpoint whose path depends on nothing. */
export function at(path: string): Endpoint {
  return { path: () => path };
}

/** What is known of a family of models, in the words of the tables. */
export interface FamilyFacts {
  readonly lacks?: readonly Feature[];
  /** What these have beyond most imitators. */
  readonly has?: readonly Feature[];
  readonly emulates?: readonly Feature[];
  readonly limits?: ModelLimits;
  readonly chat?: ChatQuirks;
  readonly traits?: Partial<Omit<ModelTraits, "features" | "limits" | "chat">>;
}

/** What no imitator is known to have, and OpenAI alone has. */
const USUALLY_LACKING: Readonly<Partial<Record<Feature, Support>>> = {
  ...all("none", "top_k", "video", "cache_marks"),
  ...all("emulated", "images_in_tool_results", "allowed_tools", "prefill"),
};

/** The traits of models that answer at once, by OpenAI's older names. */
export function chatTraits(facts: FamilyFacts = {}): ModelTraits {
  return {
    reasoning: "none",
    outputCapField: "max_tokens",
    defaultOutputTokens: 4096,
    ...facts.traits,
    features: {
      ...USUALLY_LACKING,
      ...all("native", ...(facts.has ?? [])),
      ...all("none", ...(facts.lacks ?? [])),
      ...all("emulated", ...(facts.emulates ?? [])),
    },
    ...(facts.limits && { limits: facts.limits }),
    ...(facts.chat && { chat: facts.chat }),
  };
}

/** The traits of models that reason, and may be asked how much. */
export function reasoningTraits(facts: FamilyFacts = {}): ModelTraits {
  return chatTraits({ ...facts, traits: { reasoning: "effort", ...facts.traits } });
}

const LADDER: readonly ReasoningEffort[] = ["minimal", "low", "medium", "high", "xhigh", "max"];

/**
 * How each effort is asked for where a vendor has only some: the others become the nearest.
 * @param native the vendor's own; `none` only where reasoning can be switched off
 * @param write the members that ask for one
 */
export function effortsAs(
  native: readonly ReasoningEffort[],
  write: (effort: ReasoningEffort) => JsonObject,
): NonNullable<ChatQuirks["efforts"]> {
  const table: Partial<Record<ReasoningEffort, EffortWords>> = {};
  if (native.includes("none")) table.none = { members: write("none") };
  for (const effort of LADDER) {
    const nearest = nearestTo(effort, native);
    if (nearest === undefined) continue;
    const isNearest = nearest !== effort;
    table[effort] = { members: write(nearest), ...(isNearest && { isNearest }) };
  }
  return table;
}

/** Of two that are equally near the higher one: a wish for reasoning is met rather than cut. */
function nearestTo(
  effort: ReasoningEffort,
  native: readonly ReasoningEffort[],
): ReasoningEffort | undefined {
  const place = LADDER.indexOf(effort);
  const distance = (other: ReasoningEffort) => Math.abs(LADDER.indexOf(other) - place);
  const candidates = LADDER.filter((other) => native.includes(other));
  return candidates.reduce<ReasoningEffort | undefined>(
    (best, other) => (best === undefined || distance(other) <= distance(best) ? other : best),
    undefined,
  );
}

/** `reasoning_effort`, as OpenAI has it, for vendors that have only some of the efforts. */
export function reasoningEfforts(
  ...native: readonly ReasoningEffort[]
): NonNullable<ChatQuirks["efforts"]> {
  return effortsAs(native, (effort) => ({ reasoning_effort: effort }));
}

/** Reasoning that can only be switched on or off. */
export function switchedBy(
  off: JsonObject | undefined,
  on: JsonObject,
): NonNullable<ChatQuirks["efforts"]> {
  const table: Partial<Record<ReasoningEffort | "adaptive", EffortWords>> = {
    adaptive: { members: on },
  };
  if (off !== undefined) table.none = { members: off };
  for (const effort of LADDER) table[effort] = { members: on, isNearest: true };
  return table;
}

/** `thinking: { type }`: on or off, nothing in between. */
export const THINKING_SWITCH = switchedBy(
  { thinking: { type: "disabled" } },
  { thinking: { type: "enabled" } },
);
