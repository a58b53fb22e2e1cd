// Reads OpenAI chat completions, whole and streamed (API reference, November 2026).

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

const STOPS: Readonly<Record<string, StopClass>> = {
  stop: "end",
  tool_calls: "tool",
  function_call: "tool",
  length: "limit",
  content_filter: "filter",
};

function usageOf(value: unknown): UsageReading | undefined {
  const usage = asObject(value);
  if (usage === undefined) return undefined;
  const input = asObject(usage["prompt_tokens_details"]) ?? {};
  const output = asObject(usage["completion_tokens_details"]) ?? {};
  const cacheRead = asCount(input["cached_tokens"]);
  const cacheWrite = asCount(input["cache_write_tokens"]);
  return {
    input: asCount(usage["prompt_tokens"]) - cacheRead - cacheWrite,
    cacheRead,
    cacheWrite,
    output: asCount(usage["completion_tokens"]),
    reasoning: asCount(output["reasoning_tokens"]),
  };
}

function toolOf(call: JsonObject): ToolReading {
  const called = asObject(call["function"]) ?? {};
  return {
    name: asString(called["name"]) ?? "",
    arguments: argumentsOf(asString(called["arguments"]) ?? ""),
  };
}

/** The first choice of a reply. */
export function readOpenai({ text, isStream }: ReplyText): Reading {
  const { message, finish, usage } = isStream ? assembled(valuesOf(text)) : whole(JSON.parse(text));
  return {
    text: asString(message["content"]) ?? "",
    tools: asArray(message["tool_calls"]).map((call) => toolOf(asObject(call) ?? {})),
    stop: STOPS[finish] ?? "none",
    usage: usageOf(usage),
    hasOtherContent: message["refusal"] != null || message["audio"] != null,
  };
}

interface Parts {
  readonly message: JsonObject;
  readonly finish: string;
  readonly usage: unknown;
}

function whole(reply: unknown): Parts {
  const body = asObject(reply) ?? {};
  const choice = asObject(asArray(body["choices"])[0]);
  if (choice === undefined) throw new Error("no choice in the reply");
  return {
    message: asObject(choice["message"]) ?? {},
    finish: asString(choice["finish_reason"]) ?? "",
    usage: body["usage"],
  };
}

function assembled(chunks: readonly unknown[]): Parts {
  let content = "";
  let finish = "";
  let usage: unknown;
  const calls: { name: string; arguments: string }[] = [];
  for (const value of chunks) {
    const chunk = asObject(value) ?? {};
    if (chunk["usage"] != null) usage = chunk["usage"];
    const choice = asObject(asArray(chunk["choices"])[0]) ?? {};
    finish = asString(choice["finish_reason"]) ?? finish;
    const delta = asObject(choice["delta"]) ?? {};
    content += asString(delta["content"]) ?? "";
    for (const each of asArray(delta["tool_calls"])) {
      const part = asObject(each) ?? {};
      const index = asCount(part["index"]);
      const call = calls[index] ?? { name: "", arguments: "" };
      calls[index] = call;
      const called = asObject(part["function"]) ?? {};
      call.name += asString(called["name"]) ?? "";
      call.arguments += asString(called["arguments"]) ?? "";
    }
  }
  const message = { content, tool_calls: calls.map((call) => ({ function: call })) };
  return { message, finish, usage };
}
