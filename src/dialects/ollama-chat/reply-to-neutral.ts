// A whole reply as a neutral one.

import type { JsonObject } from "#core/json.ts";
import { asArray, asObject, asString } from "#core/json.ts";
import type { NeutralReply } from "../neutral.ts";
import { OLLAMA_CHAT } from "./dialect-id.ts";
import { callSeedOf, messageParts } from "./message-parts.ts";
import { readStop } from "./stop-reason.ts";
import { readUsage } from "./usage.ts";

/** Reads a reply. It has no id of its own. */
export function replyToNeutral(body: JsonObject): NeutralReply {
  const createdAt = asString(body["created_at"]) ?? "";
  const parts = messageParts(asObject(body["message"]) ?? {}, callSeedOf(createdAt));
  const vendorStop = asString(body["done_reason"]) ?? "";
  const hasToolCall = parts.some((part) => part.kind === "tool-call");
  const logprobs = asArray(body["logprobs"]);
  return {
    origin: OLLAMA_CHAT,
    id: "",
    model: asString(body["model"]) ?? "",
    createdAt: secondsOf(createdAt),
    choices: [
      {
        index: 0,
        parts,
        stop: readStop(vendorStop, hasToolCall),
        vendorStop,
        ...(logprobs.length > 0 && { logprobs: { content: logprobs } }),
      },
    ],
    usage: readUsage(body),
  };
}

/** Seconds since the epoch, 0 when the text is no time. */
export function secondsOf(createdAt: string): number {
  const milliseconds = Date.parse(createdAt);
  return Number.isNaN(milliseconds) ? 0 : Math.max(0, Math.floor(milliseconds / 1000));
}
