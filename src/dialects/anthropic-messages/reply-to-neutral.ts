// A whole message of the model as a neutral reply.

import type { JsonObject } from "#core/json.ts";
import { asObject, asString } from "#core/json.ts";
import type { NeutralReply, Part } from "../neutral.ts";
import { contentBlocks, readBlock } from "./blocks-to-parts.ts";
import { ANTHROPIC_MESSAGES } from "./dialect-id.ts";
import { readStop } from "./stop-reason.ts";
import { readUsage } from "./usage.ts";

/** Tiers as replies name them, and as the neutral form does. */
const TIERS: Readonly<Record<string, string>> = { standard: "default", priority: "priority" };

/** Reads a message. Never fails: what is missing is empty. */
export function replyToNeutral(body: JsonObject): NeutralReply {
  const parts: Part[] = contentBlocks(body["content"]).map((block) => readBlock(block));
  const hasToolCall = parts.some((part) => part.kind === "tool-call");
  const tier = asString(asObject(body["usage"])?.["service_tier"]);
  return {
    origin: ANTHROPIC_MESSAGES,
    id: asString(body["id"]) ?? "",
    model: asString(body["model"]) ?? "",
    createdAt: 0,
    choices: [{ index: 0, parts, ...readStop(body, hasToolCall) }],
    usage: readUsage(body["usage"]),
    ...(tier !== undefined && { serviceTier: TIERS[tier] ?? tier }),
  };
}

/** A neutral tier as a reply names it; undefined when Anthropic has no such tier. */
export function replyTier(serviceTier: string | undefined): string | undefined {
  if (serviceTier === "batch") return serviceTier;
  return Object.entries(TIERS).find(([, neutral]) => neutral === serviceTier)?.[0];
}
