// The content blocks of a stream on their way to neutral events, whatever order the vendor sends them
// in. Blocks that overlap are told one after the other, in the order in which they began.

import type { Json, JsonObject } from "#core/json.ts";
import { asObject, asString } from "#core/json.ts";
import { parseInner } from "#wire/inner-json.ts";
import type { NeutralEvent, PartStart, ProviderState } from "../neutral.ts";
import { readBlock } from "./blocks-to-parts.ts";
import { readCitations } from "./citations.ts";
import { keepRest, ownState, withStates } from "./provider-state.ts";

/** One block between its start and its stop. What it tells is collected until it is taken. */
export interface StreamedBlock {
  readonly isToolCall: boolean;
  readonly isClosed: boolean;
  delta(delta: JsonObject): void;
  /** Says that no more deltas come. Saying it twice changes nothing. */
  close(): void;
  /** The events since the last time. */
  take(): NeutralEvent[];
}

/** Opens the block that a `content_block_start` announces, as part number `index`. */
export function openBlock(block: JsonObject, index: number): StreamedBlock {
  switch (block["type"]) {
    case "text":
      return new LiveBlock(new TextLive(index), { kind: "text" }, block);
    case "thinking":
      return new LiveBlock(new ThinkingLive(index), { kind: "reasoning", redacted: false }, block);
    case "tool_use":
      return openCall(block, index);
    default:
      return new BufferedBlock(block, index);
  }
}

/** The block that a delta without a start belongs to; undefined when it cannot be told. */
export function impliedBlock(delta: JsonObject): JsonObject | undefined {
  if (delta["type"] === "text_delta") return { type: "text", text: "" };
  return delta["type"] === "thinking_delta" ? { type: "thinking", thinking: "" } : undefined;
}

function openCall(block: JsonObject, index: number): StreamedBlock {
  const id = asString(block["id"]);
  const name = asString(block["name"]);
  if (id === undefined || name === undefined) return new BufferedBlock(block, index);
  const states = keepRest(block, CALL_MEMBERS);
  return new LiveBlock(new CallLive(index), { kind: "tool-call", id, name }, block, states);
}

const CALL_MEMBERS = new Set(["type", "id", "name", "input"]);

/** What the kinds of blocks that are told as they come differ in. */
interface Live {
  readonly index: number;
  /** Events for what the start already holds. */
  begin(block: JsonObject): NeutralEvent[];
  delta(delta: JsonObject): NeutralEvent[];
  /** Events that have to wait for the end. */
  end(): NeutralEvent[];
}

class LiveBlock implements StreamedBlock {
  readonly isToolCall: boolean;
  isClosed = false;
  readonly #live: Live;
  #told: NeutralEvent[];

  constructor(
    live: Live,
    start: PartStart,
    block: JsonObject,
    states: readonly ProviderState[] = [],
  ) {
    this.#live = live;
    this.isToolCall = start.kind === "tool-call";
    const { index } = live;
    this.#told = [
      { type: "part-started", choice: 0, index, start, ...withStates(states) },
      ...live.begin(block),
    ];
  }

  delta(delta: JsonObject): void {
    if (!this.isClosed) this.#told.push(...this.#live.delta(delta));
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.#told.push(...this.#live.end(), endOf(this.#live.index));
  }

  take(): NeutralEvent[] {
    const told = this.#told;
    this.#told = [];
    return told;
  }
}

class TextLive implements Live {
  readonly index: number;

  constructor(index: number) {
    this.index = index;
  }

  begin(block: JsonObject): NeutralEvent[] {
    const citations = Array.isArray(block["citations"]) ? block["citations"] : [];
    return [...textEvents(this.index, block["text"]), ...this.#citationEvents(citations)];
  }

  delta(delta: JsonObject): NeutralEvent[] {
    if (delta["type"] === "text_delta") return textEvents(this.index, delta["text"]);
    const citation = delta["type"] === "citations_delta" ? delta["citation"] : undefined;
    return citation === undefined ? [] : this.#citationEvents([citation]);
  }

  end(): NeutralEvent[] {
    return [];
  }

  #citationEvents(items: readonly Json[]): NeutralEvent[] {
    if (items.length === 0) return [];
    const citations = readCitations(items);
    return [{ type: "part-state", choice: 0, index: this.index, citations }];
  }
}

class ThinkingLive implements Live {
  readonly index: number;
  #signature = "";

  constructor(index: number) {
    this.index = index;
  }

  begin(block: JsonObject): NeutralEvent[] {
    this.#signature = asString(block["signature"]) ?? "";
    return textEvents(this.index, block["thinking"]);
  }

  delta(delta: JsonObject): NeutralEvent[] {
    if (delta["type"] === "thinking_delta") return textEvents(this.index, delta["thinking"]);
    // The vendor's own SDK replaces the signature by the last one; so does this.
    if (delta["type"] === "signature_delta") {
      this.#signature = asString(delta["signature"]) ?? this.#signature;
    }
    return [];
  }

  end(): NeutralEvent[] {
    if (this.#signature === "") return [];
    const providerState = [ownState("signature", this.#signature)];
    return [{ type: "part-state", choice: 0, index: this.index, providerState }];
  }
}

class CallLive implements Live {
  readonly index: number;
  #isFilled = false;
  #input: Json | undefined;

  constructor(index: number) {
    this.index = index;
  }

  begin(block: JsonObject): NeutralEvent[] {
    this.#input = block["input"];
    return [];
  }

  delta(delta: JsonObject): NeutralEvent[] {
    if (delta["type"] !== "input_json_delta") return [];
    const events = textEvents(this.index, delta["partial_json"]);
    this.#isFilled ||= events.length > 0;
    return events;
  }

  /** Arguments that came whole with the start, or none at all. */
  end(): NeutralEvent[] {
    if (this.#isFilled) return [];
    return textEvents(this.index, JSON.stringify(asObject(this.#input) ?? {}));
  }
}

/** A block that the neutral form tells as a whole: the vendor's own, or redacted thinking. */
class BufferedBlock implements StreamedBlock {
  readonly isToolCall = false;
  isClosed = false;
  readonly #block: JsonObject;
  readonly #index: number;
  #inputJson = "";
  #told: NeutralEvent[] = [];

  constructor(block: JsonObject, index: number) {
    this.#block = { ...block };
    this.#index = index;
  }

  /** Members of unknown deltas are added to those of the block, text to text. */
  delta(delta: JsonObject): void {
    for (const [key, value] of Object.entries(delta)) {
      const known = this.#block[key];
      if (key === "partial_json") this.#inputJson += asString(value) ?? "";
      else if (typeof known === "string" && typeof value === "string" && key !== "type") {
        this.#block[key] = known + value;
      } else if (key !== "type") this.#block[key] = value;
    }
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    if (this.#inputJson !== "") this.#block["input"] = parseInput(this.#inputJson);
    this.#told.push(this.#start(), endOf(this.#index));
  }

  take(): NeutralEvent[] {
    const told = this.#told;
    this.#told = [];
    return told;
  }

  #start(): NeutralEvent {
    const part = readBlock(this.#block);
    const place = { type: "part-started", choice: 0, index: this.#index } as const;
    if (part.kind !== "reasoning") return { ...place, start: { kind: "whole", part } };
    const start = { kind: "reasoning", redacted: part.redacted } as const;
    return { ...place, start, ...withStates(part.providerState ?? []) };
  }
}

function textEvents(index: number, text: Json | undefined): NeutralEvent[] {
  if (typeof text !== "string" || text === "") return [];
  return [{ type: "part-delta", choice: 0, index, text }];
}

function endOf(index: number): NeutralEvent {
  return { type: "part-ended", choice: 0, index };
}

/** Input that is no JSON stays visible as text. */
function parseInput(text: string): Json {
  try {
    return parseInner(text);
  } catch {
    return text;
  }
}
