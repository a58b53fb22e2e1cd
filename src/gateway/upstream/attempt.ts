// One attempt while it is under way: opened against a target, recorded when it is over.

import type { AttemptOutcome, AttemptRecord } from "#core/attempt.ts";
import { GatewayError, toGatewayError } from "#core/errors.ts";
import type { Login } from "#core/login.ts";
import type { Payload, UpstreamReply } from "#core/ports/transport.ts";
import { costOf, isFree } from "#core/pricing.ts";
import type { SchemaLosses } from "#core/schema-loss.ts";
import { type Target, targetName } from "#core/target.ts";
import { NO_USAGE, type Usage } from "#core/usage.ts";
import type { Repair } from "#dialects/adapt/repair.ts";
import type { Restoring } from "#dialects/adapt/restoring.ts";
import type { Dialect } from "#dialects/dialect.ts";
import { dialectOf } from "#dialects/list.ts";
import { permits } from "#policy/dataflow/permits.ts";
import { providerKindOf } from "#providers/list.ts";
import type { Endpoint } from "#providers/provider.ts";
import type { ProviderEntry } from "#snapshot/snapshot.ts";
import type { StreamFraming } from "#wire/frame-splitter.ts";
import type { Exchange, StopReason } from "../exchange.ts";
import type { GatewayDependencies } from "../gateway-dependencies.ts";
import type { StreamReading } from "../relay/stream-reading.ts";
import type { Shaped, ShapeOrder, Split } from "../stages/shape.ts";
import { refuseUnusable } from "./answer-schema.ts";
import {
  AttemptFailure,
  failureOfStatus,
  failureOfTransport,
  faultDialectOf,
} from "./attempt-failure.ts";
import { AttemptTimer } from "./attempt-timer.ts";
import { forwardedHeaders, headersOf, loginOf, traceparentOf, urlOf } from "./build-request.ts";
import { holdsKey, holdsSecret, publicMessage } from "./hide-keys.ts";
import { type NextTry, outletOfTry } from "./next-try.ts";
import { readErrorBody } from "./read-body.ts";
import { isReadable, upstreamRequestId } from "./reply-head.ts";
import { sendAuthorised } from "./send-authorised.ts";

/** How an attempt ended, for the record. */
export interface AttemptEnd {
  readonly outcome: AttemptOutcome;
  readonly usage: Usage;
  readonly message?: string;
  readonly status?: number;
}

/** One try at one target. */
export class Attempt {
  readonly target: Target;
  readonly provider: ProviderEntry;
  readonly timer: AttemptTimer;
  /** The dialect that the upstream speaks in this attempt. */
  readonly dialect: Dialect;
  readonly isSameDialect: boolean;
  /** How the upstream frames a stream. */
  readonly streamFraming: StreamFraming;
  /** Takes a frame out of what it is wrapped in; usually there is nothing to do. */
  readonly unwrap: Endpoint["unwrap"];
  readonly startedTick: number;
  firstTokenMs: number | undefined;
  reply: UpstreamReply | undefined;
  /** Set when the call takes several requests; `open` sends the first. */
  split: Split | undefined;
  /** Documents of a reranking that go into the reply. */
  documents: Shaped["documents"];
  /** What a stream has told so far, once it is being read. */
  reading: StreamReading | undefined;
  /** What was changed in the request and is to be changed back in the reply. */
  restoring: Restoring | undefined;
  /** From here on it has to be recorded. */
  wasSent = false;

  readonly #repair: Repair | undefined;
  readonly #exchange: Exchange;
  readonly #dependencies: GatewayDependencies;
  readonly #url: string;
  readonly #endpoint: Endpoint;
  /** The model that the target's name stands for. */
  readonly #standsFor: string;
  readonly #startedAt: number;
  /** Undefined for a key that is sent as it is. */
  readonly #login: Login | undefined;
  readonly #kindTransport: "http" | "demo";
  #isRecorded = false;
  #losses: readonly SchemaLosses[] = [];
  #digests: Shaped["digests"];
  /** Where the body is another than JSON. */
  #contentType: string | undefined;
  /** Tokens and signatures that it was sent with. */
  #secrets: readonly string[] = [];

  /** @throws GatewayError `unsupported_feature` when the provider offers no such operation */
  constructor(exchange: Exchange, next: NextTry, dependencies: GatewayDependencies) {
    const { entry, repair } = next;
    const { decision, facts, snapshot } = exchange;
    const provider = snapshot.providers.get(entry.target.provider);
    if (decision === undefined || facts === undefined || provider === undefined) {
      throw new Error("An attempt needs a decision.");
    }
    const kind = providerKindOf(provider.kind);
    const standsFor = provider.deployments.get(entry.target.model) ?? entry.target.model;
    const outlet = outletOfTry(exchange, next);
    if (outlet === undefined) {
      throw new GatewayError("unsupported_feature", `${targetName(entry.target)} cannot do this.`);
    }
    const { clock } = dependencies;
    this.target = entry.target;
    this.provider = provider;
    this.dialect = dialectOf(outlet.dialect);
    this.isSameDialect = outlet.dialect === facts.dialect;
    this.streamFraming = outlet.endpoint.streamFraming ?? this.dialect.streamFraming ?? "sse";
    this.unwrap = outlet.endpoint.unwrap;
    this.startedTick = clock.monotonic();
    this.timer = new AttemptTimer(
      decision.limits,
      this.startedTick,
      exchange.startedTick,
      facts.stream,
    );
    this.#repair = repair;
    this.#exchange = exchange;
    this.#dependencies = dependencies;
    this.#standsFor = standsFor;
    this.#endpoint = outlet.endpoint;
    this.#url = urlOf(provider, outlet.endpoint, entry.target.model, facts.stream);
    this.#startedAt = clock.now();
    this.#login = loginOf(provider, entry.target);
    this.#kindTransport = kind.transport;
  }

  /**
   * Sends the request and waits for a good head.
   * @throws AttemptFailure; GatewayError before anything was sent: `unsupported_feature`, or
   *   `internal_error` for a fault of ours, which is no upstream's
   */
  async open(): Promise<UpstreamReply> {
    const exchange = this.#exchange;
    const { body } = exchange;
    if (body === undefined) throw new Error("An attempt needs a body.");
    if (!permits(exchange.label, { kind: "upstream", target: this.target })) {
      throw new GatewayError("unsupported_feature", "The target may not see this request.");
    }
    let shaped: Shaped;
    try {
      const shaping = body.shape(this.#shapeOrder());
      shaped = shaping instanceof Promise ? await shaping : shaping;
    } catch (thrown) {
      throw toGatewayError(thrown);
    }
    const plan = shaped.adaptation?.restoring?.answer;
    if (plan !== undefined && this.#repair === undefined) {
      await refuseUnusable(plan, this.#dependencies);
    }
    // A signature would need the whole form before the first byte goes out.
    if (shaped.upload !== undefined && this.#login?.by === "aws") {
      throw new GatewayError("unsupported_feature", "Forms cannot be sent to this provider.");
    }
    exchange.useNotices(shaped.notices);
    this.split = shaped.split;
    this.documents = shaped.documents;
    this.restoring = shaped.adaptation?.restoring;
    this.#losses = shaped.adaptation?.losses ?? [];
    this.#digests = shaped.digests;
    this.wasSent = true;
    this.#dependencies.watch.add(this.timer);
    this.#dependencies.health.began(this.target, this.#startedAt);
    this.#contentType = shaped.upload?.contentType;
    return this.send(shaped.upload?.body ?? shaped.payload);
  }

  /** True when bytes go from the upstream to the client as they come. */
  get passesThrough(): boolean {
    return this.isSameDialect && this.restoring === undefined;
  }

  /**
   * Sends one request of the attempt; the first reply is the one that stands for it in the record.
   * @throws AttemptFailure
   */
  async send(payload: Payload): Promise<UpstreamReply> {
    let reply: UpstreamReply;
    try {
      reply = await this.#send(payload);
    } catch (thrown) {
      throw this.failureOf(thrown, null);
    }
    this.reply ??= reply;
    const { status, headers } = reply;
    if (status < 200 || status >= 300) throw await this.#refused(reply);
    if (!isReadable(headers)) {
      throw new AttemptFailure("malformed", "The upstream compressed its reply, unasked.", {
        status,
      });
    }
    return reply;
  }

  /**
   * What a broken read or a missing reply means, given that the attempt may have been ended here.
   * Nothing in it holds a credential, whatever the upstream echoed.
   * @param reply that broke off; null when there is none, by default the attempt's own
   */
  failureOf(thrown: unknown, reply: UpstreamReply | null = this.reply ?? null): AttemptFailure {
    const failure = this.#failureOf(thrown, reply ?? undefined);
    const { outcome, vendorBody } = failure;
    const message = this.publicMessage(failure.message);
    const hidden =
      vendorBody !== undefined && holdsKey(vendorBody, this.provider, this.#secrets)
        ? undefined
        : vendorBody;
    if (message === failure.message && hidden === vendorBody) return failure;
    const { status, retryAfterMs, used, cause } = failure;
    const facts = { status, retryAfterMs, used, cause, vendorBody: hidden };
    return new AttemptFailure(outcome, message, facts);
  }

  /** This attempt's reply is the one that the client gets. */
  markServing(): void {
    this.#exchange.servedBy = this.target;
    this.#exchange.upstreamHeaders = this.reply?.headers;
    this.#exchange.upstreamRequestId = this.#upstreamRequestId();
  }

  /** An upstream that echoes its credential as an id has given none. */
  #upstreamRequestId(): string {
    const id = upstreamRequestId(this.reply?.headers);
    return id === "" || holdsSecret(id, this.provider, this.#secrets) ? "" : id;
  }

  /** A text of the upstream as it may be recorded and shown. */
  publicMessage(text: string): string {
    return publicMessage(text, this.provider, this.#secrets);
  }

  #failureOf(thrown: unknown, reply: UpstreamReply | undefined): AttemptFailure {
    const reason = this.timer.endReason;
    if (reason === undefined) return failureOfTransport(thrown, reply);
    const status = reply?.status ?? 0;
    const used = thrown instanceof AttemptFailure ? thrown.used : undefined;
    if (reason === "stopped") {
      return new AttemptFailure("connect_failed", "The call was ended.", { status, used });
    }
    return new AttemptFailure(reason, TIMEOUT_MESSAGES[reason], { status, used });
  }

  /** Ends the attempt, unless the provider is to be read on for its usage when a client leaves. */
  stop(reason: StopReason): void {
    if (reason === "client_gone" && this.provider.onDisconnect === "drain") return;
    this.timer.end("stopped");
  }

  /** Milliseconds since the attempt began. */
  elapsedMs(): number {
    return this.#dependencies.clock.monotonic() - this.startedTick;
  }

  /** The first content has come. */
  markFirstToken(): void {
    if (this.firstTokenMs !== undefined) return;
    this.firstTokenMs = this.elapsedMs();
    this.timer.firstToken();
  }

  /** Writes the attempt down, once. @returns the record */
  record(end: AttemptEnd): AttemptRecord | undefined {
    if (this.#isRecorded) return undefined;
    this.#isRecorded = true;
    const { watch, health, emit } = this.#dependencies;
    watch.remove(this.timer);
    health.ended(this.target);
    const durationMs = this.elapsedMs();
    const cost = this.#cost(end.usage);
    if (cost === undefined) {
      this.#exchange.notice("unpriced", this.#isOpen(end.usage) ? "usage" : "model");
    } else if (cost > 0n && end.usage.isAtOtherTier) this.#exchange.notice("estimated", "cost");
    const record: AttemptRecord = {
      target: this.target,
      status: end.status ?? this.reply?.status ?? 0,
      outcome: end.outcome,
      startedAt: this.#startedAt,
      firstTokenMs: this.firstTokenMs,
      durationMs,
      usage: end.usage,
      cost,
      upstreamRequestId: this.#upstreamRequestId(),
      message: end.message ?? "",
      ...(this.#losses.length > 0 && { losses: this.#losses }),
    };
    this.#exchange.upstreamMs += durationMs;
    this.#exchange.attempts.push(record);
    emit({ type: "attempt-settled", attempt: record });
    return record;
  }

  #cost(used: Usage): bigint | undefined {
    if (used === NO_USAGE) return 0n;
    const { provider, model } = this.target;
    const rates = this.#exchange.snapshot.rates(provider, model, this.#startedAt);
    if (rates === undefined || (this.#isOpen(used) && !isFree(rates))) return undefined;
    return costOf(used, rates);
  }

  /** True where nobody can tell from what was counted what it cost. */
  #isOpen(used: Usage): boolean {
    return this.dialect.hasOpenCost === true && used.source === "estimated";
  }

  #shapeOrder(): ShapeOrder {
    const { model } = this.target;
    const standsFor = this.#standsFor;
    const order: { -readonly [Key in keyof ShapeOrder]: ShapeOrder[Key] } = {
      dialect: this.dialect.id,
      kind: this.provider.kind,
      model,
    };
    if (standsFor !== model) order.standsFor = standsFor;
    if (this.#login?.by === "aws") order.isSigned = true;
    if (this.#repair !== undefined) order.repair = this.#repair;
    // What passes through is the vendor's to judge, unless Sluice may have to stand in.
    if (!this.isSameDialect || this.#exchange.facts?.hasSchema === true) {
      order.capabilities = this.#exchange.snapshot.capabilities(this.provider.name, model);
    }
    if (this.#endpoint.bodyEdits !== undefined) {
      order.headers = forwardedHeaders(this.provider, this.#client());
      order.documentHeaders = this.provider.headers;
    }
    return order;
  }

  #client() {
    const { call, dialect } = this.#exchange;
    return { headers: call.request.headers, dialect, isSameDialect: this.isSameDialect };
  }

  #send(payload: Payload): Promise<UpstreamReply> {
    const { decision } = this.#exchange;
    const client = this.#client();
    const own: Record<string, string> = {};
    const traceparent = traceparentOf(client.headers, this.#dependencies.random);
    if (traceparent !== undefined) own["traceparent"] = traceparent;
    if (this.#contentType !== undefined) own["content-type"] = this.#contentType;
    const all = headersOf(this.provider, this.target, client, own);
    const headers = this.#endpoint.headers?.(all) ?? all;
    const transport = this.#dependencies.transports[this.#kindTransport];
    const request = {
      url: this.#url,
      method: this.#endpoint.method ?? "POST",
      headers,
      body: payload,
      signal: this.timer,
      connectTimeoutMs: decision?.limits.connectTimeoutMs ?? 0,
    };
    if (this.#login === undefined) return transport.send(request);
    const { authoriser } = this.#dependencies;
    return sendAuthorised(request, this.#login, {
      authoriser,
      transport,
      target: this.target,
      bodySha256: this.#digests?.get(payload),
      onSecrets: (secrets) => {
        this.#secrets = [...this.#secrets, ...secrets];
      },
    });
  }

  async #refused(reply: UpstreamReply): Promise<AttemptFailure> {
    const body = await readErrorBody(reply.body);
    const { status, headers } = reply;
    const faultsIn = faultDialectOf(this.#endpoint, body) ?? this.dialect.id;
    const isSameDialect = this.isSameDialect && faultsIn === this.dialect.id;
    const nowMs = this.#dependencies.clock.now();
    const seen = { isSameDialect, nowMs };
    const failure = failureOfStatus({ status, headers, body }, dialectOf(faultsIn), seen);
    if (this.timer.endReason !== undefined) return this.failureOf(failure);
    // A model that nobody configured is the caller's mistake, and the upstream's answer says so.
    const isCallersChoice = this.#exchange.decision?.virtualModel === "";
    if (reply.status !== 404 || !isCallersChoice) return failure;
    return new AttemptFailure("rejected", failure.message, failure);
  }
}

const TIMEOUT_MESSAGES = {
  first_token_timeout: "No content came within first_token_timeout.",
  idle_timeout: "Nothing came for longer than idle_timeout.",
  total_timeout: "The call took longer than total_timeout.",
} as const;
