// The parts of one choice of a stream, one at a time. Chat streams may interleave: the pieces of two
// calls take turns, text goes on while a call is unfinished. The neutral form has one open part, so the
// part that came first is live and the others wait in a queue until it is known to be complete: at once
// for text, with the last brace for the arguments of a call, and at the latest with the choice's end.

import type { Citations, NeutralEvent, Part, PartStart, ProviderState } from "../neutral.ts";
import { JsonProgress } from "./json-progress.ts";

/** A part that is open or waits. */
export interface QueuedPart {
  start: PartStart;
  /** Given with the start of the part. */
  states: readonly ProviderState[];
  /** Place among the parts of the choice; -1 while it waits. */
  index: number;
  /** Text that came while it waited. */
  held: string;
  /** State that came while it waited, after the start. */
  heldStates: readonly ProviderState[];
  isEmpty: boolean;
  /** Only for calls. */
  readonly progress: JsonProgress | undefined;
}

/** Writes the events of one choice. */
export class PartQueue {
  readonly #choice: number;
  readonly #queue: QueuedPart[] = [];
  #nextIndex = 0;

  constructor(choice: number) {
    this.#choice = choice;
  }

  /** The part that came last, unless it is over. */
  get last(): QueuedPart | undefined {
    return this.#queue.at(-1);
  }

  /** Adds a part behind all others. */
  add(start: PartStart, states: readonly ProviderState[], out: NeutralEvent[]): QueuedPart {
    const part: QueuedPart = {
      start,
      states,
      index: -1,
      held: "",
      heldStates: [],
      isEmpty: true,
      progress: start.kind === "tool-call" ? new JsonProgress() : undefined,
    };
    this.#queue.push(part);
    this.advance(out);
    return part;
  }

  /** Adds a part that is complete. */
  addWhole(part: Part, out: NeutralEvent[]): void {
    this.add({ kind: "whole", part }, [], out);
  }

  /** Adds text to a part. What comes after its end can only be white space and is left out. */
  feed(part: QueuedPart, text: string, out: NeutralEvent[]): void {
    if (text === "" || part.progress?.isComplete === true) return;
    part.isEmpty = false;
    part.progress?.feed(text);
    if (part.index < 0) part.held += text;
    else this.#delta(part, text, out);
    if (part.progress !== undefined && isComplete(part)) this.advance(out);
  }

  /** Adds state that came after the start of a part. */
  addStates(part: QueuedPart, states: readonly ProviderState[], out: NeutralEvent[]): void {
    if (states.length === 0) return;
    if (part.index < 0) part.heldStates = [...part.heldStates, ...states];
    else this.#state(part, states, out);
  }

  /** Adds citations to the open text; without one there is nothing that they could belong to. */
  cite(citations: Citations, out: NeutralEvent[]): void {
    const head = this.#queue[0];
    if (head?.start.kind !== "text" || head.index < 0) return;
    out.push({ type: "part-state", choice: this.#choice, index: head.index, citations });
  }

  /** Opens what can be opened and closes what is complete and has something waiting behind it. */
  advance(out: NeutralEvent[]): void {
    for (let head = this.#queue[0]; head !== undefined; head = this.#queue[0]) {
      if (!isNamed(head)) return;
      if (head.index < 0) this.#open(head, out);
      if (this.#queue.length === 1 || !isComplete(head)) return;
      this.#close(head, out);
    }
  }

  /** Opens and closes everything that is left. */
  finish(out: NeutralEvent[]): void {
    for (let head = this.#queue[0]; head !== undefined; head = this.#queue[0]) {
      if (head.index < 0) this.#open(head, out);
      this.#close(head, out);
    }
  }

  #open(part: QueuedPart, out: NeutralEvent[]): void {
    part.index = this.#nextIndex;
    this.#nextIndex += 1;
    out.push({
      type: "part-started",
      choice: this.#choice,
      index: part.index,
      start: part.start,
      ...(part.states.length > 0 && { providerState: part.states }),
    });
    if (part.held !== "") this.#delta(part, part.held, out);
    if (part.heldStates.length > 0) this.#state(part, part.heldStates, out);
  }

  #close(part: QueuedPart, out: NeutralEvent[]): void {
    // A call without arguments has an empty object of them.
    if (part.isEmpty && part.progress !== undefined) this.#delta(part, "{}", out);
    out.push({ type: "part-ended", choice: this.#choice, index: part.index });
    this.#queue.shift();
  }

  #delta(part: QueuedPart, text: string, out: NeutralEvent[]): void {
    out.push({ type: "part-delta", choice: this.#choice, index: part.index, text });
  }

  #state(part: QueuedPart, states: readonly ProviderState[], out: NeutralEvent[]): void {
    const place = { choice: this.#choice, index: part.index };
    out.push({ type: "part-state", ...place, providerState: states });
  }
}

/** A call whose name is still to come cannot be announced. */
function isNamed(part: QueuedPart): boolean {
  return part.start.kind !== "tool-call" || part.start.name !== "";
}

function isComplete(part: QueuedPart): boolean {
  return part.progress === undefined || part.progress.isComplete;
}
