// Answers a call that wants a stream.

import { GatewayError, toGatewayError } from "#core/errors.ts";
import type { ClientContext } from "#dialects/dialect.ts";
import { type Exchange, StoppedEarly } from "../exchange.ts";
import type { GatewayDependencies } from "../gateway-dependencies.ts";
import { ClientStream } from "../relay/client-stream.ts";
import { type FrameWriter, frameWriter } from "../relay/frame-writer.ts";
import { type AnswerSource, judgeStream } from "../relay/held-stream.ts";
import type { ReadFrame } from "../relay/read-frame.ts";
import { replyFilters } from "../relay/reply-filters.ts";
import { breakOf } from "../relay/stream.ts";
import { usageOfStream } from "../relay/used.ts";
import { answerHeaders, earlyHeaders } from "../response-headers.ts";
import type { Attempt } from "../upstream/attempt.ts";
import type { AttemptFailure } from "../upstream/attempt-failure.ts";
import { errorResponse, sluiceObject } from "./answer-error.ts";
import { attemptRoute } from "./attempt.ts";
import { settle } from "./settle.ts";

const TEXT = new TextEncoder();

/**
 * Starts the exchange and gives out its response as soon as the head is known; the rest goes on by
 * itself. Errors are answered here, since the head may have left before they happen.
 * @param finished called when the exchange is over, whatever came of it
 */
export function answerStream(
  exchange: Exchange,
  dependencies: GatewayDependencies,
  finished: () => void,
): Promise<Response> {
  const { dialect, framing, snapshot } = exchange;
  const client = new ClientStream({
    clock: dependencies.clock,
    watch: dependencies.watch,
    keepAliveMs: snapshot.server.keepAliveMs,
    keepAlive: dialect.keepAlive(framing),
    contentType: framing === "sse" ? "text/event-stream; charset=utf-8" : "application/json",
    earlyHeaders: () => earlyHeaders(exchange),
    onGone: () => exchange.stop("client_gone"),
  });
  new StreamedAnswer(exchange, client, dependencies).run().finally(finished);
  return client.head;
}

/** One streamed exchange from its first attempt to its settlement. */
class StreamedAnswer {
  readonly #exchange: Exchange;
  readonly #client: ClientStream;
  readonly #dependencies: GatewayDependencies;

  constructor(exchange: Exchange, client: ClientStream, dependencies: GatewayDependencies) {
    this.#exchange = exchange;
    this.#client = client;
    this.#dependencies = dependencies;
  }

  /** Never rejects. */
  async run(): Promise<void> {
    try {
      const { attempt, good } = await attemptRoute(this.#exchange, this.#dependencies, (opened) =>
        judgeStream(this.#exchange, opened, this.#dependencies),
      );
      await this.#relay(attempt, good);
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  async #relay(attempt: Attempt, upstream: AnswerSource): Promise<void> {
    const exchange = this.#exchange;
    const { clock } = this.#dependencies;
    attempt.markServing();
    exchange.firstTokenMs = clock.monotonic() - exchange.startedTick;
    exchange.onStop((reason) => attempt.stop(reason));
    // After the commit point no attempt follows: an open stream does not hold its request's body.
    exchange.releaseBody();
    const writer = this.#writer(attempt);
    this.#client.sendHead(answerHeaders(exchange, exchange.firstTokenMs, undefined, attempt));
    const { last, failure } = await this.#pump(attempt, upstream, writer);
    this.#finish(attempt, upstream, { last, failure, writer });
  }

  /**
   * Moves frames until the end. What comes with or after the stream's end mark is kept back: it goes
   * out once the exchange is in the journal.
   */
  async #pump(attempt: Attempt, upstream: AnswerSource, writer: FrameWriter) {
    const last: Uint8Array[] = [];
    let failure: AttemptFailure | undefined;
    let frames: ReadFrame[] | undefined = upstream.held.splice(0);
    try {
      while (frames !== undefined) {
        const bytes = this.#written(writer, beforeFault(frames));
        if (upstream.reading.fault !== undefined) {
          this.#client.write(bytes);
          break;
        }
        if (upstream.reading.hasEnded) last.push(bytes);
        else {
          const drained = this.#client.write(bytes);
          if (drained !== undefined) await this.#slowly(drained, attempt);
        }
        frames = await upstream.next();
      }
    } catch (thrown) {
      failure = attempt.failureOf(thrown);
    }
    upstream.abandon();
    attempt.timer.end("stopped");
    return { last, failure };
  }

  #written(writer: FrameWriter, frames: readonly ReadFrame[]): Uint8Array {
    try {
      return writer.write(frames);
    } catch (error) {
      // The stream breaks off as for any failure, but this one is ours and must be seen.
      this.#dependencies.emit({ type: "fault-caught", where: "encode", error });
      throw error;
    }
  }

  /**
   * Waits for a slow client, but not longer than the attempt may take; the upstream is not blamed for
   * the silence meanwhile.
   */
  async #slowly(drained: Promise<void>, { timer }: Attempt): Promise<void> {
    timer.expectNothing();
    await new Promise<void>((resolve) => {
      timer.onEnd = resolve;
      void drained.then(resolve);
    });
    timer.onEnd = undefined;
    timer.touch(this.#dependencies.clock.monotonic());
  }

  #finish(
    attempt: Attempt,
    upstream: AnswerSource,
    ended: { last: Uint8Array[]; failure: AttemptFailure | undefined; writer: FrameWriter },
  ): void {
    const exchange = this.#exchange;
    const { reading } = upstream;
    const broken = breakOf(attempt, reading, ended.failure);
    const used = usageOfStream(exchange, reading);
    if (reading.hasUnreadable) exchange.notice("dropped", "malformed_event");
    const { stopped } = exchange;
    const hasLeft = stopped === "client_gone";
    if (hasLeft && broken !== undefined) {
      attempt.record({ outcome: "client_cancelled", usage: used });
      this.#settle("client_cancelled", "");
      this.#client.end();
      return;
    }
    if (broken !== undefined) {
      attempt.record({ outcome: "truncated", usage: used, message: broken.message });
      this.#blame(attempt, stopped === undefined);
      this.#breakOff(stopped === undefined ? truncation(broken.message) : stopError(stopped));
      return;
    }
    const record = attempt.record({ outcome: "succeeded", usage: used });
    if (record !== undefined) this.#praise(attempt, record.durationMs, used.outputTokens);
    const fault = this.#settle(hasLeft ? "client_cancelled" : "answered", "");
    if (fault !== undefined) {
      this.#writeFault(fault);
      return;
    }
    for (const bytes of ended.last) this.#client.write(bytes);
    this.#client.write(ended.writer.end());
    this.#client.end();
  }

  /** Ends a stream that has begun: settled first, then the dialect's own error event. */
  #breakOff(error: GatewayError): void {
    const fault = this.#settle(this.#client.hasWritten ? "truncated" : "failed", error.code);
    this.#writeFault(fault ?? error);
  }

  #writeFault(error: GatewayError): void {
    const { dialect, requestId, framing } = this.#exchange;
    const told = new GatewayError(error.code, error.message, {
      ...error.extras,
      sluice: sluiceObject(this.#exchange, 0),
    });
    const { hasWritten } = this.#client;
    this.#client.write(TEXT.encode(dialect.faultFrames(told, requestId, framing, hasWritten)));
    this.#client.end();
  }

  /** No good reply: an error with its real status, or an error event when the head has left already. */
  #fail(thrown: unknown): void {
    const exchange = this.#exchange;
    if (thrown instanceof StoppedEarly && thrown.reason === "client_gone") {
      this.#settle("client_cancelled", "");
      this.#client.answer(new Response(null, { status: 499 }));
      return;
    }
    const error =
      thrown instanceof StoppedEarly ? stopError(thrown.reason) : toGatewayError(thrown);
    if (error.code === "internal_error") {
      this.#dependencies.emit({ type: "fault-caught", where: "stream", error: thrown });
    }
    if (this.#client.isHeadSent) {
      this.#breakOff(error);
      return;
    }
    this.#client.answer(errorResponse(exchange, error, this.#dependencies));
  }

  #settle(
    outcome: "answered" | "truncated" | "failed" | "client_cancelled",
    code: string,
  ): GatewayError | undefined {
    try {
      // 499 is what nobody sees: the client left before any status.
      const status = outcome === "client_cancelled" && !this.#client.isHeadSent ? 499 : 200;
      settle(this.#exchange, { outcome, status, code }, this.#dependencies);
      return undefined;
    } catch (error) {
      return toGatewayError(error);
    }
  }

  #blame(attempt: Attempt, isUpstreamsFault: boolean): void {
    if (!isUpstreamsFault) return;
    const report = {
      outcome: "server_error",
      status: attempt.reply?.status ?? 0,
      retryAfterMs: undefined,
      hasOtherKeys: false,
    } as const;
    this.#dependencies.health.failed(attempt.target, this.#dependencies.clock.now(), report);
  }

  #praise(attempt: Attempt, durationMs: number, outputTokens: number): void {
    const firstTokenMs = attempt.firstTokenMs ?? durationMs;
    const writingMs = durationMs - firstTokenMs;
    const tokensPerSecond = writingMs > 0 ? (outputTokens * 1000) / writingMs : 0;
    const { health, clock } = this.#dependencies;
    health.succeeded(attempt.target, clock.now(), firstTokenMs, tokensPerSecond);
  }

  #writer(attempt: Attempt): FrameWriter {
    const exchange = this.#exchange;
    const { facts, dialect } = exchange;
    if (facts === undefined) throw new Error("A stream needs the facts of its call.");
    const late = this.#client.isHeadSent ? () => sluiceObject(exchange, 1) : undefined;
    const context: ClientContext = {
      facts,
      framing: exchange.framing,
      requestId: exchange.requestId,
      nowSeconds: Math.floor(exchange.startedAt / 1000),
      notice: (kind, subject) => exchange.notice(kind, subject),
      ...(late !== undefined && { sluice: late }),
    };
    return frameWriter(exchange, attempt, replyFilters(facts, dialect, late), context);
  }
}

/** Content that came in one piece with an error is not lost with it. */
function beforeFault(frames: readonly ReadFrame[]): readonly ReadFrame[] {
  const position = frames.findIndex(({ events }) => events.some(({ type }) => type === "faulted"));
  return position === -1 ? frames : frames.slice(0, position);
}

/** An answer that broke off after its client had seen some of it. */
export function truncation(message: string): GatewayError {
  return new GatewayError("upstream_failed", `The stream broke off: ${message}`, {
    headers: { "x-should-retry": "false" },
  });
}

/** Why the gateway itself ended an exchange. */
export function stopError(reason: string): GatewayError {
  if (reason === "revoked") {
    return new GatewayError("invalid_key", "The API key was revoked while the call was running.");
  }
  return new GatewayError("overloaded", "The gateway is shutting down.", { retryAfterSeconds: 5 });
}
