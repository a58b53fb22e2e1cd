// A stream from an upstream to a client. Up to the commit point every failure can still move on;
// after it, a failure ends the stream in the client's own error event, never as a clean end.

import type { BodyReader, BodySource } from "#core/ports/transport.ts";
import type { StreamDecoder } from "#dialects/dialect.ts";
import type { NeutralEvent, UpstreamFault } from "#dialects/neutral.ts";
import { type FrameSplitter, mayBeFramedAs, splitterOf } from "#wire/frame-splitter.ts";
import type { SseEvent } from "#wire/sse.ts";
import type { Exchange } from "../exchange.ts";
import type { GatewayDependencies } from "../gateway-dependencies.ts";
import type { Attempt } from "../upstream/attempt.ts";
import { AttemptFailure, failureOfFault, parsed } from "../upstream/attempt-failure.ts";
import { readErrorBody } from "../upstream/read-body.ts";
import type { ReadFrame } from "./read-frame.ts";
import { StreamReading } from "./stream-reading.ts";

/** How long the end of the body may take once the stream has said its last word, in milliseconds. */
const END_GRACE_MS = 1_000;
/** What may come after the last word: counters, comments. */
const MOST_AFTER_END_BYTES = 1_000_000;
/** What may come before content: openings, pings. Held, because it goes to nobody if the attempt fails. */
const MOST_HELD_BYTES = 8_000_000;
/** What holding a frame takes beside its bytes: a flood of the smallest ones is a flood all the same. */
const HELD_FRAME_BYTES = 500;

/** What stands for the end of a body. */
const NO_FRAME: SseEvent = { name: "", data: "", raw: new Uint8Array(0) };

/** The upstream's side of a stream: frames with what they say. */
export class UpstreamStream {
  readonly reading = new StreamReading();
  readonly #attempt: Attempt;
  readonly #dependencies: GatewayDependencies;
  readonly #reader: BodyReader;
  readonly #splitter: FrameSplitter;
  readonly #decoder: StreamDecoder;
  /** Frames that came before the commit point. */
  readonly held: ReadFrame[] = [];
  #heldBytes = 0;
  #bytesAfterEnd = 0;

  private constructor(attempt: Attempt, dependencies: GatewayDependencies, body: BodySource) {
    const { dialect } = attempt;
    const decoder = dialect.translation?.decoder() ?? dialect.decoder?.();
    if (decoder === undefined) throw new Error("The dialect has no streams.");
    this.#attempt = attempt;
    this.#dependencies = dependencies;
    this.#reader = body.getReader();
    this.#splitter = splitterOf(attempt.streamFraming);
    this.#decoder = decoder;
  }

  /**
   * Reads up to the commit point: the first content-bearing event that is good.
   * @throws AttemptFailure when the stream fails, ends or turns out empty before it
   */
  static async judge(
    exchange: Exchange,
    attempt: Attempt,
    dependencies: GatewayDependencies,
  ): Promise<UpstreamStream> {
    const { reply } = attempt;
    if (reply?.body === null || reply?.body === undefined) {
      throw new AttemptFailure("malformed", "The reply has no body.", {
        status: reply?.status ?? 0,
      });
    }
    const contentType = reply.headers.get("content-type");
    if (!mayBeFramedAs(attempt.streamFraming, contentType)) throw await notAStream(attempt);
    const stream = new UpstreamStream(attempt, dependencies, reply.body);
    attempt.reading = stream.reading;
    await stream.#reachContent(reply.status);
    if (stream.reading.hasUnreadable) exchange.notice("dropped", "malformed_event");
    attempt.markFirstToken();
    return stream;
  }

  /**
   * The next frames.
   * @returns undefined at the end of the body
   * @throws when the connection breaks or a deadline passes
   */
  async next(): Promise<ReadFrame[] | undefined> {
    const { hasEnded } = this.reading;
    if (hasEnded && this.#bytesAfterEnd > MOST_AFTER_END_BYTES) return undefined;
    const { done, value } = await this.#reader.read();
    const nowMs = this.#dependencies.clock.monotonic();
    const frames: ReadFrame[] = [];
    const { unwrap } = this.#attempt;
    for (const whole of done ? this.#splitter.end() : this.#splitter.push(value)) {
      const frame = unwrap === undefined ? whole : unwrap(whole);
      const events = frame.data === "" ? [] : this.#decoded(frame);
      this.reading.note(events);
      frames.push({ frame, events });
    }
    if (done) this.#readEnd(frames);
    if (hasEnded) this.#bytesAfterEnd += value?.length ?? 0;
    else if (this.reading.hasEnded) this.#attempt.timer.expectEnd(nowMs, END_GRACE_MS);
    else this.#attempt.timer.touch(nowMs);
    if (done) return frames.length > 0 ? frames : undefined;
    return frames;
  }

  /** Some dialects have no end mark but the end itself. */
  #readEnd(frames: ReadFrame[]): void {
    const events = this.#decoder.end?.() ?? [];
    if (events.length === 0) return;
    this.reading.note(events);
    frames.push({ frame: NO_FRAME, events });
  }

  #hold(frames: readonly ReadFrame[]): void {
    for (const read of frames) {
      this.held.push(read);
      this.#heldBytes += read.frame.raw.length + HELD_FRAME_BYTES;
    }
  }

  #decoded(frame: SseEvent): readonly NeutralEvent[] {
    try {
      return this.#decoder.decode(frame);
    } catch (error) {
      // The stream ends as if the upstream had broken it, but the fault is ours and must be seen.
      this.#dependencies.emit({ type: "fault-caught", where: "decode", error });
      throw error;
    }
  }

  /** Gives the connection up. */
  abandon(): void {
    this.#reader.cancel().catch(() => undefined);
  }

  async #reachContent(status: number): Promise<void> {
    const { reading } = this;
    for (;;) {
      const frames = await this.next();
      if (reading.fault !== undefined) {
        this.abandon();
        throw failureOfFault(reading.fault, status);
      }
      if (frames !== undefined) this.#hold(frames);
      if (reading.hasContent) return;
      if (this.#heldBytes > MOST_HELD_BYTES) {
        this.abandon();
        throw new AttemptFailure("malformed", "Too much came before any content.", { status });
      }
      if (reading.isEmpty && (reading.hasEnded || frames === undefined)) {
        this.abandon();
        const used = reading.usage;
        if (!reading.hasEnded) throw cutShort(status);
        throw new AttemptFailure("empty", "The stream has no content.", { status, used });
      }
      if (frames === undefined) throw cutShort(status);
    }
  }
}

/** What a stream that broke after its commit point is to the client. */
export interface Break {
  readonly outcome: "truncated";
  readonly message: string;
}

/** Why a stream that has given content is not a complete answer; undefined when it is. */
export function breakOf(
  attempt: Attempt,
  reading: StreamReading,
  thrown: AttemptFailure | undefined,
): Break | undefined {
  const fault: UpstreamFault | undefined = reading.fault;
  if (fault !== undefined) {
    return { outcome: "truncated", message: attempt.publicMessage(fault.message) };
  }
  if (reading.hasEnded) return undefined;
  const message =
    thrown?.message ?? "The upstream ended the stream before its answer was complete.";
  return { outcome: "truncated", message };
}

function cutShort(status: number): AttemptFailure {
  return new AttemptFailure("malformed", "The stream ended before any content.", { status });
}

/** A 200 that is no stream: an error as JSON, or a page of something in between. */
async function notAStream(attempt: Attempt): Promise<AttemptFailure> {
  const { reply } = attempt;
  const { bytes } = await readErrorBody(reply?.body ?? null);
  const findings = attempt.dialect.inspect(parsed(bytes), "generate");
  const status = reply?.status ?? 0;
  if (findings.fault !== undefined) return failureOfFault(findings.fault, status);
  return new AttemptFailure("malformed", "A stream was asked for, something else came.", {
    status,
  });
}
