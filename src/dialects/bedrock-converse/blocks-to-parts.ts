// Content blocks, of requests and replies alike, as neutral parts. A block is an object whose one member
// names its kind. What the neutral form has no part for stays whole as a vendor part.

import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asObject, asString, isJsonObject } from "#core/json.ts";
import type { Part, TextPart, ToolResultPart, VendorPart } from "../neutral.ts";
import { readCitations } from "./citations.ts";
import { BEDROCK_CONVERSE } from "./dialect-id.ts";
import type { MediaKind } from "./media-format.ts";
import { readSource } from "./media-source.ts";
import { keepRest, ownState, withStates } from "./own-state.ts";

const MEDIA_MEMBERS = new Set(["format", "source"]);
const DOCUMENT_MEMBERS = new Set(["format", "source", "name"]);
const CALL_MEMBERS = new Set(["toolUseId", "name", "input"]);
const RESULT_MEMBERS = new Set(["toolUseId", "content"]);
/** Kinds of blocks that other vendors have too. */
const KINDS = [
  "text",
  "image",
  "document",
  "video",
  "audio",
  "toolUse",
  "toolResult",
  "reasoningContent",
  "citationsContent",
] as const;

/** Names of the tools called so far, by call id: results do not repeat them. */
export type CallNames = Map<string, string>;

/** One block as a part. A tool call's name is remembered in `names`, a result's looked up. */
export function readBlock(block: JsonObject, names: CallNames = new Map()): Part {
  return readKnownBlock(block, names) ?? vendorPart(block);
}

/** Blocks of a system prompt: text, or something of the vendor's own. */
export function readInstruction(block: JsonObject): TextPart | VendorPart {
  return readText(block) ?? vendorPart(block);
}

/** A block that only Bedrock has, whole. Its first member names it. */
export function vendorPart(block: JsonObject): VendorPart {
  const name = Object.keys(block)[0] ?? "block";
  return { kind: "vendor", origin: BEDROCK_CONVERSE, name, value: block };
}

function readKnownBlock(block: JsonObject, names: CallNames): Part | undefined {
  const kind = KINDS.find((name) => block[name] !== undefined);
  if (kind === undefined) return undefined;
  if (kind === "text") return readText(block);
  const value = asObject(block[kind]);
  if (value === undefined) return undefined;
  switch (kind) {
    case "image":
    case "video":
    case "audio":
      return readMedia(kind, value);
    case "document":
      return readDocument(value);
    case "toolUse":
      return readCall(value, names);
    case "toolResult":
      return readResult(value, names);
    case "reasoningContent":
      return readReasoning(value);
    case "citationsContent":
      return readCited(value);
  }
}

function readText(block: JsonObject): TextPart | undefined {
  const text = asString(block["text"]);
  return text === undefined ? undefined : { kind: "text", text };
}

function readMedia(kind: Exclude<MediaKind, "document">, value: JsonObject): Part | undefined {
  const source = readSource(kind, value);
  return source === undefined
    ? undefined
    : { kind, source, ...withStates(keepRest(value, MEDIA_MEMBERS)) };
}

function readDocument(value: JsonObject): Part | undefined {
  const source = readSource("document", value);
  if (source === undefined) return undefined;
  const name = asString(value["name"]);
  return {
    kind: "file",
    source,
    ...(name !== undefined && { name }),
    ...withStates(keepRest(value, DOCUMENT_MEMBERS)),
  };
}

/** Calls that Bedrock answers itself are history of its own. */
function readCall(value: JsonObject, names: CallNames): Part | undefined {
  const id = asString(value["toolUseId"]);
  const name = asString(value["name"]);
  const type = value["type"];
  if (id === undefined || name === undefined) return undefined;
  if (type !== undefined && type !== "tool_use") return undefined;
  names.set(id, name);
  const argumentsJson = JSON.stringify(value["input"] ?? {});
  // Claude's calls say their type and others' do not: it says nothing.
  const rest = keepRest(value, new Set([...CALL_MEMBERS, "type"]));
  return { kind: "tool-call", id, name, argumentsJson, ...withStates(rest) };
}

function readResult(value: JsonObject, names: CallNames): ToolResultPart | undefined {
  const callId = asString(value["toolUseId"]);
  if (callId === undefined || value["type"] !== undefined) return undefined;
  const isError = value["status"] === "error";
  const known = isError ? new Set([...RESULT_MEMBERS, "status"]) : RESULT_MEMBERS;
  const blocks = asArray(value["content"]).filter(isJsonObject);
  const [only, ...more] = blocks;
  const structured = more.length === 0 ? asObject(only?.["json"]) : undefined;
  return {
    kind: "tool-result",
    callId,
    name: names.get(callId) ?? "",
    content: structured === undefined ? blocks.map(readResultContent) : [],
    ...(structured !== undefined && { structured }),
    isError,
    ...withStates(keepRest(value, known)),
  };
}

function readResultContent(block: JsonObject): ToolResultPart["content"][number] {
  if (block["json"] !== undefined) return readJson(block["json"]);
  const part = readKnownBlock(block, new Map());
  switch (part?.kind) {
    case "text":
    case "image":
    case "file":
    case "audio":
    case "video":
      return part;
    default:
      return vendorPart(block);
  }
}

/** JSON beside other content: text for everybody else. */
function readJson(value: Json): TextPart {
  return {
    kind: "text",
    text: JSON.stringify(value),
    providerState: [ownState("raw", JSON.stringify({ json: true }))],
  };
}

function readReasoning(value: JsonObject): Part | undefined {
  const redacted = asString(value["redactedContent"]);
  if (redacted !== undefined) {
    const states = [ownState("redacted", redacted)];
    return { kind: "reasoning", text: "", redacted: true, ...withStates(states) };
  }
  const told = asObject(value["reasoningText"]);
  const text = asString(told?.["text"]);
  const signature = asString(told?.["signature"]) ?? "";
  if (text === undefined && signature === "") return undefined;
  const states = signature === "" ? [] : [ownState("signature", signature)];
  return { kind: "reasoning", text: text ?? "", redacted: false, ...withStates(states) };
}

function readCited(value: JsonObject): Part | undefined {
  const pieces = asArray(value["content"]).map((piece) => asString(asObject(piece)?.["text"]));
  if (pieces.length === 0 || pieces.includes(undefined)) return undefined;
  const citations = readCitations(asArray(value["citations"]));
  return { kind: "text", text: pieces.join(""), citations };
}
