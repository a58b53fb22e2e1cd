// What stands at a candidate beside its content, in whole replies and in chunks of a stream.

import type { JsonObject } from "#core/json.ts";
import type { StopReason } from "../neutral.ts";
import { replyCallId } from "./call-ids.ts";
import type { Fields } from "./fields.ts";
import type { CallIds } from "./parts-to-neutral.ts";

/** Why an answer was not finished, in Google's own fields; undefined for one that was. */
export function readStopDetails(candidate: Fields, stop: StopReason): JsonObject | undefined {
  if (stop === "end" || stop === "tool_call" || stop === "max_tokens") return undefined;
  const message = candidate.string("finishMessage");
  const ratings = candidate.value("safetyRatings");
  if (message === undefined && !Array.isArray(ratings)) return undefined;
  return {
    ...(message !== undefined && { finishMessage: message }),
    ...(Array.isArray(ratings) && { safetyRatings: ratings }),
  };
}

/** Details as members of a candidate; another vendor's are told in the message. */
export function writeStopDetails(details: JsonObject | undefined): JsonObject {
  if (details === undefined) return {};
  const message = details["finishMessage"];
  const ratings = details["safetyRatings"];
  if (typeof message !== "string" && !Array.isArray(ratings)) {
    return { finishMessage: JSON.stringify(details) };
  }
  return {
    ...(typeof message === "string" && { finishMessage: message }),
    ...(Array.isArray(ratings) && { safetyRatings: ratings }),
  };
}

/** Ids of the calls in one candidate of a reply. */
export function replyIds(responseId: string, candidate: number): CallIds {
  let calls = 0;
  return {
    idOfCall: (name, argumentsJson, givenId) => {
      const position = calls;
      calls += 1;
      return givenId ?? replyCallId({ responseId, candidate, position, name, argumentsJson });
    },
    callOfResult: (name, givenId) => ({ id: givenId ?? "", name }),
  };
}
