// Reads Google's generateContent replies, whole and streamed (API reference, November 2026).

import { asArray, asCount, asObject, asString, type JsonObject } from "#core/json.ts";
import { valuesOf } from "./events.ts";
import type { Reading, ReplyText, StopClass, ToolReading, UsageReading } from "./reading.ts";

const LIMITS = new Set(["MAX_TOKENS"]);
const NATURAL = new Set(["STOP"]);

function usageOf(value: unknown): UsageReading | undefined {
  const usage = asObject(value);
  if (usage === undefined) return undefined;
  const cacheRead = asCount(usage["cachedContentTokenCount"]);
  const prompt = asCount(usage["promptTokenCount"]) + asCount(usage["toolUsePromptTokenCount"]);
  const reasoning = asCount(usage["thoughtsTokenCount"]);
  return {
    input: prompt - cacheRead,
    cacheRead,
    cacheWrite: 0,
    output: asCount(usage["candidatesTokenCount"]) + reasoning,
    reasoning,
  };
}

function stopOf(finish: string, hasTools: boolean): StopClass {
  if (finish === "") return "none";
  if (NATURAL.has(finish)) return hasTools ? "tool" : "end";
  return LIMITS.has(finish) ? "limit" : "filter";
}

/** The first candidate: text parts that are not thoughts, and function calls. */
export function readGemini({ text, isStream }: ReplyText): Reading {
  const chunks = (isStream ? valuesOf(text) : [JSON.parse(text)]).map(
    (chunk) => asObject(chunk) ?? {},
  );
  const candidates = chunks.map((chunk) => asObject(asArray(chunk["candidates"])[0]) ?? {});
  if (!chunks.some((chunk) => chunk["candidates"] !== undefined))
    throw new Error("no candidate in the reply");
  const parts = candidates.flatMap((candidate) =>
    asArray(asObject(candidate["content"])?.["parts"]).map((part) => asObject(part) ?? {}),
  );
  const tools = parts
    .map((part) => asObject(part["functionCall"]))
    .filter((call) => call !== undefined)
    .map(toolOf);
  const finish = candidates.map((each) => asString(each["finishReason"]) ?? "").findLast(Boolean);
  const usages = chunks.map((chunk) => chunk["usageMetadata"]).filter((usage) => usage != null);
  return {
    text: parts
      .filter((part) => part["thought"] !== true)
      .map((part) => asString(part["text"]) ?? "")
      .join(""),
    tools,
    stop: stopOf(finish ?? "", tools.length > 0),
    usage: usageOf(usages.at(-1)),
    hasOtherContent: parts.some(
      (part) =>
        part["thought"] === true ||
        (part["text"] === undefined && part["functionCall"] === undefined),
    ),
  };
}

function toolOf(call: JsonObject): ToolReading {
  return { name: asString(call["name"]) ?? "", arguments: call["args"] ?? {} };
}
