// What is read off a text completion.

import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asObject, asString } from "#core/json.ts";
import type { ReplyFindings } from "../dialect.ts";
import type { StopReason } from "../neutral.ts";
import { malformed, readInlineFault } from "../openai-chat/fault.ts";
import { readStop } from "../openai-chat/stop-reason.ts";
import { readUsage } from "../openai-chat/usage.ts";

/** Looks at a reply. An empty text with a natural stop is empty (contract section 7). */
export function inspectCompletion(body: Json | undefined): ReplyFindings {
  const reply = asObject(body);
  const choices = reply?.["choices"];
  const fault = reply === undefined ? undefined : readInlineFault(reply);
  if (fault !== undefined || !Array.isArray(choices)) {
    const broken = fault ?? malformed("The reply has no choices.");
    return { usage: undefined, empty: false, stop: "error", fault: broken, textLength: 0 };
  }
  const read = asArray(choices).map((choice) => asObject(choice) ?? {});
  const texts = read.map((choice) => asString(choice["text"]) ?? "");
  const stops = read.map(stopOf);
  return {
    usage: readUsage(reply?.["usage"], reply?.["service_tier"]),
    empty: texts.every((text) => text === "") && stops.every((stop) => stop === "end"),
    stop: stops[0] ?? "unknown",
    fault: undefined,
    textLength: texts.reduce((sum, text) => sum + text.length, 0),
  };
}

/** Why a choice ended. */
export function stopOf(choice: JsonObject): StopReason {
  return readStop(asString(choice["finish_reason"]) ?? "", {
    hasToolCall: false,
    hasRefusal: false,
    stopSequence: undefined,
  });
}
