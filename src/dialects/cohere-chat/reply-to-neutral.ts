// A whole reply as a neutral one.

import type { JsonObject } from "#core/json.ts";
import { asObject, asString } from "#core/json.ts";
import type { NeutralReply } from "../neutral.ts";
import { COHERE_CHAT } from "./dialect-id.ts";
import { messageParts } from "./message-parts.ts";
import { readStop } from "./stop-reason.ts";
import { readUsage } from "./usage.ts";

/** Opens made-up call ids. */
export function callSeedOf(replyId: string): string {
  return `call_${replyId.replace(/[^A-Za-z0-9]/g, "").slice(-24)}_`;
}

/** Reads a reply. It names no model: who asked knows which one it was. */
export function replyToNeutral(body: JsonObject): NeutralReply {
  const id = asString(body["id"]) ?? "";
  const parts = messageParts(asObject(body["message"]) ?? {}, callSeedOf(id));
  const vendorStop = asString(body["finish_reason"]) ?? "";
  const hasToolCall = parts.some((part) => part.kind === "tool-call");
  const logprobs = body["logprobs"] ?? undefined;
  return {
    origin: COHERE_CHAT,
    id,
    model: asString(body["model"]) ?? "",
    createdAt: 0,
    choices: [
      {
        index: 0,
        parts,
        stop: readStop(vendorStop, hasToolCall),
        vendorStop,
        ...(logprobs !== undefined && { logprobs }),
      },
    ],
    usage: readUsage(body["usage"]),
  };
}
