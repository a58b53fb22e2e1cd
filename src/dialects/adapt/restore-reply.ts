// Replies with the caller's own names of tools and shapes of arguments, whole or as events.

import { restoreText } from "../json-schema/restore.ts";
import type { NeutralEvent, NeutralReply, Part } from "../neutral.ts";
import type { Restoring } from "./restoring.ts";

/** The reply as the caller expects it. */
export function restoreReply(reply: NeutralReply, restoring: Restoring): NeutralReply {
  return {
    ...reply,
    choices: reply.choices.map((choice) => ({
      ...choice,
      parts: choice.parts.map((part) => restorePart(part, restoring)),
    })),
  };
}

function restorePart(part: Part, restoring: Restoring): Part {
  if (part.kind !== "tool-call") return part;
  const shape = own(restoring.toolArguments, part.name);
  const name = own(restoring.toolNames, part.name) ?? part.name;
  if (shape === undefined) return { ...part, name };
  return { ...part, name, argumentsJson: restoreText(part.argumentsJson, shape) };
}

/** Restores a stream, event by event. Arguments that change shape are told once they are whole. */
export class EventRestorer {
  readonly #restoring: Restoring;
  /** Calls whose arguments are held: place -> their name as written, and the text so far. */
  readonly #held = new Map<string, { readonly name: string; text: string }>();

  constructor(restoring: Restoring) {
    this.#restoring = restoring;
  }

  restore(events: readonly NeutralEvent[]): readonly NeutralEvent[] {
    return events.flatMap((event) => this.#one(event));
  }

  #one(event: NeutralEvent): NeutralEvent[] {
    switch (event.type) {
      case "part-started":
        return [this.#started(event)];
      case "part-delta": {
        const held = this.#held.get(placeOf(event));
        if (held === undefined) return [event];
        held.text += event.text;
        return [];
      }
      case "part-ended":
        return [...this.#released(event), event];
      default:
        return [event];
    }
  }

  #started(event: Extract<NeutralEvent, { type: "part-started" }>): NeutralEvent {
    const { start } = event;
    if (start.kind === "whole") {
      return { ...event, start: { kind: "whole", part: restorePart(start.part, this.#restoring) } };
    }
    if (start.kind !== "tool-call") return event;
    if (own(this.#restoring.toolArguments, start.name) !== undefined) {
      this.#held.set(placeOf(event), { name: start.name, text: "" });
    }
    const name = own(this.#restoring.toolNames, start.name);
    return name === undefined ? event : { ...event, start: { ...start, name } };
  }

  #released(event: Extract<NeutralEvent, { type: "part-ended" }>): NeutralEvent[] {
    const held = this.#held.get(placeOf(event));
    if (held === undefined) return [];
    this.#held.delete(placeOf(event));
    const shape = own(this.#restoring.toolArguments, held.name);
    const text = shape === undefined ? held.text : restoreText(held.text, shape);
    const { choice, index } = event;
    return text === "" ? [] : [{ type: "part-delta", choice, index, text }];
  }
}

function placeOf(event: { readonly choice: number; readonly index: number }): string {
  return `${event.choice}.${event.index}`;
}

/** Names come from callers and models: what an object inherits is none of them. */
function own<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
