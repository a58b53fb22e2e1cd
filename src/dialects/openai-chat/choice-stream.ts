// One choice of a stream: its deltas, read into the queue of its parts.

import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asNumber, asObject, asString } from "#core/json.ts";
import type { Citations, NeutralEvent } from "../neutral.ts";
import {
  AUDIO,
  CUSTOM_CALL,
  isContentAlone,
  readArguments,
  readPicture,
  vendor,
} from "./assistant-message.ts";
import { readAnnotations } from "./citations.ts";
import { readExtraContent } from "./extra-content.ts";
import type { QueuedPart } from "./part-queue.ts";
import { PartQueue } from "./part-queue.ts";
import type { ReasoningPiece } from "./reasoning-details.ts";
import { continues, joinPieces, readReasoning } from "./reasoning-details.ts";
import { readContent, readStopDetails } from "./reply-to-neutral.ts";
import { readStop } from "./stop-reason.ts";

/** A call under construction. */
interface OpenCall {
  readonly id: string;
  readonly part: QueuedPart;
}

/** Reads the deltas of one choice. */
export class ChoiceStream {
  readonly #index: number;
  readonly #callSeed: string;
  readonly #queue: PartQueue;
  readonly #calls = new Map<string, OpenCall>();
  #lastCallKey = "";
  #callCount = 0;
  /** Text of the open reasoning is not kept, only what decides where the next piece belongs. */
  #reasoning: ReasoningPiece | undefined;
  #hasRefusal = false;
  #hasCall = false;
  #isCited = false;
  #isEnded = false;

  /** @param callSeed opens the ids of calls that come without one */
  constructor(index: number, callSeed: string) {
    this.#index = index;
    this.#callSeed = callSeed;
    this.#queue = new PartQueue(index);
  }

  /**
   * Reads one entry of `choices`. Nothing is read after the choice's end.
   * @param sources what the answer as a whole rests on, told once the choice ends
   */
  read(choice: JsonObject, sources: Citations | undefined, out: NeutralEvent[]): void {
    if (this.#isEnded) return;
    const delta = asObject(choice["delta"]);
    if (delta !== undefined) this.#readDelta(delta, out);
    const word = asString(choice["finish_reason"]) ?? "";
    if (word === "") return;
    this.#cite(sources, out);
    this.#end(word, choice, out);
  }

  /** Ends a choice that the upstream left open. */
  close(sources: Citations | undefined, out: NeutralEvent[]): void {
    if (this.#isEnded) return;
    this.#cite(sources, out);
    this.#end("", {}, out);
  }

  #cite(sources: Citations | undefined, out: NeutralEvent[]): void {
    if (sources !== undefined && !this.#isCited) this.#queue.cite(sources, out);
  }

  #end(word: string, choice: JsonObject, out: NeutralEvent[]): void {
    this.#queue.finish(out);
    this.#isEnded = true;
    const stopSequence = asString(choice["stop_reason"]);
    const shape = { hasToolCall: this.#hasCall, hasRefusal: this.#hasRefusal, stopSequence };
    const stop = readStop(word, shape);
    const stopDetails = readStopDetails(choice);
    out.push({
      type: "choice-ended",
      choice: this.#index,
      stop,
      vendorStop: word,
      ...(stop === "stop_sequence" && stopSequence !== undefined && { stopSequence }),
      ...(stopDetails !== undefined && { stopDetails }),
    });
  }

  #readDelta(delta: JsonObject, out: NeutralEvent[]): void {
    const content = delta["content"];
    if (isContentAlone(delta)) {
      this.#addContent(content, out);
      return;
    }
    for (const piece of readReasoning(delta)) this.#addReasoning(piece, out);
    this.#addContent(content, out);
    const refusal = asString(delta["refusal"]) ?? "";
    if (refusal !== "") this.#hasRefusal = true;
    this.#addText("refusal", refusal, out);
    for (const entry of asArray(delta["tool_calls"])) this.#addCall(asObject(entry) ?? {}, out);
    const legacy = asObject(delta["function_call"]);
    if (legacy !== undefined) this.#addCall({ index: 0, function: legacy }, out);
    this.#readRareMembers(delta, out);
  }

  #addContent(content: Json | undefined, out: NeutralEvent[]): void {
    if (typeof content === "string") this.#addText("text", content, out);
    else if (Array.isArray(content)) this.#addChunks(content, out);
  }

  #readRareMembers(delta: JsonObject, out: NeutralEvent[]): void {
    for (const image of asArray(delta["images"])) {
      for (const part of readPicture(image)) this.#queue.addWhole(part, out);
    }
    const audio = asObject(delta[AUDIO]);
    if (audio !== undefined) this.#queue.addWhole(vendor(AUDIO, audio), out);
    const annotations = asArray(delta["annotations"]);
    if (annotations.length > 0) {
      this.#isCited = true;
      this.#queue.cite(readAnnotations(annotations), out);
    }
    const { last } = this.#queue;
    const states = readExtraContent(delta);
    if (states.length === 0) return;
    const part = last?.start.kind === "text" ? last : this.#queue.add({ kind: "text" }, [], out);
    this.#queue.addStates(part, states, out);
  }

  #addText(kind: "text" | "refusal", text: string, out: NeutralEvent[]): void {
    if (text === "") return;
    const { last } = this.#queue;
    const part = last?.start.kind === kind ? last : this.#queue.add({ kind }, [], out);
    this.#queue.feed(part, text, out);
  }

  /** Mistral's content in chunks. */
  #addChunks(chunks: readonly Json[], out: NeutralEvent[]): void {
    for (const part of readContent([...chunks])) {
      if (part.kind === "text" || part.kind === "refusal") this.#addText(part.kind, part.text, out);
      else if (part.kind === "reasoning") {
        const states = part.providerState ?? [];
        this.#addReasoning({ key: "", text: part.text, isRedacted: false, states }, out);
      } else this.#queue.addWhole(part, out);
    }
  }

  #addReasoning(piece: ReasoningPiece, out: NeutralEvent[]): void {
    const { last } = this.#queue;
    const before = last?.start.kind === "reasoning" ? this.#reasoning : undefined;
    if (before !== undefined && last !== undefined && continues(before, piece)) {
      this.#reasoning = joinPieces(before, { ...piece, text: "" });
      this.#queue.feed(last, piece.text, out);
      this.#queue.addStates(last, piece.states, out);
      return;
    }
    this.#reasoning = { ...piece, text: "" };
    const start = { kind: "reasoning", redacted: piece.isRedacted } as const;
    const part = this.#queue.add(start, piece.isRedacted ? piece.states : [], out);
    this.#queue.feed(part, piece.text, out);
    if (!piece.isRedacted) this.#queue.addStates(part, piece.states, out);
  }

  #addCall(entry: JsonObject, out: NeutralEvent[]): void {
    this.#hasCall = true;
    if (entry["type"] === "custom" || asObject(entry["custom"]) !== undefined) {
      this.#queue.addWhole(vendor(CUSTOM_CALL, entry), out);
      return;
    }
    const called = asObject(entry["function"]) ?? {};
    const states = readExtraContent(entry);
    const { part, isNew } = this.#callOf(entry, called, out);
    if (!isNew) {
      this.#rename(part, asString(called["name"]) ?? "", out);
      this.#queue.addStates(part, states, out);
    }
    const given = called["arguments"];
    // A call that is sent whole may have `null` or an object of arguments.
    const text = typeof given === "string" && given !== "null" ? given : readWholeArguments(given);
    this.#queue.feed(part, text, out);
  }

  /** Finds the call that an entry belongs to, by index, else by id, else the last one. */
  #callOf(entry: JsonObject, called: JsonObject, out: NeutralEvent[]) {
    const id = asString(entry["id"]) ?? "";
    const index = asNumber(entry["index"]);
    const key = index === undefined ? id || this.#lastCallKey : String(index);
    this.#lastCallKey = key;
    const known = this.#calls.get(key);
    // Some imitators give every call of a turn the index 0; their ids tell them apart.
    if (known !== undefined && (id === "" || known.id === "" || known.id === id)) {
      return { part: known.part, isNew: false };
    }
    const name = asString(called["name"]) ?? "";
    const callId = id === "" ? `${this.#callSeed}_${this.#callCount}` : id;
    this.#callCount += 1;
    const start = { kind: "tool-call", id: callId, name } as const;
    const part = this.#queue.add(start, readExtraContent(entry), out);
    this.#calls.set(key, { id, part });
    return { part, isNew: true };
  }

  /** A name counts once: later deltas may repeat it or leave it empty. */
  #rename(part: QueuedPart, name: string, out: NeutralEvent[]): void {
    if (part.start.kind !== "tool-call" || part.start.name !== "" || name === "") return;
    part.start = { ...part.start, name };
    this.#queue.advance(out);
  }
}

function readWholeArguments(given: Json | undefined): string {
  return typeof given === "object" && given !== null ? readArguments(given) : "";
}
