// Splits a recorded or received stream with a parser that is not the project's own.

import { createParser } from "eventsource-parser";

export interface StreamEvent {
  /** Empty when the event has none. */
  readonly name: string;
  readonly data: string;
}

/** The events of a stream; comments are left out. A last event without its blank line counts. */
export function eventsOf(text: string): StreamEvent[] {
  const events: StreamEvent[] = [];
  const parser = createParser({
    onEvent: ({ event, data }) => events.push({ name: event ?? "", data }),
  });
  parser.feed(`${text}\n\n`);
  return events;
}

/** The JSON values of a stream, its end mark left out. */
export function valuesOf(text: string): unknown[] {
  return eventsOf(text)
    .filter(({ data }) => data !== "[DONE]")
    .map(({ data }) => JSON.parse(data));
}
