// What the independent reader leaves out of some vendors' replies, read by the vendors' own documents
// (November 2026): counters beyond OpenAI's, reasoning that OpenAI itself does not show, namespaces.

import type { DialectId } from "#core/facts.ts";
import { asArray, asNumber, asObject, asString, type JsonObject } from "#core/json.ts";
import type { ClientReading } from "./ai-sdk.ts";

/** @param values the reply, or the events of its stream */
export function completed(
  dialect: DialectId,
  values: readonly unknown[],
  reading: ClientReading,
): ClientReading {
  const objects = values.map((value) => asObject(value) ?? {});
  switch (dialect) {
    case "openai-chat":
      return { ...reading, usage: chatUsage(objects, reading.usage) };
    case "openai-responses":
      return reading.reasoning === "" ? { ...reading, reasoning: rawReasoning(objects) } : reading;
    case "cohere-chat":
      return coherePlan(objects, reading);
    default:
      return reading;
  }
}

/** xAI counts reasoning beside the completion; Kimi names cached tokens without their details. */
function chatUsage(
  values: readonly JsonObject[],
  usage: ClientReading["usage"],
): ClientReading["usage"] {
  const told = values
    .map((value) => asObject(value["usage"]))
    .findLast((value) => value !== undefined);
  if (told === undefined) return usage;
  const cached = asNumber(told["cached_tokens"]);
  const sum = (usage.input ?? 0) + (usage.output ?? 0) + (usage.reasoning ?? 0);
  const isBeside = (usage.reasoning ?? 0) > 0 && asNumber(told["total_tokens"]) === sum;
  return {
    ...usage,
    ...(cached !== undefined && { cacheRead: cached }),
    ...(isBeside && { output: (usage.output ?? 0) + (usage.reasoning ?? 0) }),
  };
}

/** Open models show their reasoning itself, where OpenAI's show summaries. */
function rawReasoning(values: readonly JsonObject[]): string {
  const deltas = values.filter((value) => value["type"] === "response.reasoning_text.delta");
  if (deltas.length > 0) return deltas.map((value) => asString(value["delta"]) ?? "").join("");
  const last = values.at(-1) ?? {};
  const items = asArray((asObject(last["response"]) ?? last)["output"]);
  return items
    .map((item) => asObject(item) ?? {})
    .filter((item) => item["type"] === "reasoning")
    .flatMap((item) => asArray(item["content"]))
    .map((part) => asString(asObject(part)?.["text"]) ?? "")
    .join("");
}

/** Cohere's plan of its calls is text that stands before them; cached tokens have a counter. */
function coherePlan(values: readonly JsonObject[], reading: ClientReading): ClientReading {
  const plans = values.map((value) => {
    const message = asObject(value["message"]) ?? asObject(asObject(value["delta"])?.["message"]);
    return asString(message?.["tool_plan"]) ?? "";
  });
  const used = values
    .map((value) => asObject(value["usage"]) ?? asObject(asObject(value["delta"])?.["usage"]))
    .findLast((value) => value !== undefined);
  const cacheRead = asNumber(used?.["cached_tokens"]);
  return {
    ...reading,
    text: plans.join("") + reading.text,
    usage: { ...reading.usage, ...(cacheRead !== undefined && { cacheRead }) },
  };
}
