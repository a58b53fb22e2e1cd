// The whole reply that the events of a stream add up to, and the events that tell a whole reply.

import type { JsonObject } from "#core/json.ts";
import type { Usage } from "#core/usage.ts";
import { joinCitations } from "./citations.ts";
import type { NeutralChoice, NeutralEvent, NeutralReply, Part, PartStart } from "./neutral.ts";

type EndOfChoice = Extract<NeutralEvent, { type: "choice-ended" }>;
type PartEvent = Exclude<Extract<NeutralEvent, { choice: number }>, EndOfChoice>;

/** Adds up events. One instance a stream. */
export class EventCollector {
  readonly #parts = new Map<number, Part[]>();
  readonly #ends = new Map<number, EndOfChoice>();
  #id = "";
  #model = "";
  #createdAt = 0;
  #usage: Usage | undefined;
  #blocked: JsonObject | undefined;

  add(event: NeutralEvent): void {
    switch (event.type) {
      case "message-started":
        this.#id = event.id;
        this.#model = event.model;
        this.#createdAt = event.createdAt;
        return;
      case "usage":
        this.#usage = event.usage;
        return;
      case "blocked":
        this.#blocked = event.details;
        return;
      case "choice-ended":
        this.#ends.set(event.choice, event);
        return;
      default:
        if ("choice" in event) addToParts(this.#parts, event);
    }
  }

  /** @param origin dialect that the events were read in */
  reply(origin: string): NeutralReply {
    return {
      origin,
      id: this.#id,
      model: this.#model,
      createdAt: this.#createdAt,
      choices: this.#choices(),
      usage: this.#usage,
      ...(this.#blocked !== undefined && { blocked: this.#blocked }),
    };
  }

  #choices(): NeutralChoice[] {
    const indexes = [...new Set([...this.#parts.keys(), ...this.#ends.keys()])];
    return indexes
      .sort((one, other) => one - other)
      .map((index) => {
        const end = this.#ends.get(index);
        return {
          index,
          parts: this.#parts.get(index) ?? [],
          stop: end?.stop ?? "unknown",
          vendorStop: end?.vendorStop ?? "",
          ...(end?.stopSequence !== undefined && { stopSequence: end.stopSequence }),
          ...(end?.stopDetails !== undefined && { stopDetails: end.stopDetails }),
        };
      });
  }
}

function addToParts(parts: Map<number, Part[]>, event: PartEvent): void {
  const list = parts.get(event.choice) ?? [];
  parts.set(event.choice, list);
  if (event.type === "part-started") {
    const state = event.providerState;
    list[event.index] = { ...opened(event.start), ...(state && { providerState: state }) };
    return;
  }
  const part = list[event.index];
  if (part === undefined || event.type === "part-ended") return;
  if (event.type === "part-delta") {
    list[event.index] = extended(part, event.text);
    return;
  }
  const state = [...(part.providerState ?? []), ...(event.providerState ?? [])];
  list[event.index] = { ...part, ...(state.length > 0 && { providerState: state }) };
  if (part.kind === "text" && event.citations !== undefined) {
    list[event.index] = { ...part, citations: joinCitations(part.citations, event.citations) };
  }
}

function opened(start: PartStart): Part {
  if (start.kind === "whole") return start.part;
  if (start.kind === "tool-call") return { ...start, argumentsJson: "" };
  return { ...start, text: "" };
}

function extended(part: Part, text: string): Part {
  if (part.kind === "tool-call") return { ...part, argumentsJson: part.argumentsJson + text };
  if (part.kind === "text" || part.kind === "reasoning" || part.kind === "refusal") {
    return { ...part, text: part.text + text };
  }
  return part;
}

/** The events of a stream that tells just this reply. */
export function eventsOf(reply: NeutralReply): NeutralEvent[] {
  const { id, model, createdAt, usage, blocked } = reply;
  return [
    { type: "message-started", id, model, createdAt },
    ...reply.choices.flatMap(eventsOfChoice),
    ...(blocked === undefined ? [] : [{ type: "blocked", details: blocked } as const]),
    ...(usage === undefined ? [] : [{ type: "usage", usage } as const]),
    { type: "message-ended" },
  ];
}

function eventsOfChoice({ index: choice, parts, ...end }: NeutralChoice): NeutralEvent[] {
  const { stop, vendorStop, stopSequence, stopDetails } = end;
  return [
    ...parts.flatMap((part, index) => eventsOfPart(part, choice, index)),
    {
      type: "choice-ended",
      choice,
      stop,
      vendorStop,
      ...(stopSequence !== undefined && { stopSequence }),
      ...(stopDetails !== undefined && { stopDetails }),
    },
  ];
}

function eventsOfPart(part: Part, choice: number, index: number): NeutralEvent[] {
  const place = { choice, index } as const;
  const told = startOf(part);
  const state = part.providerState;
  if (told === undefined) {
    const start = { kind: "whole", part } as const;
    return [
      { type: "part-started", ...place, start },
      { type: "part-ended", ...place },
    ];
  }
  const citations = part.kind === "text" ? part.citations : undefined;
  return [
    { type: "part-started", ...place, start: told.start },
    ...(told.text === "" ? [] : [{ type: "part-delta", ...place, text: told.text } as const]),
    ...(state === undefined && citations === undefined
      ? []
      : [
          {
            type: "part-state",
            ...place,
            ...(state !== undefined && { providerState: state }),
            ...(citations !== undefined && { citations }),
          } as const,
        ]),
    { type: "part-ended", ...place },
  ];
}

/** Parts that streams tell in pieces. */
function startOf(part: Part): { readonly start: PartStart; readonly text: string } | undefined {
  switch (part.kind) {
    case "text":
    case "refusal":
      return { start: { kind: part.kind }, text: part.text };
    case "reasoning":
      return { start: { kind: "reasoning", redacted: part.redacted }, text: part.text };
    case "tool-call": {
      const { id, name, argumentsJson } = part;
      return { start: { kind: "tool-call", id, name }, text: argumentsJson };
    }
    default:
      return undefined;
  }
}
