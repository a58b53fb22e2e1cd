// Why the model stopped: the status of a response and the details of an incomplete one.

import type { JsonObject } from "#core/json.ts";
import { asObject, asString } from "#core/json.ts";
import type { NeutralChoice, StopReason } from "../neutral.ts";

/** What an answer holds, as far as it decides what its end means. */
export interface AnswerShape {
  readonly hasToolCall: boolean;
  readonly hasRefusal: boolean;
}

/** How an answer ended. */
export type ReadStop = Pick<NeutralChoice, "stop" | "vendorStop" | "stopDetails">;

const REASONS: ReadonlyMap<string, StopReason> = new Map([
  ["max_output_tokens", "max_tokens"],
  ["max_tokens", "max_tokens"],
  ["length", "max_tokens"],
  ["content_filter", "content_filter"],
]);

/** Reads how a response ended. A call of a tool counts, since the status knows nothing of it. */
export function readStop(response: JsonObject, shape: AnswerShape): ReadStop {
  const status = asString(response["status"]) ?? "";
  const reason = asString(asObject(response["incomplete_details"])?.["reason"]) ?? "";
  switch (status) {
    case "incomplete":
      return { stop: REASONS.get(reason) ?? "unknown", vendorStop: reason || status };
    case "failed":
    case "cancelled":
      return { stop: "error", vendorStop: status };
    case "completed":
      return { stop: complete(shape), vendorStop: status };
    default:
      return { stop: shape.hasToolCall ? "tool_call" : "unknown", vendorStop: status };
  }
}

function complete({ hasToolCall, hasRefusal }: AnswerShape): StopReason {
  if (hasToolCall) return "tool_call";
  return hasRefusal ? "refusal" : "end";
}

/** The members of a response that say how it ended. */
export interface WrittenStop {
  readonly status: "completed" | "incomplete" | "failed";
  readonly incomplete_details: JsonObject | null;
  readonly error: JsonObject | null;
}

/** Writes how an answer ended. A refusal in words is complete, as OpenAI has it; one without was a filter. */
export function writeStop(stop: StopReason, hasRefusal: boolean): WrittenStop {
  switch (stop) {
    case "max_tokens":
    case "context_limit":
      return incomplete("max_output_tokens");
    case "content_filter":
      return incomplete("content_filter");
    case "refusal":
      return hasRefusal ? COMPLETE : incomplete("content_filter");
    case "error":
    case "malformed_tool_call":
      return failed(stop);
    default:
      return COMPLETE;
  }
}

const COMPLETE: WrittenStop = { status: "completed", incomplete_details: null, error: null };

function incomplete(reason: string): WrittenStop {
  return { status: "incomplete", incomplete_details: { reason }, error: null };
}

function failed(stop: StopReason): WrittenStop {
  const message =
    stop === "error"
      ? "The upstream gave the answer up."
      : "The model wrote a tool call that cannot be read.";
  return { status: "failed", incomplete_details: null, error: { code: "server_error", message } };
}

/** The neutral reason of a blocked prompt. */
export const BLOCKED: WrittenStop = incomplete("content_filter");
