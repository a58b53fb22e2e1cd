// Answers a call whose reply may be something else than JSON: JSON is held and judged like any other
// answer, everything else passes as it comes, no faster than the client takes it.

import { GatewayError } from "#core/errors.ts";
import type { BodyReader } from "#core/ports/transport.ts";
import { type Exchange, StoppedEarly, type StopReason } from "../exchange.ts";
import type { GatewayDependencies } from "../gateway-dependencies.ts";
import { judgePassing, judgeUnread, type PassingReply } from "../relay/passing-reply.ts";
import { usageOf, usageOfStream } from "../relay/used.ts";
import { judgeWhole, type WholeReply } from "../relay/whole.ts";
import { answerHeaders } from "../response-headers.ts";
import type { Attempt } from "../upstream/attempt.ts";
import { sluiceObject } from "./answer-error.ts";
import { stopError, truncation } from "./answer-stream.ts";
import { giveWhole } from "./answer-whole.ts";
import { attemptRoute } from "./attempt.ts";
import { settle } from "./settle.ts";

const TEXT = new TextEncoder();
const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\b/i;

/**
 * Tries the route and answers with the first good reply.
 * @param finished called when the exchange is over, unless this throws
 * @throws GatewayError or StoppedEarly when there is no good reply; the exchange is then not settled yet
 */
export async function answerPassing(
  exchange: Exchange,
  dependencies: GatewayDependencies,
  finished: () => void,
): Promise<Response> {
  const { attempt, good } = await attemptRoute<WholeReply | PassingReply>(
    exchange,
    dependencies,
    (opened) => {
      if (exchange.route.through !== undefined) return judgeUnread(opened);
      return JSON_TYPE.test(opened.reply?.headers.get("content-type") ?? "")
        ? judgeWhole(exchange, opened, dependencies)
        : judgePassing(opened);
    },
  );
  if ("payload" in good) {
    const response = giveWhole(exchange, { attempt, good }, dependencies);
    finished();
    return response;
  }
  if (exchange.stopped !== undefined) {
    good.reader.cancel().catch(() => undefined);
    attempt.record({ outcome: "client_cancelled", usage: usageOf(exchange, undefined, 0) });
    throw new StoppedEarly(exchange.stopped);
  }
  if (BODILESS.has(attempt.reply?.status ?? 0)) {
    const response = giveNothing(exchange, attempt, dependencies);
    finished();
    return response;
  }
  return new PassingAnswer(exchange, { attempt, good }, dependencies, finished).begin();
}

/** Statuses that have no body, not even an empty one. */
const BODILESS: ReadonlySet<number> = new Set([204, 205]);

/** @throws GatewayError when it cannot be recorded */
function giveNothing(
  exchange: Exchange,
  attempt: Attempt,
  dependencies: GatewayDependencies,
): Response {
  attempt.record({ outcome: "succeeded", usage: usageOf(exchange, undefined, 0) });
  attempt.markServing();
  const status = attempt.reply?.status ?? 204;
  settle(exchange, { outcome: "answered", status, code: "" }, dependencies);
  const elapsedMs = dependencies.clock.monotonic() - exchange.startedTick;
  return new Response(null, { status, headers: answerHeaders(exchange, elapsedMs, undefined) });
}

/** One reply on its way, from its first bytes to its settlement. */
class PassingAnswer {
  readonly #exchange: Exchange;
  readonly #attempt: Attempt;
  readonly #reply: PassingReply;
  readonly #reader: BodyReader;
  readonly #dependencies: GatewayDependencies;
  readonly #finished: () => void;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #isOver = false;
  #isReading = false;
  /** The client has left, and the rest is read for what it tells of usage. */
  #isDraining = false;

  constructor(
    exchange: Exchange,
    { attempt, good }: { readonly attempt: Attempt; readonly good: PassingReply },
    dependencies: GatewayDependencies,
    finished: () => void,
  ) {
    this.#exchange = exchange;
    this.#attempt = attempt;
    this.#reply = good;
    this.#reader = good.reader;
    this.#dependencies = dependencies;
    this.#finished = finished;
  }

  /** The head, and the body as far as it has come. */
  begin(): Response {
    const exchange = this.#exchange;
    const attempt = this.#attempt;
    attempt.markServing();
    exchange.firstTokenMs = this.#dependencies.clock.monotonic() - exchange.startedTick;
    exchange.onStop((reason) => this.#stop(reason));
    // Also while the client does not ask for more, so that nobody waits for it for ever.
    attempt.timer.onEnd = () => this.#broken();
    const headers = answerHeaders(exchange, exchange.firstTokenMs, undefined, attempt);
    headers["content-type"] = asContentType(this.#reply.contentType);
    headers["cache-control"] = "no-store";
    headers["x-content-type-options"] = "nosniff";
    const body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
          for (const bytes of this.#reply.first) controller.enqueue(bytes);
        },
        pull: () => this.#more(),
        cancel: () => exchange.stop("client_gone"),
      },
      { highWaterMark: 0 },
    );
    return new Response(body, { status: attempt.reply?.status ?? 200, headers });
  }

  /** What a client that has left does not get may still tell what was used. */
  #stop(reason: StopReason): void {
    const mayTell = this.#reply.screen.isEvents && reason === "client_gone";
    if (!mayTell || this.#attempt.provider.onDisconnect !== "drain") {
      this.#attempt.timer.end("stopped");
      return;
    }
    this.#isDraining = true;
    if (!this.#isReading) void this.#more();
  }

  /** Moves bytes until some have gone on, or the end. */
  async #more(): Promise<void> {
    this.#isReading = true;
    try {
      const isEnd = await this.#move();
      if (isEnd && !this.#isOver) this.#ended();
    } catch {
      this.#broken();
    } finally {
      this.#isReading = false;
    }
  }

  /** @returns true at the end of the body */
  async #move(): Promise<boolean> {
    const { screen } = this.#reply;
    for (;;) {
      const { done, value } = await this.#reader.read();
      if (this.#isOver || done) return done;
      const passed = screen.pass(value);
      if (screen.reading.fault !== undefined) throw new Error("The upstream reports a fault.");
      if (this.#isDraining) continue;
      for (const bytes of passed) this.#controller?.enqueue(bytes);
      if (passed.length > 0) return false;
    }
  }

  #ended(): void {
    const { screen } = this.#reply;
    const rest = screen.rest();
    if (!screen.isComplete()) {
      this.#broken();
      return;
    }
    const attempt = this.#attempt;
    const used = usageOfStream(this.#exchange, screen.reading);
    const record = attempt.record({ outcome: "succeeded", usage: used });
    const { health, clock } = this.#dependencies;
    const durationMs = record?.durationMs ?? 0;
    health.succeeded(attempt.target, clock.now(), attempt.firstTokenMs ?? durationMs, 0);
    if (this.#isDraining) this.#over("client_cancelled", "", undefined);
    else this.#over("answered", "", rest);
  }

  /** Breaks off: the client must not take for whole what is not. */
  #broken(): void {
    if (this.#isOver) return;
    const exchange = this.#exchange;
    const attempt = this.#attempt;
    const usage = usageOfStream(exchange, this.#reply.screen.reading);
    this.#reader.cancel().catch(() => undefined);
    if (exchange.stopped === "client_gone") {
      attempt.record({ outcome: "client_cancelled", usage });
      this.#over("client_cancelled", "", undefined);
      return;
    }
    const told = this.#reply.screen.reading.fault?.message ?? "It ended before it was complete.";
    const message = attempt.publicMessage(told);
    attempt.record({ outcome: "truncated", usage, message });
    const { stopped } = exchange;
    const error = stopped === undefined ? truncation(message) : stopError(stopped);
    this.#over("truncated", error.code, this.#faultOf(error));
  }

  /** Events can tell an error; other bytes can only be cut off. */
  #faultOf(error: GatewayError): readonly Uint8Array[] | undefined {
    const { dialect, requestId, framing } = this.#exchange;
    if (!this.#reply.screen.isEvents) return undefined;
    const sluice = sluiceObject(this.#exchange, 0);
    const told = new GatewayError(error.code, error.message, { ...error.extras, sluice });
    return [TEXT.encode(dialect.faultFrames(told, requestId, framing))];
  }

  /** @param rest what the client still gets; undefined: its connection is cut */
  #over(
    outcome: "answered" | "truncated" | "client_cancelled",
    code: string,
    rest: readonly Uint8Array[] | undefined,
  ): void {
    this.#isOver = true;
    this.#attempt.timer.onEnd = undefined;
    this.#attempt.timer.end("stopped");
    const isWritten = this.#settled(outcome, code);
    const controller = this.#controller;
    if (outcome === "client_cancelled") {
      // Nobody is there to be told.
    } else if (rest !== undefined && isWritten) {
      for (const bytes of rest) controller?.enqueue(bytes);
      controller?.close();
    } else controller?.error(new Error("The answer broke off."));
    this.#finished();
  }

  #settled(outcome: "answered" | "truncated" | "client_cancelled", code: string): boolean {
    try {
      const status = this.#attempt.reply?.status ?? 200;
      settle(this.#exchange, { outcome, status, code }, this.#dependencies);
      return true;
    } catch {
      // What is not recorded is not answered; the recorder has said why.
      return false;
    }
  }
}

/** A foreign value, as far as it is a content type. */
function asContentType(text: string): string {
  return /^[\w.+-]+\/[\w.+-]+(?:\s*;\s*[\w.+-]+=[\w.+"-]+)*$/.test(text)
    ? text
    : "application/octet-stream";
}
