// The life of a request on one screen. Each stage is a file in stages/; nothing reaches a provider
// except through here.

import { GatewayError, toGatewayError } from "#core/errors.ts";
import { exchangeId, requestIdOf } from "#core/ids.ts";
import { dialectOf } from "#dialects/list.ts";
import type { Snapshot } from "#snapshot/snapshot.ts";
import { answerModels } from "./answer-models.ts";
import { clientAddressOf } from "./client-address.ts";
import { Exchange, type IncomingCall, StoppedEarly } from "./exchange.ts";
import type { GatewayDependencies, GatewayPorts } from "./gateway-dependencies.ts";
import { Health, type TargetRow } from "./live/health.ts";
import { InflightBytes } from "./live/inflight-bytes.ts";
import { Recorder } from "./live/recorder.ts";
import { Watch } from "./live/watch.ts";
import { withErrorHeaders } from "./response-headers.ts";
import { type CallRoute, dialectOfPath, matchRoute, type Route } from "./routes.ts";
import { answerCount, answerCounted, needsEstimate } from "./stages/answer-count.ts";
import { errorResponse } from "./stages/answer-error.ts";
import { answerPassing } from "./stages/answer-passing.ts";
import { answerStream, stopError } from "./stages/answer-stream.ts";
import { answerWhole } from "./stages/answer-whole.ts";
import { decide } from "./stages/decide.ts";
import { gather } from "./stages/gather.ts";
import { identify } from "./stages/identify.ts";
import { openThrough } from "./stages/open-through.ts";
import { read } from "./stages/read.ts";
import { settle } from "./stages/settle.ts";
import { Authoriser } from "./upstream/authoriser.ts";

/** The data plane. */
export class Gateway {
  readonly #dependencies: GatewayDependencies;
  readonly #inflight = new InflightBytes();
  readonly #active = new Set<Exchange>();
  #isDraining = false;
  #onIdle: (() => void) | undefined;

  constructor(ports: GatewayPorts) {
    this.#dependencies = {
      ...ports,
      health: new Health(ports.emit),
      watch: new Watch(ports.clock),
      recorder: new Recorder(ports.journal, ports.emit, ports.clock),
      authoriser: new Authoriser({
        clock: ports.clock,
        transport: ports.transports.http,
        files: ports.files,
        emit: ports.emit,
      }),
    };
    ports.directory.onRevoked((keyId) => {
      for (const exchange of this.#active) {
        if (exchange.caller?.keyId === keyId) exchange.stop("revoked");
      }
    });
  }

  /** Answers one call. Never rejects. */
  async handle(call: IncomingCall): Promise<Response> {
    const snapshot = this.#dependencies.snapshots.current();
    try {
      if (snapshot === undefined || this.#isDraining) throw notServing();
      const route = this.#route(call, snapshot);
      if (route.kind === "models") {
        const caller = identify(call, this.#dependencies.directory, snapshot);
        const reply = answerModels(route, dialectOf(route.dialect), caller, snapshot);
        reply.headers.set("x-request-id", this.#requestId());
        return reply;
      }
      return await this.#exchange(call, route, snapshot);
    } catch (thrown) {
      return this.#refuse(call, toGatewayError(thrown), snapshot);
    }
  }

  /** Rows of `GET /admin/v1/targets`. */
  targets(): TargetRow[] {
    return this.#dependencies.health.rows(this.#dependencies.clock.now());
  }

  /** True while new calls are served. */
  get isServing(): boolean {
    const { snapshots, recorder } = this.#dependencies;
    return !this.#isDraining && snapshots.current() !== undefined && recorder.isWorking();
  }

  /** Bytes of requests that are held. */
  get heldBytes(): number {
    return this.#inflight.held;
  }

  /** Calls under way. */
  get openCalls(): number {
    return this.#active.size;
  }

  /** Refuses new calls and waits for those under way, at most `timeoutMs`; then ends them. */
  async drain(timeoutMs: number): Promise<void> {
    this.#isDraining = true;
    await this.#idle(timeoutMs);
    for (const exchange of this.#active) exchange.stop("draining");
    // What was just ended still has to be settled and told to its client.
    await this.#idle(1_000);
  }

  /** Who is nobody learns nothing, not even which routes there are. */
  #route(call: IncomingCall, snapshot: Snapshot): Route {
    try {
      return matchRoute(call.request.method, call.path, call.request.headers);
    } catch (refusal) {
      identify(call, this.#dependencies.directory, snapshot);
      throw refusal;
    }
  }

  async #exchange(call: IncomingCall, route: CallRoute, snapshot: Snapshot): Promise<Response> {
    const dependencies = this.#dependencies;
    const dialect = dialectOf(route.dialect);
    const exchange = new Exchange(call, route, dialect, { snapshot, dependencies });
    this.#active.add(exchange);
    dependencies.emit({ type: "exchange-started", dialect: dialect.id });
    dependencies.watch.add(exchange);
    let heldBytes = 0;
    const finished = () => {
      exchange.releaseBody();
      this.#inflight.release(heldBytes);
      this.#active.delete(exchange);
      dependencies.watch.remove(exchange);
      if (this.#active.size === 0) this.#onIdle?.();
    };
    let isStreaming = false;
    try {
      exchange.caller = identify(call, dependencies.directory, snapshot);
      const { through } = route;
      const taken =
        through === undefined
          ? await read(exchange, this.#inflight, dependencies)
          : { body: openThrough(exchange, through), heldBytes: 0 };
      heldBytes = taken.heldBytes;
      exchange.body = taken.body;
      exchange.facts = taken.body.facts;
      dependencies.recorder.refuseWhenBroken();
      gather(exchange);
      decide(exchange, dependencies);
      if (needsEstimate(exchange)) return answerCount(exchange, dependencies);
      isStreaming = exchange.facts.stream;
      if (isStreaming) return await answerStream(exchange, dependencies, finished);
      if (dialect.answersInAnyForm === true) {
        const answer = await answerPassing(exchange, dependencies, finished);
        isStreaming = true;
        return answer;
      }
      if (exchange.facts.operation === "count_tokens") {
        return await answerCounted(exchange, dependencies);
      }
      return await answerWhole(exchange, dependencies);
    } catch (thrown) {
      return this.#failed(exchange, thrown);
    } finally {
      if (!isStreaming) finished();
    }
  }

  #failed(exchange: Exchange, thrown: unknown): Response {
    const dependencies = this.#dependencies;
    const isGone = exchange.stopped === "client_gone";
    if (isGone || (thrown instanceof StoppedEarly && thrown.reason === "client_gone")) {
      settle(exchange, { outcome: "client_cancelled", status: 499, code: "" }, dependencies);
      return new Response(null, { status: 499 });
    }
    const error =
      thrown instanceof StoppedEarly ? stopError(thrown.reason) : toGatewayError(thrown);
    if (error.code === "internal_error") {
      dependencies.emit({ type: "fault-caught", where: "handle", error: thrown });
    }
    return errorResponse(exchange, error, dependencies);
  }

  /** Errors before there is an exchange. */
  #refuse(call: IncomingCall, error: GatewayError, snapshot: Snapshot | undefined): Response {
    const { emit } = this.#dependencies;
    if (error.code === "internal_error") {
      emit({ type: "fault-caught", where: "handle", error: error.cause });
    }
    const dialect = dialectOf(dialectOfPath(call.path, call.request.headers));
    const { code, status } = error;
    const requestId = this.#requestId();
    const clientAddress =
      snapshot === undefined ? call.peerAddress : clientAddressOf(call, snapshot);
    // What ends has begun: listeners that count what is in flight rely on it.
    emit({ type: "exchange-started", dialect: dialect.id });
    emit({ type: "exchange-refused", dialect: dialect.id, code, status, clientAddress });
    const headers = withErrorHeaders({ "x-request-id": requestId }, error);
    headers["content-type"] = "application/json";
    return new Response(JSON.stringify(dialect.fault(error, requestId)), { status, headers });
  }

  /** For answers without an exchange, which brings its own. */
  #requestId(): string {
    const { clock, random } = this.#dependencies;
    return requestIdOf(exchangeId(clock.now(), random.bytes(10)));
  }

  #idle(timeoutMs: number): Promise<void> {
    if (this.#active.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#dependencies.clock.after(timeoutMs, resolve);
      this.#onIdle = () => {
        cancel();
        resolve();
      };
    });
  }
}

function notServing(): GatewayError {
  return new GatewayError("overloaded", "The gateway is starting or shutting down. Try again.", {
    retryAfterSeconds: 2,
  });
}
