// A whole response as a neutral reply. Upstreams are many and careless, so a wrong type counts as absent
// here.

import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asCount, asObject, asString, isJsonObject } from "#core/json.ts";
import type { NeutralReply, Part } from "../neutral.ts";
import { OPENAI_RESPONSES } from "./dialect-id.ts";
import { outputParts } from "./output-item.ts";
import type { AnswerShape } from "./stop-reason.ts";
import { readStop } from "./stop-reason.ts";
import { readUsage } from "./usage.ts";

/** Reads a response. */
export function replyToNeutral(body: JsonObject): NeutralReply {
  const items = asArray(body["output"]).filter(isJsonObject);
  const parts = items.flatMap(outputParts);
  const logprobs = items.flatMap(logprobsOf);
  const serviceTier = asString(body["service_tier"]);
  return {
    origin: OPENAI_RESPONSES,
    id: asString(body["id"]) ?? "",
    model: asString(body["model"]) ?? "",
    createdAt: asCount(body["created_at"]),
    choices: [
      {
        index: 0,
        parts,
        ...readStop(body, shapeOf(parts)),
        ...(logprobs.length > 0 && { logprobs: { content: logprobs } }),
      },
    ],
    usage: readUsage(body),
    ...(serviceTier !== undefined && { serviceTier }),
  };
}

/** Probabilities of a message's words, in the form that chat has them in as well. */
function logprobsOf(item: JsonObject): Json[] {
  if (item["type"] !== "message") return [];
  return asArray(item["content"]).flatMap((part) => asArray(asObject(part)?.["logprobs"]));
}

/** What an answer holds, as far as it decides what its end means. */
export function shapeOf(parts: readonly Part[]): AnswerShape {
  return {
    hasToolCall: parts.some((part) => part.kind === "tool-call"),
    hasRefusal: parts.some((part) => part.kind === "refusal"),
  };
}
