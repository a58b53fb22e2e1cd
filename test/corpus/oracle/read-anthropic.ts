// Reads Anthropic messages, whole and streamed (API reference, November 2026).

import { asArray, asCount, asObject, asString, type JsonObject } from "#core/json.ts";
import { valuesOf } from "./events.ts";
import {
  argumentsOf,
  type Reading,
  type ReplyText,
  type StopClass,
  type UsageReading,
} from "./reading.ts";

const STOPS: Readonly<Record<string, StopClass>> = {
  end_turn: "end",
  stop_sequence: "end",
  tool_use: "tool",
  max_tokens: "limit",
  model_context_window_exceeded: "limit",
  refusal: "filter",
  pause_turn: "pause",
};

function usageOf(value: unknown): UsageReading | undefined {
  const usage = asObject(value);
  if (usage === undefined) return undefined;
  const output = asObject(usage["output_tokens_details"]) ?? {};
  return {
    input: asCount(usage["input_tokens"]),
    cacheRead: asCount(usage["cache_read_input_tokens"]),
    cacheWrite: asCount(usage["cache_creation_input_tokens"]),
    output: asCount(usage["output_tokens"]),
    reasoning: asCount(output["thinking_tokens"]),
  };
}

/** Every text block joined, and the client's own tool calls. */
export function readAnthropic({ text, isStream }: ReplyText): Reading {
  const message = isStream ? assembled(valuesOf(text)) : (asObject(JSON.parse(text)) ?? {});
  if (!Array.isArray(message["content"])) throw new Error("no content in the reply");
  const blocks = asArray(message["content"]).map((block) => asObject(block) ?? {});
  const ofType = (type: string) => blocks.filter((block) => block["type"] === type);
  return {
    text: ofType("text")
      .map((block) => asString(block["text"]) ?? "")
      .join(""),
    tools: ofType("tool_use").map((block) => ({
      name: asString(block["name"]) ?? "",
      arguments: block["input"],
    })),
    stop: STOPS[asString(message["stop_reason"]) ?? ""] ?? "none",
    usage: usageOf(message["usage"]),
    hasOtherContent: blocks.some(({ type }) => type !== "text" && type !== "tool_use"),
  };
}

function assembled(events: readonly unknown[]): JsonObject {
  let message: JsonObject = {};
  const blocks: JsonObject[] = [];
  for (const value of events) {
    const event = asObject(value) ?? {};
    const type = asString(event["type"]);
    if (type === "message_start") message = { ...asObject(event["message"]) };
    if (type === "content_block_start")
      blocks[asCount(event["index"])] = { ...asObject(event["content_block"]), partial: "" };
    if (type === "content_block_delta") addDelta(blocks[asCount(event["index"])], event["delta"]);
    if (type === "message_delta") {
      const usage = { ...asObject(message["usage"]), ...asObject(event["usage"]) };
      message = { ...message, ...asObject(event["delta"]), usage };
    }
    if (type === "error") throw new Error(`an error event: ${JSON.stringify(event)}`);
  }
  const content = blocks.map(({ partial, ...block }) =>
    block["type"] === "tool_use" && partial !== ""
      ? { ...block, input: argumentsOf(String(partial)) as JsonObject }
      : block,
  );
  return { ...message, content };
}

function addDelta(block: JsonObject | undefined, value: unknown): void {
  if (block === undefined) throw new Error("a delta without its block");
  const delta = asObject(value) ?? {};
  if (delta["type"] === "text_delta") block["text"] = `${block["text"]}${delta["text"]}`;
  if (delta["type"] === "input_json_delta")
    block["partial"] = `${block["partial"]}${delta["partial_json"]}`;
}
