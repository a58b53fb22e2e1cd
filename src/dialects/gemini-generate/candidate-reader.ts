// One candidate of a stream: pieces of content in, contiguous parts out.

import type { JsonObject } from "#core/json.ts";
import { asObject } from "#core/json.ts";
import type { NeutralEvent, Part, PartStart, ProviderState } from "../neutral.ts";
import { readStopDetails, replyIds } from "./candidate.ts";
import { citationsOf, readEvidence } from "./citations.ts";
import type { Fields } from "./fields.ts";
import { PartialArguments } from "./partial-arguments.ts";
import type { CallIds } from "./parts-to-neutral.ts";
import { readPart } from "./parts-to-neutral.ts";
import { readSignature } from "./signatures.ts";
import { readStop } from "./stop-reason.ts";

interface OpenText {
  readonly kind: "text" | "reasoning";
  readonly index: number;
  /** A signature has closed it: more text is a part of its own. */
  isSigned: boolean;
}

interface OpenCall {
  readonly kind: "call";
  readonly index: number;
  readonly collected: PartialArguments;
}

/** Reads one candidate. Events are added to the list that is handed in. */
export class CandidateReader {
  readonly #choice: number;
  readonly #ids: CallIds;
  #open: OpenText | OpenCall | undefined;
  #parts = 0;
  #hasCall = false;
  #isEnded = false;
  /** Evidence is repeated and grows from chunk to chunk; the last state counts. */
  #evidence: JsonObject = {};

  /** @param choice the candidate's index */
  constructor(choice: number, responseId: string) {
    this.#choice = choice;
    this.#ids = replyIds(responseId, choice);
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Reads what a chunk says of this candidate. */
  read(candidate: Fields, events: NeutralEvent[]): void {
    if (this.#isEnded) return;
    for (const part of candidate.object("content")?.objects("parts") ?? []) {
      this.#readPart(part, events);
    }
    this.#evidence = readEvidence(candidate, this.#evidence);
    const finishReason = candidate.string("finishReason");
    if (finishReason !== undefined && finishReason !== "") {
      this.#end(finishReason, candidate, events);
    }
  }

  #readPart(part: Fields, events: NeutralEvent[]): void {
    const call = part.object("functionCall");
    if (call !== undefined && this.#takeCallPiece(call, part, events)) return;
    const read = readPart(part, this.#ids).part;
    if (read.kind === "text" || read.kind === "reasoning") this.#takeText(read, events);
    else if (read.kind === "tool-call") this.#takeCall(read, events);
    else this.#takeWhole(read, events);
  }

  #takeText(part: Extract<Part, { kind: "text" | "reasoning" }>, events: NeutralEvent[]): void {
    if (part.text === "" && part.providerState === undefined) return;
    const open = this.#open;
    const fits = open?.kind === part.kind && !(open.isSigned && part.text !== "");
    let target = fits ? open : undefined;
    if (target === undefined) {
      const start: PartStart =
        part.kind === "text" ? { kind: "text" } : { kind: "reasoning", redacted: part.redacted };
      target = { kind: part.kind, index: this.#start(start, events), isSigned: false };
      this.#open = target;
    }
    const { index } = target;
    if (part.text !== "") {
      events.push({ type: "part-delta", choice: this.#choice, index, text: part.text });
    }
    if (part.providerState === undefined) return;
    target.isSigned = true;
    const { providerState } = part;
    events.push({ type: "part-state", choice: this.#choice, index, providerState });
  }

  #takeCall(part: Extract<Part, { kind: "tool-call" }>, events: NeutralEvent[]): void {
    const { id, name, argumentsJson } = part;
    const index = this.#start({ kind: "tool-call", id, name }, events, part.providerState);
    this.#hasCall = true;
    events.push({ type: "part-delta", choice: this.#choice, index, text: argumentsJson });
    events.push({ type: "part-ended", choice: this.#choice, index });
  }

  /**
   * Takes a piece of a call whose arguments come in pieces: a name opens it, what has no name goes
   * on with it, and the first piece that does not promise another one closes it.
   * @returns false when the call is a whole one
   */
  #takeCallPiece(call: Fields, part: Fields, events: NeutralEvent[]): boolean {
    const continues = call.flag("willContinue") === true;
    const isOpening = (call.string("name") ?? "") !== "";
    if (isOpening && !continues && !call.has("partialArgs")) return false;
    const target = isOpening ? this.#openCall(part, events) : this.#openedCall(part, events);
    if (target === undefined) return true;
    target.collected.takeAll(asObject(call.value("args")) ?? {});
    for (const piece of call.objects("partialArgs")) target.collected.take(piece);
    if (!continues) this.#close(events);
    return true;
  }

  /** The call that a nameless piece belongs to, with a signature that only comes now. */
  #openedCall(part: Fields, events: NeutralEvent[]): OpenCall | undefined {
    if (this.#open?.kind !== "call") return undefined;
    const providerState = readSignature(part.string("thoughtSignature")).states;
    if (providerState.length > 0) {
      const { index } = this.#open;
      events.push({ type: "part-state", choice: this.#choice, index, providerState });
    }
    return this.#open;
  }

  #openCall(part: Fields, events: NeutralEvent[]): OpenCall | undefined {
    const read = readPart(part, this.#ids).part;
    if (read.kind !== "tool-call") return undefined;
    const states = read.providerState?.filter((state) => state.kind !== "raw");
    const start: PartStart = { kind: "tool-call", id: read.id, name: read.name };
    const index = this.#start(start, events, states);
    const open = { kind: "call", index, collected: new PartialArguments() } as const;
    this.#open = open;
    this.#hasCall = true;
    return open;
  }

  #takeWhole(part: Part, events: NeutralEvent[]): void {
    const index = this.#start({ kind: "whole", part }, events);
    events.push({ type: "part-ended", choice: this.#choice, index });
  }

  #start(
    start: PartStart,
    events: NeutralEvent[],
    providerState?: readonly ProviderState[],
  ): number {
    this.#close(events);
    const index = this.#parts;
    this.#parts += 1;
    const state =
      providerState === undefined || providerState.length === 0 ? {} : { providerState };
    events.push({ type: "part-started", choice: this.#choice, index, start, ...state });
    return index;
  }

  #close(events: NeutralEvent[]): void {
    const open = this.#open;
    if (open === undefined) return;
    this.#open = undefined;
    const { index } = open;
    if (open.kind === "call") {
      const text = open.collected.toJson();
      events.push({ type: "part-delta", choice: this.#choice, index, text });
    }
    events.push({ type: "part-ended", choice: this.#choice, index });
  }

  #end(finishReason: string, candidate: Fields, events: NeutralEvent[]): void {
    this.#cite(events);
    this.#close(events);
    this.#isEnded = true;
    const stop = readStop(finishReason, this.#hasCall);
    const stopDetails = readStopDetails(candidate, stop);
    events.push({
      type: "choice-ended",
      choice: this.#choice,
      stop,
      vendorStop: finishReason,
      ...(stopDetails !== undefined && { stopDetails }),
    });
  }

  #cite(events: NeutralEvent[]): void {
    const citations = citationsOf(this.#evidence);
    if (citations === undefined) return;
    if (this.#open?.kind !== "text") {
      const index = this.#start({ kind: "text" }, events);
      this.#open = { kind: "text", index, isSigned: true };
    }
    const { index } = this.#open;
    events.push({ type: "part-state", choice: this.#choice, index, citations });
  }
}
