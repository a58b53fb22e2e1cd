// A stream whose answer has to be looked at as a whole: read to its end before the client gets anything
// but keep-alives, then told in one go.

import { restoreReply } from "#dialects/adapt/restore-reply.ts";
import { EventCollector, eventsOf } from "#dialects/collect-events.ts";
import type { SseEvent } from "#wire/sse.ts";
import type { Exchange } from "../exchange.ts";
import type { GatewayDependencies } from "../gateway-dependencies.ts";
import type { Attempt } from "../upstream/attempt.ts";
import { AttemptFailure, failureOfFault } from "../upstream/attempt-failure.ts";
import { holdAnswer } from "./hold-answer.ts";
import type { ReadFrame } from "./read-frame.ts";
import { UpstreamStream } from "./stream.ts";
import type { StreamReading } from "./stream-reading.ts";
import { usageOfStream } from "./used.ts";

/** What the answering of a stream needs of one: frames, and what they have told. */
export interface AnswerSource {
  readonly reading: StreamReading;
  /** Frames that came before the commit point. */
  readonly held: ReadFrame[];
  next(): Promise<ReadFrame[] | undefined>;
  abandon(): void;
}

/** No answer that has to be kept whole may be larger than this, in UTF-16 code units. */
const MOST_TEXT = 8_000_000;
const NO_FRAME: SseEvent = Object.freeze({ name: "", data: "", raw: new Uint8Array(0) });

/**
 * The stream of an attempt, read up to where it is known to be good.
 * @throws AttemptFailure when it fails, ends or turns out empty or wrong before that
 */
export async function judgeStream(
  exchange: Exchange,
  attempt: Attempt,
  dependencies: GatewayDependencies,
): Promise<AnswerSource> {
  const stream = await UpstreamStream.judge(exchange, attempt, dependencies);
  const restoring = attempt.restoring;
  const plan = restoring?.answer;
  if (restoring === undefined || plan === undefined) return stream;
  const status = attempt.reply?.status ?? 0;
  const { reading } = stream;
  const reply = restoreReply(await wholeOf(stream, attempt, status), restoring);
  const used = usageOfStream(exchange, reading);
  const checked = await holdAnswer({ reply, plan, status, used }, dependencies);
  // What is told is the checked answer, in one frame that no upstream sent.
  const held = [{ frame: NO_FRAME, events: eventsOf({ ...checked, usage: used }) }];
  return { reading, held, next: async () => undefined, abandon: () => undefined };
}

async function wholeOf(stream: UpstreamStream, attempt: Attempt, status: number) {
  const { reading } = stream;
  const collector = new EventCollector();
  let frames: ReadFrame[] | undefined = stream.held.splice(0);
  try {
    while (frames !== undefined) {
      for (const { events } of frames) for (const event of events) collector.add(event);
      if (reading.fault !== undefined || reading.textLength > MOST_TEXT) break;
      frames = await stream.next();
    }
  } finally {
    stream.abandon();
  }
  if (reading.textLength > MOST_TEXT) {
    throw new AttemptFailure("reply_too_large", "The answer is too large to be checked.", {
      status,
    });
  }
  if (reading.fault !== undefined) throw failureOfFault(reading.fault, status);
  if (!reading.hasEnded) {
    const message = "The stream ended before its answer was complete.";
    throw new AttemptFailure("malformed", message, { status });
  }
  // The upstream has said all: what takes time now is the gateway's own.
  attempt.timer.expectNothing();
  return collector.reply(attempt.dialect.id);
}
