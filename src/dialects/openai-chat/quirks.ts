// How an imitator of this API wants things said, laid over what was written for OpenAI.

import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asObject } from "#core/json.ts";
import type { ChatQuirks } from "../chat-quirks.ts";
import type { UpstreamContext } from "../dialect.ts";
import type { CacheMark, ReasoningEffort, ReasoningWish } from "../neutral.ts";

/** Members of messages, which are left out where they are written. */
const OF_MESSAGES = "messages.";

/** Leaves out what the vendor refuses, renames what it calls otherwise, adds what it always wants. */
export function applyQuirks(body: JsonObject, context: UpstreamContext): JsonObject {
  const { chat } = context.traits;
  if (chat === undefined) return body;
  const written: JsonObject = {};
  for (const [member, value] of Object.entries(body)) {
    if (chat.refused?.includes(member)) {
      // Nobody loses anything by it: these vendors tell their usage unasked.
      if (member !== "stream_options") context.notice("dropped", member);
    } else if (value !== undefined) {
      written[chat.renamed?.[member] ?? member] = value;
    }
  }
  const tools = asArray(written["tools"]).map(withParameters);
  return { ...chat.added, ...written, ...(tools.length > 0 && { tools }) };
}

/** OpenAI alone takes a tool without parameters; others demand some, and none is what these say. */
function withParameters(tool: Json): Json {
  const declared = asObject(asObject(tool)?.["function"]);
  if (declared === undefined || declared["parameters"] !== undefined) return tool;
  const parameters = { type: "object", properties: {} };
  return { ...asObject(tool), function: { ...declared, parameters } };
}

/** True when the vendor takes a member of messages. */
export function takesInMessages(member: string, context: Pick<UpstreamContext, "traits">): boolean {
  return context.traits.chat?.refused?.includes(OF_MESSAGES + member) !== true;
}

/** The tier under the vendor's name for it; undefined when it has no such tier. */
export function tierAs(tier: string, quirks: ChatQuirks): string | undefined {
  const { serviceTiers } = quirks;
  return serviceTiers !== undefined && Object.hasOwn(serviceTiers, tier)
    ? serviceTiers[tier]
    : undefined;
}

/** What asks for reasoning as the caller wants it, in the vendor's own members. */
export function writeWish(
  wish: ReasoningWish,
  effort: ReasoningEffort | undefined,
  context: UpstreamContext,
): JsonObject {
  const quirks = context.traits.chat ?? {};
  const members: JsonObject = {};
  if (wish.visible === false) {
    if (quirks.hiddenReasoning === undefined) context.notice("dropped", "reasoning.visible");
    else merge(members, quirks.hiddenReasoning);
  }
  if (wish.effort === undefined && (wish.budgetTokens ?? 0) > 0 && quirks.budget !== undefined) {
    const [outer, inner] = quirks.budget.path;
    const tokens = wish.budgetTokens ?? 0;
    merge(members, quirks.budget.beside ?? {});
    merge(members, { [outer]: inner === undefined ? tokens : { [inner]: tokens } });
    return members;
  }
  const asked = effort ?? (wish.adaptive === true ? "adaptive" : undefined);
  if (asked === undefined) return members;
  const words = quirks.efforts?.[asked];
  if (words === undefined) {
    context.notice("dropped", "reasoning");
    return members;
  }
  if (wish.effort === undefined && wish.budgetTokens !== undefined) {
    context.notice("converted", "reasoning.budget_tokens");
  } else if (words.isNearest === true) context.notice("converted", "reasoning_effort");
  merge(members, words.members);
  return members;
}

/** Two wishes may live in one object: OpenRouter's `reasoning`. */
function merge(members: JsonObject, more: JsonObject): void {
  for (const [key, value] of Object.entries(more)) {
    const [one, other] = [asObject(members[key]), asObject(value)];
    members[key] = one !== undefined && other !== undefined ? { ...one, ...other } : value;
  }
}

/** `{cache_control}` of a part where the vendor takes marks there; otherwise nothing, announced. */
export function cacheControl(mark: CacheMark | undefined, context: UpstreamContext): JsonObject {
  if (mark === undefined) return {};
  if (context.traits.chat?.hasCacheControl !== true) {
    context.notice("dropped", "cache_control");
    return {};
  }
  const control: Json = { type: "ephemeral", ...(mark.ttl === "1h" && { ttl: mark.ttl }) };
  return { cache_control: control };
}
