// The message of an assistant, in a request's history or in a reply, as neutral parts: thinking, text,
// pictures, calls. Calls have objects for arguments, and often no id.

import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asObject, asString } from "#core/json.ts";
import { parseInner } from "#wire/inner-json.ts";
import type { Part, ToolCallPart } from "../neutral.ts";
import { readImage } from "./images.ts";

/**
 * Reads a message. Wrong types count as absent: upstreams are careless, callers were checked before.
 * @param callSeed opens the ids of calls that came without one; the same on every reading
 */
export function messageParts(message: JsonObject, callSeed: string): Part[] {
  const parts: Part[] = [];
  const thinking = asString(message["thinking"]) ?? "";
  const content = asString(message["content"]) ?? "";
  if (thinking !== "") parts.push({ kind: "reasoning", text: thinking, redacted: false });
  if (content !== "") parts.push({ kind: "text", text: content });
  for (const image of asArray(message["images"])) {
    if (typeof image === "string" && image !== "") parts.push(readImage(image));
  }
  asArray(message["tool_calls"]).forEach((call, position) => {
    const part = readCall(asObject(call), `${callSeed}${position}`);
    if (part !== undefined) parts.push(part);
  });
  return parts;
}

/** Reads one call; undefined when it calls nothing. */
export function readCall(
  call: JsonObject | undefined,
  synthetic: string,
): ToolCallPart | undefined {
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

/** JSON text of the arguments; some imitators send them as text already. */
function argumentsOf(value: Json | undefined): string {
  const text = typeof value === "object" ? JSON.stringify(value) : asString(value);
  return text === undefined || text.trim() === "" || text.trim() === "null" ? "{}" : text;
}

/** Opens made-up call ids. The time of the reply tells those of different turns apart. */
export function callSeedOf(createdAt: string): string {
  return `call_${createdAt.replace(/[^A-Za-z0-9]/g, "").slice(0, 40)}_`;
}

/** One call. Arguments that are no object are wrapped in one: the server takes nothing else. */
export function writeCall(part: ToolCallPart, index: number): JsonObject {
  const called = { index, name: part.name, arguments: objectOf(part.argumentsJson) };
  return { id: part.id, function: called };
}

function objectOf(text: string): JsonObject {
  try {
    const value: Json = parseInner(text);
    return asObject(value) ?? { value };
  } catch {
    return { value: text };
  }
}
