// Reading streams in tests of dialects: bytes to neutral events, the grammar that those must keep, and
// the whole answer that they add up to.

import type { Usage } from "#core/usage.ts";
import { SseSplitter } from "#wire/sse.ts";
import { EventCollector } from "./collect-events.ts";
import type { ClientContext, Translation } from "./dialect.ts";
import type { NeutralChoice, NeutralEvent } from "./neutral.ts";

/** Decodes the text of a stream, cut into chunks at the given places. */
export function decodeStream(
  translation: Translation,
  text: string,
  cuts: readonly number[] = [],
): NeutralEvent[] {
  const bytes = new TextEncoder().encode(text);
  const splitter = new SseSplitter();
  const decoder = translation.decoder();
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  const events: NeutralEvent[] = [];
  let from = 0;
  for (const place of [...places, bytes.length]) {
    for (const event of splitter.push(bytes.slice(from, place))) {
      events.push(...decoder.decode(event));
    }
    from = place;
  }
  for (const event of splitter.end()) events.push(...decoder.decode(event));
  return [...events, ...(decoder.end?.() ?? [])];
}

/** Encodes events as the text of a stream. */
export function encodeStream(
  translation: Translation,
  events: readonly NeutralEvent[],
  context: ClientContext,
): string {
  const encoder = translation.encoder(context);
  return events.map((event) => encoder.encode(event)).join("");
}

interface OpenChoice {
  /** Index of the open part, -1 when there is none. */
  open: number;
  parts: number;
  isEnded: boolean;
}

/** What is wrong with a sequence of events; empty when it keeps the grammar of `NeutralEvent`. */
export function grammarFaults(events: readonly NeutralEvent[]): string[] {
  const faults: string[] = [];
  const choices = new Map<number, OpenChoice>();
  const choiceOf = (number: number): OpenChoice => {
    const known = choices.get(number) ?? { open: -1, parts: 0, isEnded: false };
    choices.set(number, known);
    return known;
  };
  let isOver = false;
  events.forEach((event, position) => {
    const where = `event ${position} (${event.type})`;
    if (isOver) faults.push(`${where} follows the end`);
    const isAnywhere = event.type === "faulted" || event.type === "unreadable";
    if ((event.type === "message-started") !== (position === 0) && !isAnywhere) {
      faults.push(`${where}: message-started must be first, and only there`);
    }
    if (event.type === "faulted" || event.type === "message-ended") isOver = true;
    if (!("choice" in event)) return;
    const choice = choiceOf(event.choice);
    if (choice.isEnded) faults.push(`${where} follows the end of its choice`);
    faults.push(...choiceFaults(event, choice).map((fault) => `${where}: ${fault}`));
  });
  const isFaulted = events.at(-1)?.type === "faulted";
  for (const [number, choice] of choices) {
    if (!isFaulted && (choice.open !== -1 || !choice.isEnded)) faults.push(`choice ${number} open`);
  }
  return faults;
}

function choiceFaults(
  event: Extract<NeutralEvent, { choice: number }>,
  choice: OpenChoice,
): string[] {
  if (event.type === "choice-ended") {
    choice.isEnded = true;
    return choice.open === -1 ? [] : [`part ${choice.open} is still open`];
  }
  if (event.type === "part-started") {
    const faults = choice.open === -1 ? [] : [`part ${choice.open} is still open`];
    if (event.index !== choice.parts) faults.push(`index ${event.index} is not contiguous`);
    choice.open = event.index;
    choice.parts += 1;
    return faults;
  }
  const faults = event.index === choice.open ? [] : [`part ${event.index} is not the open one`];
  if (event.type === "part-ended") choice.open = -1;
  return faults;
}

/** What a stream adds up to. */
export interface CollectedStream {
  readonly model: string;
  readonly choices: readonly NeutralChoice[];
  readonly usage: Usage | undefined;
  /** The types of the events that are no content, in order: `blocked`, `faulted`, `message-ended`. */
  readonly marks: readonly string[];
}

/** Puts the whole answer together that the events tell. */
export function collectStream(events: readonly NeutralEvent[]): CollectedStream {
  const collector = new EventCollector();
  const marks: string[] = [];
  for (const event of events) {
    collector.add(event);
    if (MARKS.has(event.type)) marks.push(event.type);
  }
  const { model, choices, usage } = collector.reply("");
  return { model, choices, usage, marks };
}

const MARKS: ReadonlySet<NeutralEvent["type"]> = new Set<NeutralEvent["type"]>([
  "blocked",
  "faulted",
  "unreadable",
  "message-ended",
]);
