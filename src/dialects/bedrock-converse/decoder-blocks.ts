// The content blocks of a stream on their way to neutral events. Text and reasoning begin with their
// first delta; calls are announced. Blocks that overlap are told one after the other.

import { Buffer } from "node:buffer";
import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asObject, asString } from "#core/json.ts";
import { parseInner } from "#wire/inner-json.ts";
import type { NeutralEvent, PartStart, ProviderState } from "../neutral.ts";
import { readBlock } from "./blocks-to-parts.ts";
import { readCitations } from "./citations.ts";
import { ownState, withStates } from "./own-state.ts";

/** One block between its first sign and its end. What it tells is collected until it is taken. */
export abstract class StreamedBlock {
  readonly index: number;
  isClosed = false;
  #told: NeutralEvent[] = [];

  /** @param index of the part */
  constructor(index: number) {
    this.index = index;
  }

  /** True for a call that the client has to answer. */
  get isToolCall(): boolean {
    return false;
  }

  abstract delta(delta: JsonObject): void;

  /** What has to wait for the end. */
  protected abstract finish(): void;

  /** Says that no more deltas come. Saying it twice changes nothing. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.finish();
    this.tell({ type: "part-ended", choice: 0, index: this.index });
  }

  /** The events since the last time. */
  take(): NeutralEvent[] {
    const told = this.#told;
    this.#told = [];
    return told;
  }

  protected tell(event: NeutralEvent): void {
    this.#told.push(event);
  }

  protected open(start: PartStart, states: readonly ProviderState[] = []): void {
    const { index } = this;
    this.tell({ type: "part-started", choice: 0, index, start, ...withStates(states) });
  }

  protected text(text: Json | undefined): boolean {
    if (typeof text !== "string" || text === "") return false;
    this.tell({ type: "part-delta", choice: 0, index: this.index, text });
    return true;
  }
}

/** The block that a `contentBlockStart` announces; undefined when only its deltas will tell. */
export function startedBlock(start: JsonObject, index: number): StreamedBlock | undefined {
  const [kind] = Object.keys(start);
  if (kind === undefined || kind === "text" || kind === "reasoningContent") return undefined;
  const call = asObject(start["toolUse"]);
  const id = asString(call?.["toolUseId"]);
  const name = asString(call?.["name"]);
  const isOurs = call?.["type"] === undefined || call["type"] === "tool_use";
  if (id !== undefined && name !== undefined && isOurs) return new CallBlock(index, id, name);
  return new WholeBlock(index, kind, asObject(start[kind]) ?? {});
}

/** The block that a delta without a start belongs to; undefined when there is nothing in it to tell. */
export function impliedBlock(delta: JsonObject, index: number): StreamedBlock | undefined {
  if (typeof delta["text"] === "string")
    return delta["text"] === "" ? undefined : new TextBlock(index);
  if (delta["citation"] !== undefined) return new TextBlock(index);
  const reasoning = asObject(delta["reasoningContent"]);
  if (reasoning !== undefined) return impliedReasoning(reasoning, index);
  const [kind] = Object.keys(delta);
  if (kind === undefined || kind === "toolUse") return undefined;
  return new WholeBlock(index, kind, {});
}

function impliedReasoning(reasoning: JsonObject, index: number): StreamedBlock | undefined {
  const isRedacted = reasoning["redactedContent"] !== undefined;
  const text = asString(reasoning["text"]) ?? asString(reasoning["signature"]) ?? "";
  if (!isRedacted && text === "") return undefined;
  return new ReasoningBlock(index, isRedacted);
}

class TextBlock extends StreamedBlock {
  constructor(index: number) {
    super(index);
    this.open({ kind: "text" });
  }

  delta(delta: JsonObject): void {
    this.text(delta["text"]);
    const { citation } = delta;
    if (citation === undefined) return;
    const citations = readCitations([citation]);
    this.tell({ type: "part-state", choice: 0, index: this.index, citations });
  }

  protected finish(): void {
    // Everything has been told as it came.
  }
}

class ReasoningBlock extends StreamedBlock {
  #signature = "";
  #redacted: Uint8Array[] = [];

  constructor(index: number, isRedacted: boolean) {
    super(index);
    this.open({ kind: "reasoning", redacted: isRedacted });
  }

  delta(delta: JsonObject): void {
    const reasoning = asObject(delta["reasoningContent"]) ?? {};
    this.text(reasoning["text"]);
    this.#signature += asString(reasoning["signature"]) ?? "";
    const redacted = asString(reasoning["redactedContent"]);
    if (redacted !== undefined) this.#redacted.push(Buffer.from(redacted, "base64"));
  }

  protected finish(): void {
    const states: ProviderState[] = [];
    if (this.#signature !== "") states.push(ownState("signature", this.#signature));
    if (this.#redacted.length > 0) {
      states.push(ownState("redacted", Buffer.concat(this.#redacted).toString("base64")));
    }
    if (states.length === 0) return;
    this.tell({ type: "part-state", choice: 0, index: this.index, providerState: states });
  }
}

class CallBlock extends StreamedBlock {
  #isFilled = false;

  constructor(index: number, id: string, name: string) {
    super(index);
    this.open({ kind: "tool-call", id, name });
  }

  override get isToolCall(): boolean {
    return true;
  }

  delta(delta: JsonObject): void {
    const isTold = this.text(asObject(delta["toolUse"])?.["input"]);
    this.#isFilled ||= isTold;
  }

  /** No arguments at all are an empty object. */
  protected finish(): void {
    if (!this.#isFilled) this.text("{}");
  }
}

/** A block that the neutral form tells as a whole: Bedrock's own calls and their results, images. */
class WholeBlock extends StreamedBlock {
  readonly #kind: string;
  readonly #value: JsonObject;
  #inputJson = "";
  #content: Json[] = [];

  constructor(index: number, kind: string, start: JsonObject) {
    super(index);
    this.#kind = kind;
    this.#value = { ...start };
  }

  /** Text is added to text, lists to lists, members to members. */
  delta(delta: JsonObject): void {
    const told = delta[this.#kind];
    if (Array.isArray(told)) this.#addContent(told);
    for (const [key, value] of Object.entries(asObject(told) ?? {})) {
      const known = this.#value[key];
      if (this.#kind === "toolUse" && key === "input") this.#inputJson += asString(value) ?? "";
      else if (typeof known === "string" && typeof value === "string") {
        this.#value[key] = known + value;
      } else this.#value[key] = value;
    }
  }

  /** Pieces of one text come one after the other. */
  #addContent(pieces: readonly Json[]): void {
    for (const piece of pieces) {
      const last = asObject(this.#content.at(-1));
      const text = asString(asObject(piece)?.["text"]);
      const before = asString(last?.["text"]);
      if (text !== undefined && before !== undefined) {
        this.#content[this.#content.length - 1] = { ...last, text: before + text };
      } else this.#content.push(piece);
    }
  }

  protected finish(): void {
    if (this.#inputJson !== "") this.#value["input"] = parseInput(this.#inputJson);
    if (this.#content.length > 0) {
      this.#value["content"] = [...asArray(this.#value["content"]), ...this.#content];
    }
    this.open({ kind: "whole", part: readBlock({ [this.#kind]: this.#value }) });
  }
}

/** Input that is no JSON stays visible as text. */
function parseInput(text: string): Json {
  try {
    return parseInner(text);
  } catch {
    return text;
  }
}
