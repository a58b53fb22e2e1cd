// Reads OpenAI responses, whole and streamed (API reference, November 2026).

import { asArray, asCount, asObject, asString, type JsonObject } from "#core/json.ts";
import { valuesOf } from "./events.ts";
import {
  argumentsOf,
  type Reading,
  type ReplyText,
  type StopClass,
  type ToolReading,
  type UsageReading,
} from "./reading.ts";

function usageOf(value: unknown): UsageReading | undefined {
  const usage = asObject(value);
  if (usage === undefined) return undefined;
  const input = asObject(usage["input_tokens_details"]) ?? {};
  const output = asObject(usage["output_tokens_details"]) ?? {};
  const cacheRead = asCount(input["cached_tokens"]);
  const cacheWrite = asCount(input["cache_write_tokens"]);
  return {
    input: asCount(usage["input_tokens"]) - cacheRead - cacheWrite,
    cacheRead,
    cacheWrite,
    output: asCount(usage["output_tokens"]),
    reasoning: asCount(output["reasoning_tokens"]),
  };
}

/** The response, or the one that the last event of a stream holds. */
function responseOf({ text, isStream }: ReplyText): JsonObject {
  if (!isStream) return asObject(JSON.parse(text)) ?? {};
  const events = valuesOf(text).map((value) => asObject(value) ?? {});
  const last = events.findLast(({ type }) => /^response\.(completed|incomplete)$/.test(`${type}`));
  if (last === undefined) throw new Error("the stream has no last event");
  return asObject(last["response"]) ?? {};
}

function stopOf(response: JsonObject, hasTools: boolean): StopClass {
  const reason = asString(asObject(response["incomplete_details"])?.["reason"]);
  if (reason === "max_output_tokens") return "limit";
  if (reason === "content_filter") return "filter";
  if (response["status"] !== "completed") return "none";
  return hasTools ? "tool" : "end";
}

/** The output of a response: its texts, and the calls of the caller's functions. */
export function readResponses(reply: ReplyText): Reading {
  const response = responseOf(reply);
  if (!Array.isArray(response["output"])) throw new Error("no output in the reply");
  const items = response["output"].map((item) => asObject(item) ?? {});
  const calls = items.filter(({ type }) => type === "function_call");
  const messages = items.filter(({ type }) => type === "message");
  const parts = messages.flatMap((item) => asArray(item["content"]).map((part) => asObject(part)));
  return {
    text: parts.map((part) => asString(part?.["text"]) ?? "").join(""),
    tools: calls.map(
      (call): ToolReading => ({
        name: asString(call["name"]) ?? "",
        arguments: argumentsOf(asString(call["arguments"]) ?? ""),
      }),
    ),
    stop: stopOf(response, calls.length > 0),
    usage: usageOf(response["usage"]),
    hasOtherContent: items.length > calls.length + messages.length,
  };
}
