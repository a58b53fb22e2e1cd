// One item of a stream on its way to neutral events. An item may hold several parts; which number each
// gets is decided when it is told, because items may overlap and are told one after the other.

import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asNumber, asObject, asString } from "#core/json.ts";
import type { Citations, Part, PartStart, ProviderState } from "../neutral.ts";
import { readAnnotations } from "./annotations.ts";
import { messagePart, outputParts } from "./output-item.ts";
import { messageStates, reasoningStates } from "./own-state.ts";

/** What an item tells of its parts, which come one at a time. */
export type Step =
  | {
      readonly kind: "start";
      readonly start: PartStart;
      readonly states?: readonly ProviderState[];
    }
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "state";
      readonly states?: readonly ProviderState[];
      readonly citations?: Citations;
    }
  | { readonly kind: "end" };

/** One item between its beginning and its end. What it tells is collected until it is taken. */
export abstract class StreamedItem {
  isClosed = false;
  #told: Step[] = [];
  #isPartOpen = false;

  /** Reads an event that is about this item, by its type without `response.`. */
  abstract read(type: string, event: JsonObject): void;

  /** The end. @param item as it ended; undefined when the stream broke off before that */
  close(item: JsonObject | undefined): void {
    if (this.isClosed) return;
    this.finish(item);
    this.endPart();
    this.isClosed = true;
  }

  /** The steps since the last time. */
  take(): Step[] {
    const told = this.#told;
    this.#told = [];
    return told;
  }

  /** Tells what only the end says. */
  protected abstract finish(item: JsonObject | undefined): void;

  protected get isPartOpen(): boolean {
    return this.#isPartOpen;
  }

  protected startPart(start: PartStart, states: readonly ProviderState[] = []): void {
    this.endPart();
    this.#isPartOpen = true;
    this.#told.push({ kind: "start", start, ...(states.length > 0 && { states }) });
  }

  protected addText(text: string): void {
    if (text !== "") this.#told.push({ kind: "text", text });
  }

  protected addStates(states: readonly ProviderState[]): void {
    if (states.length > 0) this.#told.push({ kind: "state", states });
  }

  protected cite(items: readonly Json[]): void {
    if (items.length > 0) this.#told.push({ kind: "state", citations: readAnnotations(items) });
  }

  protected endPart(): void {
    if (!this.#isPartOpen) return;
    this.#isPartOpen = false;
    this.#told.push({ kind: "end" });
  }

  /** A part that came in one piece. */
  protected wholePart(part: Part): void {
    if (part.kind === "tool-call") {
      this.startPart({ kind: "tool-call", id: part.id, name: part.name });
      this.addText(part.argumentsJson);
    } else this.startPart({ kind: "whole", part });
    this.endPart();
  }
}

/** Begins the item that an `output_item.added` announces. */
export function openItem(item: JsonObject): StreamedItem {
  switch (item["type"]) {
    case "message":
      return new StreamedMessage(item);
    case "reasoning":
      return new StreamedReasoning();
    case "function_call":
      return new StreamedCall(item);
    case "custom_tool_call":
      return new StreamedCustomCall(item);
    default:
      return new WholeItem(item);
  }
}

/** The item that an event without a beginning belongs to; undefined when it cannot be told. */
export function impliedItem(type: string): JsonObject | undefined {
  if (/^(?:output_text|refusal|content_part)\./.test(type)) return { type: "message" };
  return type.startsWith("reasoning") ? { type: "reasoning" } : undefined;
}

/** How far one part of an item has come. */
interface Progress {
  length: number;
  annotations: number;
}

class StreamedMessage extends StreamedItem {
  readonly #progress = new Map<number, Progress>();
  /** State that no text has taken yet. */
  #states: readonly ProviderState[];
  readonly #hasPhase: boolean;
  #open = -1;
  /** Annotations that came before the text that they belong to. */
  #early: Json[] = [];

  constructor(item: JsonObject) {
    super();
    this.#states = messageStates(item);
    this.#hasPhase = this.#states.length > 0;
  }

  read(type: string, event: JsonObject): void {
    const index = asNumber(event["content_index"]) ?? 0;
    switch (type) {
      case "output_text.delta":
        this.#feed(index, "text", asString(event["delta"]) ?? "");
        return;
      case "refusal.delta":
        this.#feed(index, "refusal", asString(event["delta"]) ?? "");
        return;
      case "output_text.annotation.added":
        this.#annotate(index, event["annotation"]);
        return;
      case "output_text.done":
        this.#complete(index, { type: "output_text", text: event["text"] });
        return;
      case "refusal.done":
        this.#complete(index, { type: "refusal", refusal: event["refusal"] });
        return;
      case "content_part.done":
        this.#complete(index, asObject(event["part"]) ?? {});
    }
  }

  protected finish(item: JsonObject | undefined): void {
    asArray(item?.["content"]).forEach((part, index) => {
      this.#complete(index, asObject(part) ?? {});
    });
    // A phase that only the end tells.
    if (item !== undefined && !this.#hasPhase && this.isPartOpen) {
      this.addStates(messageStates(item));
    }
  }

  #progressOf(index: number): Progress {
    const known = this.#progress.get(index);
    if (known !== undefined) return known;
    const made = { length: 0, annotations: 0 };
    this.#progress.set(index, made);
    return made;
  }

  #feed(index: number, kind: "text" | "refusal", text: string): void {
    if (text === "") return;
    if (this.#open !== index || !this.isPartOpen) {
      this.startPart({ kind }, kind === "text" ? this.#states : []);
      if (kind === "text") this.#states = [];
      this.#open = index;
      this.cite(this.#early.splice(0));
    }
    this.#progressOf(index).length += text.length;
    this.addText(text);
  }

  #annotate(index: number, annotation: Json | undefined): void {
    if (annotation === undefined || annotation === null) return;
    this.#progressOf(index).annotations += 1;
    if (this.#open === index && this.isPartOpen) this.cite([annotation]);
    else this.#early.push(annotation);
  }

  /** Adds what the deltas left out. */
  #complete(index: number, part: JsonObject): void {
    const progress = this.#progressOf(index);
    const kind = part["type"] === "refusal" ? "refusal" : "text";
    if (part["type"] !== "refusal" && part["type"] !== "output_text") {
      if (progress.length > 0) return;
      progress.length = 1;
      for (const whole of messagePart(part)) if (whole.kind === "vendor") this.wholePart(whole);
      return;
    }
    const text = asString(part[kind]) ?? "";
    this.#feed(index, kind, text.slice(progress.length));
    const missing = asArray(part["annotations"]).slice(progress.annotations);
    if (missing.length === 0 || this.#open !== index || !this.isPartOpen) return;
    progress.annotations += missing.length;
    this.cite(missing);
  }
}

class StreamedReasoning extends StreamedItem {
  readonly #lengths = new Map<string, number>();
  #open = "";

  read(type: string, event: JsonObject): void {
    const summary = `summary ${asNumber(event["summary_index"]) ?? 0}`;
    const content = `content ${asNumber(event["content_index"]) ?? 0}`;
    switch (type) {
      case "reasoning_summary_text.delta":
        this.#feed(summary, event["delta"]);
        return;
      case "reasoning_summary_text.done":
        this.#complete(summary, event["text"]);
        return;
      case "reasoning_text.delta":
      case "reasoning.delta":
        this.#feed(content, event["delta"]);
        return;
      case "reasoning_text.done":
      case "reasoning.done":
        this.#complete(content, event["text"]);
    }
  }

  /** State comes last, because only the end has it for good, and stands on the last part. */
  protected finish(item: JsonObject | undefined): void {
    if (item === undefined) return;
    for (const list of ["summary", "content"] as const) {
      asArray(item[list]).forEach((part, index) => {
        this.#complete(`${list} ${index}`, asObject(part)?.["text"]);
      });
    }
    const states = reasoningStates(item);
    if (this.isPartOpen) this.addStates(states);
    else if (states.length > 0) this.startPart({ kind: "reasoning", redacted: true }, states);
  }

  #feed(key: string, delta: Json | undefined): void {
    const text = asString(delta) ?? "";
    if (text === "") return;
    if (this.#open !== key) this.startPart({ kind: "reasoning", redacted: false });
    this.#open = key;
    this.#lengths.set(key, (this.#lengths.get(key) ?? 0) + text.length);
    this.addText(text);
  }

  /** Text of a part that was left behind can no longer be added. */
  #complete(key: string, whole: Json | undefined): void {
    const known = this.#lengths.get(key);
    if (known === undefined || key === this.#open) {
      this.#feed(key, (asString(whole) ?? "").slice(known ?? 0));
    }
  }
}

/** A call whose arguments come as JSON text. */
class StreamedCall extends StreamedItem {
  readonly #added: JsonObject;
  #length = 0;

  constructor(item: JsonObject) {
    super();
    this.#added = item;
    this.#begin(item);
  }

  read(type: string, event: JsonObject): void {
    if (!this.isPartOpen) return;
    if (type === "function_call_arguments.delta") this.#feed(asString(event["delta"]) ?? "");
    if (type === "function_call_arguments.done") this.#complete(event["arguments"]);
  }

  protected finish(item: JsonObject | undefined): void {
    const ended = item ?? this.#added;
    if (!this.isPartOpen) this.#begin(ended);
    if (!this.isPartOpen) {
      for (const part of outputParts(ended)) this.wholePart(part);
      return;
    }
    this.#complete(ended["arguments"] ?? this.#added["arguments"]);
    if (this.#length === 0) this.#feed("{}");
  }

  /** A call can be announced once it has an id and a name. */
  #begin(item: JsonObject): void {
    const [part] = outputParts(item);
    if (part?.kind !== "tool-call") return;
    this.startPart({ kind: "tool-call", id: part.id, name: part.name });
  }

  #feed(text: string): void {
    this.#length += text.length;
    this.addText(text);
  }

  #complete(whole: Json | undefined): void {
    const text = typeof whole === "object" ? JSON.stringify(whole) : (asString(whole) ?? "");
    if (text !== "null") this.#feed(text.slice(this.#length));
  }
}

/** A call whose input is free text: to others it is the one argument of a function. */
class StreamedCustomCall extends StreamedItem {
  readonly #added: JsonObject;
  #length = 0;

  constructor(item: JsonObject) {
    super();
    this.#added = item;
    this.#begin(item);
  }

  read(type: string, event: JsonObject): void {
    if (!this.isPartOpen) return;
    if (type === "custom_tool_call_input.delta") this.#feed(asString(event["delta"]) ?? "");
  }

  protected finish(item: JsonObject | undefined): void {
    const ended = item ?? this.#added;
    if (!this.isPartOpen) this.#begin(ended);
    if (!this.isPartOpen) {
      for (const part of outputParts(ended)) this.wholePart(part);
      return;
    }
    this.#feed((asString(ended["input"]) ?? "").slice(this.#length));
    this.addText('"}');
  }

  #begin(item: JsonObject): void {
    const [part] = outputParts(item);
    if (part?.kind !== "tool-call") return;
    this.startPart({ kind: "tool-call", id: part.id, name: part.name });
    this.addText('{"input":"');
  }

  #feed(text: string): void {
    this.#length += text.length;
    this.addText(JSON.stringify(text).slice(1, -1));
  }
}

/** An item that the neutral form tells as a whole. */
class WholeItem extends StreamedItem {
  readonly #added: JsonObject;

  constructor(item: JsonObject) {
    super();
    this.#added = item;
  }

  read(): void {}

  protected finish(item: JsonObject | undefined): void {
    for (const part of outputParts(item ?? this.#added)) this.wholePart(part);
  }
}
