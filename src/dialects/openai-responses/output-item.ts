// Items that a model writes, in a reply or in the history of a request, as neutral parts.

import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asObject, asString } from "#core/json.ts";
import type { Part, ReasoningPart, ToolCallPart } from "../neutral.ts";
import { readUrl } from "../openai-chat/media-source.ts";
import { readText, vendorPart } from "./content-to-parts.ts";
import { TOOL_SEARCH } from "./declared-tools.ts";
import { messageStates, reasoningStates, withStates } from "./own-state.ts";

/** The parts of an item of a reply, in order. Never fails: what is missing is empty. */
export function outputParts(item: JsonObject): Part[] {
  return item["type"] === "message" ? messageParts(item) : nonMessageParts(item);
}

/** Finds the name that a tool of a namespace goes by elsewhere. */
export type NameOf = (namespace: string, name: string) => string;

/** What a call is named where nobody knows of namespaces. */
const PLAIN_NAME: NameOf = (_namespace, name) => name;

/** The parts of an item that is no message. */
export function nonMessageParts(item: JsonObject, nameOf: NameOf = PLAIN_NAME): Part[] {
  switch (item["type"]) {
    case "reasoning":
      return reasoningParts(item);
    case "function_call":
    case "custom_tool_call":
    case "tool_search_call": {
      const call = readCall(item, nameOf);
      return [call ?? wholeItem(item)];
    }
    case "image_generation_call":
      return [readPicture(item) ?? wholeItem(item)];
    default:
      return [wholeItem(item)];
  }
}

/** An item that only this API has. */
export function wholeItem(item: JsonObject): Part {
  return vendorPart(item, asString(item["type"]) ?? "item");
}

/** Texts, refusals and whatever else stands in a message of the model. */
function messageParts(item: JsonObject): Part[] {
  const content = item["content"];
  const listed = typeof content === "string" ? [{ type: "output_text", text: content }] : content;
  const parts = asArray(listed).flatMap((entry): Part[] => {
    const part = asObject(entry);
    return part === undefined ? [] : messagePart(part);
  });
  return withMessageState(parts, item);
}

/** One part of a message; none when it is empty. */
export function messagePart(part: JsonObject): Part[] {
  switch (part["type"]) {
    case "output_text":
    case "text": {
      const text = readText(part);
      return text === undefined ? [] : [text];
    }
    case "refusal": {
      const text = asString(part["refusal"]) ?? "";
      return text === "" ? [] : [{ kind: "refusal", text }];
    }
    default:
      return [wholeItem(part)];
  }
}

/** Puts the state of a message on its first text. */
export function withMessageState(parts: readonly Part[], item: JsonObject): Part[] {
  const states = messageStates(item);
  const first = parts.findIndex((part) => part.kind === "text");
  if (states.length === 0 || first < 0) return [...parts];
  return parts.map((part, index) => (index === first ? { ...part, providerState: states } : part));
}

/**
 * One part for each summary or text. The state stands on the last one: only the end of an item has it
 * for good (ids and encrypted content change between the events of a stream).
 */
export function reasoningParts(item: JsonObject): ReasoningPart[] {
  const texts = [...asArray(item["summary"]), ...asArray(item["content"])]
    .map((part) => asString(asObject(part)?.["text"]) ?? "")
    .filter((text) => text !== "");
  const states = reasoningStates(item);
  if (texts.length === 0) {
    if (states.length === 0) return [];
    return [{ kind: "reasoning", text: "", redacted: true, ...withStates(states) }];
  }
  return texts.map((text, index) => ({
    kind: "reasoning",
    text,
    redacted: false,
    ...withStates(index === texts.length - 1 ? states : []),
  }));
}

/** A call of one of the caller's tools; undefined when it lacks what makes it one. */
function readCall(item: JsonObject, nameOf: NameOf): ToolCallPart | undefined {
  const id = asString(item["call_id"]);
  const isSearch = item["type"] === TOOL_SEARCH_CALL;
  if (isSearch && item["execution"] !== "client") return undefined;
  const name = isSearch ? TOOL_SEARCH : asString(item["name"]);
  if (id === undefined || id === "" || name === undefined) return undefined;
  const isCustom = item["type"] === "custom_tool_call";
  return {
    kind: "tool-call",
    id,
    name: nameOf(asString(item["namespace"]) ?? "", name),
    argumentsJson: isCustom
      ? JSON.stringify({ input: asString(item["input"]) ?? "" })
      : readArguments(item["arguments"]),
  };
}

const TOOL_SEARCH_CALL = "tool_search_call";

/** JSON text as it was sent; nothing and `null` stand for no arguments; some imitators send objects. */
export function readArguments(value: Json | undefined): string {
  const text = typeof value === "object" ? JSON.stringify(value) : asString(value);
  return text === undefined || text.trim() === "" || text === "null" ? "{}" : text;
}

/** A picture that was drawn, once it is there. */
function readPicture(item: JsonObject): Part | undefined {
  const data = asString(item["result"]) ?? "";
  if (data === "") return undefined;
  const mediaType = `image/${asString(item["output_format"]) ?? "png"}`;
  const source = readUrl(data.startsWith("data:") ? data : `data:${mediaType};base64,${data}`);
  return source === undefined ? undefined : { kind: "image", source };
}
