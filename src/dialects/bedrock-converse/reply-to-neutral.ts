// A whole answer of Converse as a neutral reply. It names neither itself nor its model.

import type { JsonObject } from "#core/json.ts";
import { asArray, asObject, asString, isJsonObject } from "#core/json.ts";
import type { NeutralReply, Part } from "../neutral.ts";
import { readBlock } from "./blocks-to-parts.ts";
import { BEDROCK_CONVERSE } from "./dialect-id.ts";
import { readStop } from "./stop-reason.ts";
import { readUsage } from "./usage.ts";

/** Reads an answer. Never fails: what is missing is empty. */
export function replyToNeutral(body: JsonObject): NeutralReply {
  const message = asObject(asObject(body["output"])?.["message"]);
  const blocks = asArray(message?.["content"]).filter(isJsonObject);
  const parts: Part[] = blocks.map((block) => readBlock(block));
  const hasToolCall = parts.some((part) => part.kind === "tool-call");
  const tier = readTier(body);
  return {
    origin: BEDROCK_CONVERSE,
    id: "",
    model: "",
    createdAt: 0,
    choices: [{ index: 0, parts, ...readStop(body, hasToolCall) }],
    usage: readUsage(body["usage"], tier),
    ...(tier !== undefined && { serviceTier: tier }),
  };
}

/** The tier that really served. */
export function readTier(body: JsonObject): string | undefined {
  return asString(asObject(body["serviceTier"])?.["type"]);
}
