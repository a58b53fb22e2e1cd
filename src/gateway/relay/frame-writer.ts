// From the frames of an upstream to the bytes for the client: as they came, put into another framing,
// or translated. One writer a stream; the filter chain stands in front of each.

import type { Usage } from "#core/usage.ts";
import { EventRestorer } from "#dialects/adapt/restore-reply.ts";
import type { Restoring } from "#dialects/adapt/restoring.ts";
import type { ClientContext, StreamEncoder } from "#dialects/dialect.ts";
import type { NeutralEvent } from "#dialects/neutral.ts";
import { sseFrame } from "#wire/sse.ts";
import type { Exchange } from "../exchange.ts";
import type { Attempt } from "../upstream/attempt.ts";
import type { ReadFrame } from "./read-frame.ts";
import type { ReplyFilter } from "./reply-filters.ts";
import { estimatedUsage } from "./used.ts";

/** Turns frames into bytes for the client. */
export interface FrameWriter {
  /** @returns bytes of complete frames only, possibly none */
  write(frames: readonly ReadFrame[]): Uint8Array;
  /** What the framing still needs when the stream has ended well. */
  end(): Uint8Array;
}

const TEXT = new TextEncoder();
const NOTHING = new Uint8Array(0);

/** Picks the writer that this exchange and attempt need. */
export function frameWriter(
  exchange: Exchange,
  attempt: Attempt,
  filters: readonly ReplyFilter[],
  context: ClientContext,
): FrameWriter {
  if (attempt.passesThrough) {
    if (exchange.framing !== "sse") return new ArrayWriter(filters);
    return attempt.streamFraming === "sse" ? new VerbatimWriter(filters) : new EventWriter(filters);
  }
  const { translation } = exchange.dialect;
  if (translation === undefined)
    throw new Error("A stream of another dialect needs a translation.");
  // An answer that was held is restored already.
  const isHeld = attempt.restoring?.answer !== undefined;
  const restoring = isHeld ? undefined : attempt.restoring;
  return new TranslatingWriter(translation.encoder(context), attempt.target.model, {
    restoring,
    missingUsage: () => missingUsage(exchange, attempt),
  });
}

/** What a client is told where its upstream told nothing: the same estimate as in the record. */
function missingUsage(exchange: Exchange, { reading }: Attempt): Usage | undefined {
  if (reading === undefined || reading.usage !== undefined) return undefined;
  return estimatedUsage(exchange.sensed?.inputTokens ?? 0, reading.textLength);
}

/** Passes the bytes of the frames on, in runs where they lie side by side. */
class VerbatimWriter implements FrameWriter {
  readonly #filters: readonly ReplyFilter[];

  constructor(filters: readonly ReplyFilter[]) {
    this.#filters = filters;
  }

  write(frames: readonly ReadFrame[]): Uint8Array {
    const pieces: Uint8Array[] = [];
    for (const read of frames) {
      const kept = filtered(read, this.#filters);
      if (kept !== undefined) append(pieces, kept);
    }
    return joined(pieces);
  }

  end(): Uint8Array {
    return NOTHING;
  }
}

/** Puts the data of each frame of another framing into a server-sent event, untouched. */
class EventWriter implements FrameWriter {
  readonly #filters: readonly ReplyFilter[];

  constructor(filters: readonly ReplyFilter[]) {
    this.#filters = filters;
  }

  write(frames: readonly ReadFrame[]): Uint8Array {
    const pieces: Uint8Array[] = [];
    for (const read of frames) {
      const { name, data, raw } = read.frame;
      const kept = data === "" ? undefined : filtered(read, this.#filters);
      if (kept === undefined) continue;
      // A filter that wrote something else has written an event.
      pieces.push(kept === raw ? TEXT.encode(sseFrame(data, name || undefined)) : kept);
    }
    return joined(pieces);
  }

  end(): Uint8Array {
    return NOTHING;
  }
}

/** Puts the data of each frame into one JSON array, untouched. */
class ArrayWriter implements FrameWriter {
  readonly #filters: readonly ReplyFilter[];
  #isOpen = false;

  constructor(filters: readonly ReplyFilter[]) {
    this.#filters = filters;
  }

  write(frames: readonly ReadFrame[]): Uint8Array {
    let text = "";
    for (const read of frames) {
      if (read.frame.data === "" || filtered(read, this.#filters) === undefined) continue;
      text += (this.#isOpen ? ",\n" : "[") + read.frame.data;
      this.#isOpen = true;
    }
    return TEXT.encode(text);
  }

  end(): Uint8Array {
    return TEXT.encode(this.#isOpen ? "]" : "[]");
  }
}

/** Writes the events in the client's dialect; its encoder knows the framing. */
class TranslatingWriter implements FrameWriter {
  readonly #encoder: StreamEncoder;
  /** Model of the target, for streams of vendors that name none. */
  readonly #model: string;
  readonly #restorer: EventRestorer | undefined;
  /** Asked when the stream ends; undefined when the upstream told its usage. */
  readonly #missingUsage: () => Usage | undefined;

  constructor(
    encoder: StreamEncoder,
    model: string,
    parts: {
      readonly restoring: Restoring | undefined;
      readonly missingUsage: () => Usage | undefined;
    },
  ) {
    this.#encoder = encoder;
    this.#model = model;
    this.#restorer = parts.restoring && new EventRestorer(parts.restoring);
    this.#missingUsage = parts.missingUsage;
  }

  write(frames: readonly ReadFrame[]): Uint8Array {
    let text = "";
    for (const { events } of frames) {
      const told = this.#restorer?.restore(events) ?? events;
      for (const event of told) {
        if (event.type === "message-ended") text += this.#estimate();
        text += this.#encoder.encode(this.#named(event));
      }
    }
    return text === "" ? NOTHING : TEXT.encode(text);
  }

  #estimate(): string {
    const usage = this.#missingUsage();
    return usage === undefined ? "" : this.#encoder.encode({ type: "usage", usage });
  }

  #named(event: NeutralEvent): NeutralEvent {
    return event.type === "message-started" && event.model === ""
      ? { ...event, model: this.#model }
      : event;
  }

  end(): Uint8Array {
    return NOTHING;
  }
}

function filtered(read: ReadFrame, filters: readonly ReplyFilter[]): Uint8Array | undefined {
  let bytes: Uint8Array | undefined = read.frame.raw;
  for (const filter of filters) {
    if (bytes === undefined) return undefined;
    bytes = filter(read, bytes);
  }
  return bytes;
}

/** Adds bytes, growing the last piece when they follow it in the same buffer: the usual case. */
function append(pieces: Uint8Array[], bytes: Uint8Array): void {
  const last = pieces.at(-1);
  if (
    last !== undefined &&
    last.buffer === bytes.buffer &&
    last.byteOffset + last.byteLength === bytes.byteOffset
  ) {
    pieces[pieces.length - 1] = new Uint8Array(
      last.buffer,
      last.byteOffset,
      last.byteLength + bytes.byteLength,
    );
  } else pieces.push(bytes);
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const [only] = pieces;
  if (pieces.length <= 1) return only ?? NOTHING;
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}
