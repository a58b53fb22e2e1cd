// The output of a response out of neutral events: its items, and the events of a stream that tell how
// they came about. Streams and whole replies are written by the same hand.

import type { Json, JsonObject } from "#core/json.ts";
import { joinCitations } from "../citations.ts";
import type { ClientContext } from "../dialect.ts";
import type { Citations, NeutralEvent, Part, PartStart, ProviderState } from "../neutral.ts";
import { OPENAI_RESPONSES } from "./dialect-id.ts";
import type { KnownTool } from "./echo.ts";
import { knownTools } from "./echo.ts";
import type { OutputItem, Place } from "./output-part.ts";
import { CallItem, MessageItem, ReasoningItem } from "./output-part.ts";
import { messageStateOf, ownValue } from "./own-state.ts";
import type { StatePlace } from "./state-envelope.ts";
import { sealStates, UNSEALED } from "./state-envelope.ts";

/** Events of one part. */
export type PartEvent = Extract<NeutralEvent, { index: number }>;
/** Told each event of the stream, without its number. */
export type Emit = (type: string, members: JsonObject) => void;

/** What is known of the part that is open. */
interface OpenPart {
  readonly start: PartStart;
  /** State that came with the part or since, until it has found its place. */
  states: ProviderState[];
  hasText: boolean;
  /** Anthropic tells them before the text that they belong to, others behind it. */
  citations: Citations | undefined;
}

/** Builds one output. */
export class OutputBuilder {
  /** The finished items. */
  readonly items: JsonObject[] = [];
  hasRefusal = false;
  readonly #context: ClientContext;
  readonly #emit: Emit;
  readonly #tools: ReadonlyMap<string, KnownTool>;
  #part: OpenPart | undefined;
  /** The item that is open: a message may go on over several parts. */
  #item: OutputItem | undefined;

  constructor(context: ClientContext, emit: Emit) {
    this.#context = context;
    this.#emit = emit;
    this.#tools = knownTools(context.facts);
  }

  take(event: PartEvent): void {
    switch (event.type) {
      case "part-started":
        this.#start(event.start, event.providerState ?? []);
        return;
      case "part-delta":
        this.#text(event.text);
        return;
      case "part-state":
        this.#part?.states.push(...(event.providerState ?? []));
        if (event.citations !== undefined && this.#part !== undefined) {
          this.#part.citations = joinCitations(this.#part.citations, event.citations);
        }
        return;
      case "part-ended":
        this.#end();
    }
  }

  /** Ends what is open. Nothing follows. */
  finish(): void {
    this.#end();
    this.#closeItem();
  }

  #start(start: PartStart, states: readonly ProviderState[]): void {
    this.#end();
    if (start.kind === "whole") {
      this.#whole(start.part, states);
      return;
    }
    this.#part = { start, states: [...states], hasText: false, citations: undefined };
    if (start.kind === "refusal") this.hasRefusal = true;
    if (start.kind === "text" || start.kind === "refusal") return;
    if (start.kind === "reasoning") this.#open(new ReasoningItem(this.#place("rs")));
    else {
      this.#carry("next", this.#part.states);
      const known = this.#tools.get(start.name);
      this.#open(new CallItem(start, known, this.#place(CallItem.prefixOf(known))));
    }
  }

  /** A message begins with its first text: an empty one would be refused when it comes back. */
  #text(text: string): void {
    const part = this.#part;
    if (part === undefined || text === "") return;
    const { kind } = part.start;
    if (kind === "text" || kind === "refusal") {
      if (!part.hasText) this.#openMessage(part.states);
      if (this.#item instanceof MessageItem) this.#item.text(text, kind);
    } else this.#item?.text(text);
    part.hasText = true;
  }

  #end(): void {
    const part = this.#part;
    if (part === undefined) return;
    this.#part = undefined;
    if (part.start.kind === "text" || part.start.kind === "refusal") {
      if (part.hasText && this.#item instanceof MessageItem) {
        if (part.citations !== undefined) this.#item.cite(part.citations);
        this.#item.endPart();
      }
      this.#carry(part.hasText ? "previous" : "alone", part.states);
    } else if (this.#item instanceof ReasoningItem) {
      this.#item.seal(ownValue(part.states, "id"), this.#sealOf(part.states));
      this.#closeItem();
    } else this.#closeItem();
  }

  /** Sealed reasoning as it came; what another vendor sealed, or did not, in an envelope. */
  #sealOf(states: readonly ProviderState[]): string {
    const own = ownValue(states, "encrypted");
    return own ?? this.#sealed("this", states) ?? UNSEALED;
  }

  /** Another vendor's state of a text or a call, in an item of its own. */
  #carry(place: StatePlace, states: readonly ProviderState[]): void {
    const sealed = this.#sealed(place, states);
    if (sealed === undefined) return;
    this.#closeItem();
    const carrier = new ReasoningItem(this.#place("rs"));
    this.#open(carrier);
    carrier.seal(undefined, sealed);
    this.#closeItem();
  }

  #sealed(place: StatePlace, states: readonly ProviderState[]): string | undefined {
    const sealed = sealStates(place, states);
    if (sealed?.isWhole === false) this.#context.notice("dropped", "provider_state");
    return sealed?.text;
  }

  /** A part that arrives in one piece is written as if it had come in pieces. */
  #whole(part: Part, more: readonly ProviderState[]): void {
    const states = [...(part.providerState ?? []), ...more];
    switch (part.kind) {
      case "text":
        this.#pieces({ kind: "text" }, part.text, states, part);
        return;
      case "refusal":
        this.#pieces({ kind: "refusal" }, part.text, states);
        return;
      case "reasoning":
        this.#pieces({ kind: "reasoning", redacted: part.redacted }, part.text, states);
        return;
      case "tool-call": {
        const start = { kind: "tool-call", id: part.id, name: part.name } as const;
        this.#pieces(start, part.argumentsJson, states);
        return;
      }
      case "image":
        if (part.source.from === "base64") this.#picture(part.source);
        else this.#context.notice("dropped", "image");
        return;
      case "vendor":
        if (part.origin === OPENAI_RESPONSES) this.#wholeItem(part.value);
        else this.#context.notice("dropped", part.name);
        return;
      default:
        this.#context.notice("dropped", part.kind);
    }
  }

  #pieces(
    start: Exclude<PartStart, { kind: "whole" }>,
    text: string,
    states: readonly ProviderState[],
    cited: Extract<Part, { kind: "text" }> | undefined = undefined,
  ): void {
    this.#start(start, states);
    this.#text(text);
    if (cited?.citations !== undefined && this.#item instanceof MessageItem) {
      this.#item.cite(cited.citations);
    }
    this.#end();
  }

  #picture({ mediaType, data }: { readonly mediaType: string; readonly data: string }): void {
    this.#wholeItem({
      type: "image_generation_call",
      id: this.#place("ig").id,
      status: "completed",
      output_format: mediaType.slice(mediaType.indexOf("/") + 1),
      result: data,
    });
  }

  #wholeItem(item: JsonObject): void {
    this.#closeItem();
    const place = { output_index: this.items.length };
    this.#emit("response.output_item.added", { ...place, item });
    this.items.push(item);
    this.#emit("response.output_item.done", { ...place, item });
  }

  /** Goes on with a message, unless it is of another phase. */
  #openMessage(states: readonly ProviderState[]): void {
    const state = messageStateOf(states);
    if (this.#item instanceof MessageItem && this.#item.phase === state?.phase) return;
    const place = this.#place("msg");
    const id = state === undefined || state.id === "" ? place.id : state.id;
    this.#open(new MessageItem({ ...place, id }, state?.phase, this.#context));
  }

  #open(item: OutputItem): void {
    this.#closeItem();
    // The place depends on the items before it, and they are closed by now.
    item.place.index = this.items.length;
    this.#item = item;
    this.#emit("response.output_item.added", {
      output_index: item.place.index,
      item: item.begun(),
    });
  }

  #closeItem(): void {
    const item = this.#item;
    if (item === undefined) return;
    this.#item = undefined;
    const ended: Json = item.ended();
    this.items.push(ended);
    this.#emit("response.output_item.done", { output_index: item.place.index, item: ended });
  }

  #place(prefix: string): Place {
    const number = this.items.length + (this.#item === undefined ? 0 : 1);
    const id = `${prefix}_${this.#context.requestId.replace(/^req_/, "")}_${number}`;
    return { id, index: number, emit: this.#emit };
  }
}
