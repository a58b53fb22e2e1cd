// The message of an assistant, in a request's history or in a reply, as neutral parts. Cohere's order:
// thinking and text in `content`, or a plan in words (`tool_plan`) before calls of tools.

import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asObject, asString } from "#core/json.ts";
import type { Part, TextPart, ToolCallPart, VendorPart } from "../neutral.ts";
import { contentIndexOf, readCitations } from "./citations.ts";
import { COHERE_CHAT } from "./dialect-id.ts";

/** Reads a message. Wrong types count as absent: upstreams are careless, callers were checked before. */
export function messageParts(message: JsonObject, callSeed: string): Part[] {
  const plan = asString(message["tool_plan"]) ?? "";
  const calls = asArray(message["tool_calls"]).flatMap((call, position) => {
    return readCall(asObject(call), `${callSeed}${position}`) ?? [];
  });
  const content = contentParts(message["content"], asArray(message["citations"]));
  const planned: Part[] = plan === "" ? [] : [{ kind: "text", text: plan }];
  return [...content, ...planned, ...calls];
}

function contentParts(content: Json | undefined, citations: readonly Json[]): Part[] {
  const items = typeof content === "string" ? [{ type: "text", text: content }] : asArray(content);
  return items.flatMap((item, index): Part[] => {
    const part = readContent(asObject(item));
    if (part === undefined) return [];
    const own = citations.filter((citation) => contentIndexOf(citation) === index);
    if (part.kind !== "text" || own.length === 0) return [part];
    return [{ ...part, citations: readCitations(own) }];
  });
}

/** An item of an answer's `content`; undefined when it says nothing. */
function readContent(item: JsonObject | undefined): Part | undefined {
  if (item === undefined) return undefined;
  const type = asString(item["type"]) ?? "";
  if (type === "thinking") {
    const text = asString(item["thinking"]) ?? "";
    return text === "" ? undefined : { kind: "reasoning", text, redacted: false };
  }
  if (type === "text") {
    const text = asString(item["text"]) ?? "";
    return text === "" ? undefined : { kind: "text", text };
  }
  return type === "" ? undefined : vendorPart(type, item);
}

/** Anything that only Cohere has. */
export function vendorPart(name: string, value: JsonObject): VendorPart {
  return { kind: "vendor", origin: COHERE_CHAT, name, value };
}

function readCall(call: JsonObject | undefined, synthetic: string): ToolCallPart | undefined {
  const called = asObject(call?.["function"]);
  if (call === undefined || called === undefined) return undefined;
  const id = asString(call["id"]) ?? "";
  return {
    kind: "tool-call",
    id: id === "" ? synthetic : id,
    name: asString(called["name"]) ?? "",
    argumentsJson: argumentsOf(called["arguments"]),
  };
}

/** JSON text as it was sent; nothing and `null` stand for no arguments. */
export function argumentsOf(value: Json | undefined): string {
  const text = typeof value === "object" ? JSON.stringify(value) : asString(value);
  return text === undefined || text.trim() === "" || text.trim() === "null" ? "{}" : text;
}

/** What is said beside calls is their plan, unless it cites: then it is an answer. */
export function isPlan(part: TextPart, hasCalls: boolean): boolean {
  return hasCalls && part.citations === undefined;
}

/** One call. */
export function writeCall(part: ToolCallPart): JsonObject {
  const called = { name: part.name, arguments: part.argumentsJson };
  return { id: part.id, type: "function", function: called };
}
