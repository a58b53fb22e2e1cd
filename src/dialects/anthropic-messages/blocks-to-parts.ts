// Content blocks, of requests and replies alike, as neutral parts. Blocks that the neutral form has no
// part for stay whole as vendor parts; members that a part has no field for stay as raw state.

import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asObject, asString, isJsonObject } from "#core/json.ts";
import type {
  FilePart,
  ImagePart,
  Part,
  ProviderState,
  TextPart,
  ToolResultPart,
  VendorPart,
} from "../neutral.ts";
import { isPlainCacheControl, readCacheMark } from "./cache-mark.ts";
import { readCitations } from "./citations.ts";
import { ANTHROPIC_MESSAGES } from "./dialect-id.ts";
import { readSource } from "./media-source.ts";
import { keepRest, ownState, withStates } from "./provider-state.ts";

const TEXT_MEMBERS = new Set(["type", "text", "citations"]);
const IMAGE_MEMBERS = new Set(["type", "source"]);
const DOCUMENT_MEMBERS = new Set(["type", "source", "title"]);
const THINKING_MEMBERS = new Set(["type", "thinking", "signature"]);
const REDACTED_MEMBERS = new Set(["type", "data"]);
const CALL_MEMBERS = new Set(["type", "id", "name", "input"]);
const RESULT_MEMBERS = new Set(["type", "tool_use_id", "content", "is_error"]);

/** Names of the tools called so far, by call id: results do not repeat them. */
export type CallNames = Map<string, string>;

/** One block as a part. A tool call's name is remembered in `names`, a result's looked up. */
export function readBlock(block: JsonObject, names: CallNames = new Map()): Part {
  return readKnownBlock(block, names) ?? vendorPart(block);
}

/** The content of a message: a string, or a list of blocks. */
export function contentBlocks(content: Json | undefined): JsonObject[] {
  if (typeof content === "string") return [{ type: "text", text: content }];
  return asArray(content).filter(isJsonObject);
}

/** Blocks of a system prompt: text, or something of the vendor's own. */
export function readInstruction(block: JsonObject): TextPart | VendorPart {
  return readText(block) ?? vendorPart(block);
}

/** A block that only Anthropic has, whole. */
export function vendorPart(block: JsonObject): VendorPart {
  const name = asString(block["type"]) ?? "block";
  const instead = insteadOf(block);
  const said = instead === undefined ? {} : { instead };
  return {
    kind: "vendor",
    origin: ANTHROPIC_MESSAGES,
    name,
    value: block,
    ...said,
    ...readCacheMark(block),
  };
}

/** What a block says to other vendors' models, as far as it is text or can be left out. */
function insteadOf(block: JsonObject): string | undefined {
  switch (block["type"]) {
    case "tool_reference":
      return asString(block["tool_name"]);
    // Tools that come or are found later are offered from the beginning.
    case "tool_addition":
      return "";
    case "search_result":
      return [asString(block["title"]), asString(block["source"]), textOf(block["content"])]
        .filter((line) => line !== undefined)
        .join("\n");
    case "document": {
      const source = asObject(block["source"]);
      const text = source?.["type"] === "content" ? textOf(source["content"]) : undefined;
      const title = asString(block["title"]);
      return text === undefined || title === undefined ? text : `${title}\n\n${text}`;
    }
    default:
      return undefined;
  }
}

/** The text of a string or of blocks; undefined when there are others than text among them. */
function textOf(content: Json | undefined): string | undefined {
  const blocks = contentBlocks(content);
  const texts = blocks.map((block) =>
    block["type"] === "text" ? asString(block["text"]) : undefined,
  );
  return texts.every((text) => text !== undefined) ? texts.join("\n") : undefined;
}

function readKnownBlock(block: JsonObject, names: CallNames): Part | undefined {
  switch (block["type"]) {
    case "text":
      return readText(block);
    case "image":
      return readImage(block);
    case "document":
      return readDocument(block);
    case "thinking":
      return readThinking(block);
    case "redacted_thinking":
      return readRedacted(block);
    case "tool_use":
      return readCall(block, names);
    case "tool_result":
      return readResult(block, names);
    default:
      return undefined;
  }
}

function readText(block: JsonObject): TextPart | undefined {
  const text = asString(block["text"]);
  if (block["type"] !== "text" || text === undefined) return undefined;
  const items = asArray(block["citations"]);
  return {
    kind: "text",
    text,
    ...(items.length > 0 && { citations: readCitations(items) }),
    ...marks(block, TEXT_MEMBERS),
  };
}

function readImage(block: JsonObject): ImagePart | undefined {
  const source = readSource(asObject(block["source"]));
  if (source === undefined) return undefined;
  return { kind: "image", source, ...marks(block, IMAGE_MEMBERS) };
}

function readDocument(block: JsonObject): FilePart | undefined {
  const source = readSource(asObject(block["source"]));
  if (source === undefined) return undefined;
  const name = asString(block["title"]);
  return {
    kind: "file",
    source,
    ...(name !== undefined && { name }),
    ...marks(block, DOCUMENT_MEMBERS),
  };
}

function readThinking(block: JsonObject): Part | undefined {
  const text = asString(block["thinking"]);
  const signature = asString(block["signature"]) ?? "";
  if (text === undefined) return undefined;
  const states = signature === "" ? [] : [ownState("signature", signature)];
  return { kind: "reasoning", text, redacted: false, ...marks(block, THINKING_MEMBERS, states) };
}

function readRedacted(block: JsonObject): Part | undefined {
  const data = asString(block["data"]);
  if (data === undefined) return undefined;
  const states = [ownState("redacted", data)];
  return { kind: "reasoning", text: "", redacted: true, ...marks(block, REDACTED_MEMBERS, states) };
}

function readCall(block: JsonObject, names: CallNames): Part | undefined {
  const id = asString(block["id"]);
  const name = asString(block["name"]);
  if (id === undefined || name === undefined) return undefined;
  names.set(id, name);
  const argumentsJson = JSON.stringify(block["input"] ?? {});
  return { kind: "tool-call", id, name, argumentsJson, ...marks(block, CALL_MEMBERS) };
}

function readResult(block: JsonObject, names: CallNames): ToolResultPart | undefined {
  const callId = asString(block["tool_use_id"]);
  if (callId === undefined) return undefined;
  return {
    kind: "tool-result",
    callId,
    name: names.get(callId) ?? "",
    content: contentBlocks(block["content"]).map(readResultContent),
    isError: block["is_error"] === true,
    ...marks(block, RESULT_MEMBERS),
  };
}

function readResultContent(block: JsonObject): ToolResultPart["content"][number] {
  return readText(block) ?? readResultMedia(block) ?? vendorPart(block);
}

function readResultMedia(block: JsonObject): ImagePart | FilePart | undefined {
  if (block["type"] === "image") return readImage(block);
  return block["type"] === "document" ? readDocument(block) : undefined;
}

/** Cache breakpoint and state of a block, raw members included. */
function marks(
  block: JsonObject,
  members: ReadonlySet<string>,
  states: readonly ProviderState[] = [],
) {
  const known = isPlainCacheControl(block) ? new Set([...members, "cache_control"]) : members;
  return { ...readCacheMark(block), ...withStates([...states, ...keepRest(block, known)]) };
}
