// The messages of a request as turns. Envelopes with another vendor's state are opened on the way and
// given to the parts that they belong to.

import { invalidRequest } from "#core/errors.ts";
import type { JsonObject } from "#core/json.ts";
import { asArray, asObject, asString } from "#core/json.ts";
import { isBase64 } from "../base64.ts";
import type { Part, ProviderState, Turn } from "../neutral.ts";
import type { CallNames } from "./blocks-to-parts.ts";
import { contentBlocks, readBlock } from "./blocks-to-parts.ts";
import type { OpenedEnvelope } from "./state-envelope.ts";
import { isEnvelope, openEnvelope } from "./state-envelope.ts";

/** Told the path of each opaque value that had to be left out. */
export type OnDropped = (path: string) => void;

/** Reads `messages`. A result's tool name is looked up from the calls before it. */
export function turnsFromMessages(body: JsonObject, onDropped: OnDropped): Turn[] {
  const names: CallNames = new Map();
  return asArray(body["messages"]).map((entry, index) => {
    const message = asObject(entry) ?? {};
    const blocks = contentBlocks(message["content"]);
    const path = `messages[${index}].content`;
    checkBlocks(blocks, names, path);
    return { role: readRole(message), parts: readParts(blocks, names, path, onDropped) };
  });
}

/** The opaque text of a block that claims to hold another vendor's state. */
export function envelopeOf(block: JsonObject): string | undefined {
  const member = OPAQUE_MEMBERS[asString(block["type"]) ?? ""];
  const text = member === undefined ? undefined : asString(block[member]);
  return text !== undefined && isEnvelope(text) ? text : undefined;
}

const OPAQUE_MEMBERS: Readonly<Record<string, string>> = {
  thinking: "signature",
  redacted_thinking: "data",
};

/** A result that nobody asked for, and data that is none, can be told to no vendor. */
function checkBlocks(blocks: readonly JsonObject[], names: CallNames, path: string): void {
  blocks.forEach((block, index) => {
    const place = `${path}[${index}]`;
    checkSource(asObject(block["source"]), `${place}.source`);
    const id = asString(block["tool_use_id"]);
    if (block["type"] !== "tool_result" || id === undefined) return;
    if (!names.has(id)) {
      const message = `No call before this result has the id "${id.slice(0, 80)}".`;
      throw invalidRequest(`${place}.tool_use_id`, message);
    }
    checkBlocks(contentBlocks(block["content"]), names, `${place}.content`);
  });
}

function checkSource(source: JsonObject | undefined, path: string): void {
  const data = source?.["type"] === "base64" ? asString(source["data"]) : undefined;
  if (data === undefined || isBase64(data)) return;
  throw invalidRequest(`${path}.data`, `${path}.data is not base64.`);
}

function readRole(message: JsonObject): Turn["role"] {
  const role = message["role"];
  return role === "assistant" || role === "system" ? role : "user";
}

function readParts(
  blocks: readonly JsonObject[],
  names: CallNames,
  path: string,
  onDropped: OnDropped,
): Part[] {
  const parts: Part[] = [];
  let waiting: readonly ProviderState[] = [];
  blocks.forEach((block, index) => {
    const sealed = envelopeOf(block);
    if (sealed === undefined) {
      parts.push(withMore(readBlock(block, names), waiting));
      waiting = [];
      return;
    }
    const opened = openEnvelope(sealed);
    if (opened?.place === "next") waiting = [...waiting, ...opened.states];
    else if (!place(parts, block, opened)) onDropped(`${path}[${index}]`);
  });
  if (waiting.length > 0) onDropped(path);
  return parts;
}

/** Puts what an envelope holds where it belongs. False when it is lost. */
function place(parts: Part[], block: JsonObject, opened: OpenedEnvelope | undefined): boolean {
  const last = parts.at(-1);
  switch (opened?.place) {
    case "this":
      parts.push(reasoningOf(block, opened.states));
      return true;
    case "alone":
      parts.push({ kind: "text", text: "", providerState: opened.states });
      return true;
    case "previous":
      if (last === undefined) return false;
      parts[parts.length - 1] = withMore(last, opened.states);
      return true;
    default: {
      // What the model thought can be read without its signature; only the signature is lost.
      const thought = reasoningOf(block, []);
      if (thought.text !== "") parts.push(thought);
      return false;
    }
  }
}

function reasoningOf(block: JsonObject, states: readonly ProviderState[]) {
  const text = asString(block["thinking"]) ?? "";
  const isRedacted = block["type"] === "redacted_thinking";
  return withMore({ kind: "reasoning" as const, text, redacted: isRedacted }, states);
}

function withMore<P extends Part>(part: P, states: readonly ProviderState[]): P {
  if (states.length === 0) return part;
  return { ...part, providerState: [...states, ...(part.providerState ?? [])] };
}
