// One exchange on its way through the stages: what is known so far, filled in stage by stage.

import type { AttemptRecord } from "#core/attempt.ts";
import type { Caller } from "#core/caller.ts";
import type { Decision } from "#core/decision.ts";
import type { CallFacts, SensedFacts } from "#core/facts.ts";
import { drawOf, type ExchangeId, exchangeId, requestIdOf } from "#core/ids.ts";
import type { Notice, NoticeKind } from "#core/notices.ts";
import type { HeaderFields } from "#core/ports/transport.ts";
import type { Target } from "#core/target.ts";
import type { Dialect, Framing } from "#dialects/dialect.ts";
import { type Label, UNLABELLED } from "#policy/dataflow/permits.ts";
import type { Snapshot } from "#snapshot/snapshot.ts";
import type { CallBody } from "./call-body.ts";
import type { GatewayDependencies } from "./gateway-dependencies.ts";
import type { Watched } from "./live/watch.ts";
import type { CallRoute } from "./routes.ts";

/** A call as the listener hands it over. */
export interface IncomingCall {
  readonly request: Request;
  /** As sent, percent-encoding included, without query. */
  readonly path: string;
  /** With the leading `?`, or empty. */
  readonly query: string;
  /** Address of the peer, without port. */
  readonly peerAddress: string;
  /** Seconds for which nothing may move on the connection before it is closed; 0 = for ever. */
  limitSilence(seconds: number): void;
}

/** How long a body may pause on its way, in seconds. */
const BODY_SILENCE_SECONDS = 60;

/** What a stage may do when the client has left or lost its right to an answer. */
export type StopListener = (reason: StopReason) => void;
export type StopReason = "client_gone" | "revoked" | "draining";

/** Thrown through the stages when the exchange was stopped from outside. */
export class StoppedEarly extends Error {
  readonly reason: StopReason;

  constructor(reason: StopReason) {
    super(`The exchange was stopped: ${reason}.`);
    this.name = "StoppedEarly";
    this.reason = reason;
  }
}

/** State of one exchange. Each field belongs to the stage that sets it. */
export class Exchange implements Watched {
  readonly call: IncomingCall;
  readonly route: CallRoute;
  readonly dialect: Dialect;
  readonly snapshot: Snapshot;
  readonly id: ExchangeId;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Milliseconds of the monotonic clock. */
  readonly startedTick: number;
  readonly framing: Framing;

  /** Set by identify. */
  caller: Caller | undefined;
  /** Set by read. */
  body: CallBody | undefined;
  facts: CallFacts | undefined;
  /** Set by gather. */
  sensed: SensedFacts | undefined;
  label: Label = UNLABELLED;
  /** Set by decide. */
  decision: Decision | undefined;
  /** Set by attempt. */
  readonly attempts: AttemptRecord[] = [];
  readonly notices: Notice[] = [];
  /** The target that answered. */
  servedBy: Target | undefined;
  upstreamHeaders: HeaderFields | undefined;
  /** The id that the upstream gave the request; empty when it gave none that may be shown. */
  upstreamRequestId = "";
  upstreamMs = 0;
  firstTokenMs: number | undefined;
  /** Why the exchange has to stop, once it has. */
  stopped: StopReason | undefined;
  /** Set by settle. */
  isSettled = false;

  #attemptNotices: readonly Notice[] = [];
  #stopListener: StopListener | undefined;
  #hearsClient = false;
  #silenceSeconds: number | undefined;

  constructor(
    call: IncomingCall,
    route: CallRoute,
    dialect: Dialect,
    context: { readonly snapshot: Snapshot; readonly dependencies: GatewayDependencies },
  ) {
    const { clock, random } = context.dependencies;
    this.call = call;
    this.route = route;
    this.dialect = dialect;
    this.snapshot = context.snapshot;
    this.startedAt = clock.now();
    this.startedTick = clock.monotonic();
    this.id = exchangeId(this.startedAt, random.bytes(10));
    this.framing = route.stream === true && !call.query.includes("alt=sse") ? "json-array" : "sse";
  }

  /** `req_…` */
  get requestId(): string {
    return requestIdOf(this.id);
  }

  /** A number in [0, 1). */
  get draw(): number {
    return drawOf(this.id);
  }

  notice(kind: NoticeKind, subject: string): void {
    const notice: Notice = `${kind}:${subject}`;
    if (!this.notices.includes(notice)) this.notices.push(notice);
  }

  /** Notices of the attempt under way: those of one that failed say nothing about the answer. */
  useNotices(notices: readonly Notice[]): void {
    if (notices.length === 0 && this.#attemptNotices.length === 0) return;
    const earlier = new Set(this.#attemptNotices);
    const kept = this.notices.filter((notice) => !earlier.has(notice));
    this.#attemptNotices = notices.filter((notice) => !kept.includes(notice));
    this.notices.splice(0, this.notices.length, ...kept, ...new Set(this.#attemptNotices));
  }

  /**
   * Begins to listen for the client's going away. Making a request's signal costs more than most of the
   * stages, so exchanges that are over before the first tick never have one.
   */
  check(): void {
    // A body that stays away must not hold its place; once it is here, silence is the upstream's, and
    // deadlines and keep-alives are the gateway's own.
    this.#limitSilence(this.body === undefined ? BODY_SILENCE_SECONDS : 0);
    if (this.#hearsClient) return;
    this.#hearsClient = true;
    const { signal } = this.call.request;
    if (signal.aborted) this.stop("client_gone");
    else signal.addEventListener("abort", () => this.stop("client_gone"));
  }

  #limitSilence(seconds: number): void {
    if (this.#silenceSeconds === seconds) return;
    this.#silenceSeconds = seconds;
    this.call.limitSilence(seconds);
  }

  /** Gives the body up, once no further attempt can need it. */
  releaseBody(): void {
    this.body?.release();
    this.body = undefined;
  }

  /** Ends the exchange early. Only the first reason counts. */
  stop(reason: StopReason): void {
    if (this.stopped !== undefined || this.isSettled) return;
    this.stopped = reason;
    this.#stopListener?.(reason);
  }

  /** One listener at a time: whoever is waiting for an upstream. */
  onStop(listener: StopListener | undefined): void {
    this.#stopListener = listener;
    if (listener !== undefined && this.stopped !== undefined) listener(this.stopped);
  }
}
