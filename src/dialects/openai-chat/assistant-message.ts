// The message of an assistant, in a request's history or in a reply, as neutral parts. Order is the
// dialect's own: reasoning, then content, then refusal, then pictures, then calls.

import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asNumber, asObject, asString } from "#core/json.ts";
import type { Part, TextPart, ToolCallPart, VendorPart } from "../neutral.ts";
import { readAnnotations } from "./citations.ts";
import { OPENAI_CHAT } from "./dialect-id.ts";
import { readExtraContent } from "./extra-content.ts";
import { readUrl } from "./media-source.ts";
import { readReasoning, reasoningParts } from "./reasoning-details.ts";

/** Names of vendor parts, which are also the members that they stand in. */
export const AUDIO = "audio";
export const CUSTOM_CALL = "custom_tool_call";

/**
 * Puts the parts of a message into their order.
 * @param content the parts of `content`, read strictly or leniently by the caller
 * @param callSeed opens the ids of calls that came without one; the same on every reading
 */
export function assistantParts(
  message: JsonObject,
  content: readonly Part[],
  callSeed: string,
): Part[] {
  const refusal = asString(message["refusal"]) ?? "";
  const parts: Part[] = [
    ...reasoningParts(readReasoning(message)),
    ...signed(cited(content, asArray(message["annotations"])), message),
  ];
  if (refusal !== "") parts.push({ kind: "refusal", text: refusal });
  for (const image of asArray(message["images"])) parts.push(...readPicture(image));
  const audio = asObject(message[AUDIO]);
  if (audio !== undefined) parts.push(vendor(AUDIO, audio));
  asArray(message["tool_calls"]).forEach((call, position) => {
    const part = readCall(asObject(call), `${callSeed}_${position}`);
    if (part !== undefined) parts.push(part);
  });
  // The form before `tool_calls`; a few imitators still answer in it.
  const legacy = asObject(message["function_call"]);
  if (legacy !== undefined) parts.push(toolCall(legacy, `${callSeed}_legacy`, []));
  return parts;
}

/**
 * True when a message or a delta holds nothing but its `content`, as nearly all of them do. Written out,
 * because every event of a stream comes through here.
 */
export function isContentAlone(owner: JsonObject): boolean {
  return !(
    isGiven(owner["refusal"]) ||
    isGiven(owner["tool_calls"]) ||
    isGiven(owner["reasoning_content"]) ||
    isGiven(owner["reasoning"]) ||
    isGiven(owner["reasoning_details"]) ||
    isGiven(owner["annotations"]) ||
    isGiven(owner["images"]) ||
    isGiven(owner[AUDIO]) ||
    isGiven(owner["function_call"]) ||
    isGiven(owner["extra_content"])
  );
}

function isGiven(value: Json | undefined): boolean {
  return value !== undefined && value !== null;
}

/** Annotations belong to the whole text, so they go to its last part. */
function cited(parts: readonly Part[], items: readonly Json[]): readonly Part[] {
  if (items.length === 0) return parts;
  const citations = readAnnotations(items);
  return amendLastText(parts, (part) => ({ ...part, citations }));
}

/** A signature of the whole message belongs to its last text. */
function signed(parts: readonly Part[], message: JsonObject): readonly Part[] {
  const states = readExtraContent(message);
  if (states.length === 0) return parts;
  return amendLastText(parts, (part) => ({ ...part, providerState: states }));
}

/** Parts with the last text amended. */
export function amendLastText(
  parts: readonly Part[],
  amend: (part: TextPart) => TextPart,
): readonly Part[] {
  const last = parts.findLastIndex((part) => part.kind === "text");
  return parts.map((part, index) => (index === last && part.kind === "text" ? amend(part) : part));
}

/** An entry of OpenRouter's `images`. */
export function readPicture(entry: Json): Part[] {
  const url = asString(asObject(asObject(entry)?.["image_url"])?.["url"]) ?? "";
  const source = url === "" ? undefined : readUrl(url, "image/png");
  return source === undefined ? [] : [{ kind: "image", source }];
}

function readCall(call: JsonObject | undefined, synthetic: string): Part | undefined {
  if (call === undefined) return undefined;
  if (asObject(call["custom"]) !== undefined) return vendor(CUSTOM_CALL, call);
  const called = asObject(call["function"]);
  if (called === undefined) return undefined;
  const id = asString(call["id"]) ?? "";
  return toolCall(called, id === "" ? synthetic : id, readExtraContent(call));
}

function toolCall(
  called: JsonObject,
  id: string,
  states: ToolCallPart["providerState"] & object,
): ToolCallPart {
  return {
    kind: "tool-call",
    id,
    name: asString(called["name"]) ?? "",
    argumentsJson: readArguments(called["arguments"]),
    ...(states.length > 0 && { providerState: states }),
  };
}

/** JSON text as it was sent; nothing and `null` stand for no arguments; some imitators send objects. */
export function readArguments(value: Json | undefined): string {
  const text = typeof value === "object" ? JSON.stringify(value) : asString(value);
  return text === undefined || text.trim() === "" || text === "null" ? "{}" : text;
}

/** A part that only this dialect has. */
export function vendor(name: string, value: JsonObject): VendorPart {
  return { kind: "vendor", origin: OPENAI_CHAT, name, value };
}

/** Opens made-up call ids: letters and digits only, because some vendors take nothing else. */
export function callSeedOf(replyId: string, choice: number): string {
  return `call_${replyId.replace(/[^A-Za-z0-9]/g, "").slice(-24)}${choice === 0 ? "" : choice}`;
}

/** The place of a choice; replies of imitators may leave it out. */
export function choiceIndex(choice: JsonObject, position: number): number {
  const index = asNumber(choice["index"]);
  return index !== undefined && Number.isSafeInteger(index) && index >= 0 ? index : position;
}
