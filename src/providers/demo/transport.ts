// The demo provider: a Transport that answers in this process what a vendor would answer over HTTP.

import { isJsonObject, type Json, type JsonObject } from "#core/json.ts";
import type { Clock } from "#core/ports/clock.ts";
import {
  type EndSignal,
  type Transport,
  TransportError,
  type UpstreamReply,
  type UpstreamRequest,
} from "#core/ports/transport.ts";
import { answerTo } from "./answer.ts";
import { type ReplyHead, streamFrames, wholeReply } from "./chat-reply.ts";
import { type DemoChatRequest, readChatRequest } from "./chat-request.ts";
import { badRequest, DemoFault } from "./demo-fault.ts";
import { embeddingReply } from "./embeddings.ts";
import { isDemoModel } from "./models.ts";
import { type Piece, pacedBody, pause } from "./paced-body.ts";

/** How the demo provider runs. */
export interface DemoOptions {
  readonly clock: Clock;
  /** Time between two words of a stream; 0 for none. */
  readonly wordDelayMs: number;
}

/** What `demo/slow` takes before its first word. */
const SLOW_MS = 3000;
/** Each call of `demo/flaky` with a number that this divides fails. */
const FLAKY_EVERY = 3;
/** Words that `demo/broken-stream` gets out. */
const BROKEN_AFTER_TOKENS = 5;
const RETRY_AFTER_SECONDS = 20;

/**
 * Makes the demo provider. The same requests in the same order get the same answers; only the time
 * on a reply comes from the clock.
 */
export function createDemoTransport(options: DemoOptions) {
  const provider = new DemoProvider(options);
  return {
    send: (request: UpstreamRequest) =>
      provider.send({ ...request, signal: signalOf(request.signal) }),
  } satisfies Transport;
}

/** A request whose end can be waited for by whatever the web waits with. */
type DemoRequest = UpstreamRequest & { readonly signal: AbortSignal };

/** A reply that is made of the web's own parts. */
interface DemoReply extends UpstreamReply {
  readonly headers: Headers;
  readonly body: ReadableStream<Uint8Array>;
}

function signalOf(end: EndSignal): AbortSignal {
  const controller = new AbortController();
  if (end.aborted) controller.abort();
  else end.addEventListener("abort", () => controller.abort());
  return controller.signal;
}

class DemoProvider {
  readonly #options: DemoOptions;
  #calls = 0;
  #flakyCalls = 0;

  constructor(options: DemoOptions) {
    this.#options = options;
  }

  async send(request: DemoRequest): Promise<DemoReply> {
    if (request.signal.aborted) throw aborted(request.signal);
    this.#calls += 1;
    try {
      const body = parseBody(await textOf(request.body));
      const { pathname } = new URL(request.url);
      if (pathname.endsWith("/chat/completions")) return await this.#chat(body, request);
      if (pathname.endsWith("/embeddings")) return this.#embed(body, request);
      throw new DemoFault(404, "unknown_url", `The demo provider has no ${pathname}.`);
    } catch (thrown) {
      if (!(thrown instanceof DemoFault)) throw thrown;
      return this.#whole(thrown.status, thrown.body(), request, thrown.headers);
    }
  }

  async #chat(body: JsonObject, request: DemoRequest): Promise<DemoReply> {
    const chat = readChatRequest(body);
    this.#checkModel(chat.model);
    const firstDelayMs = chat.model === "slow" ? SLOW_MS : 0;
    const head = this.#head(chat);
    if (chat.isStream) return this.#stream(chat, head, firstDelayMs, request);
    await pause(firstDelayMs, this.#pace(request)).catch(() => {
      throw aborted(request.signal);
    });
    const reply = wholeReply(head, answerTo(chat));
    return chat.model === "broken-stream"
      ? this.#halfOf(reply, request)
      : this.#whole(200, reply, request);
  }

  #embed(body: JsonObject, request: DemoRequest): DemoReply {
    if (body["model"] !== "embed") {
      throw badRequest("The only demo model that makes embeddings is demo/embed.");
    }
    return this.#whole(200, embeddingReply(body), request);
  }

  /** @throws DemoFault for what is no chat model, and what some models do on purpose */
  #checkModel(model: string): void {
    if (!isDemoModel(model)) {
      throw new DemoFault(404, "model_not_found", "There is no such demo model.");
    }
    if (model === "embed") throw badRequest("demo/embed makes embeddings and cannot chat.");
    if (model === "rate-limited") {
      throw new DemoFault(429, "rate_limit_exceeded", "demo/rate-limited refuses every call.", {
        "retry-after": String(RETRY_AFTER_SECONDS),
      });
    }
    if (model !== "flaky") return;
    this.#flakyCalls += 1;
    if (this.#flakyCalls % FLAKY_EVERY === 0) {
      throw new DemoFault(503, "overloaded", "demo/flaky fails every third call; this is one.");
    }
  }

  #head(chat: DemoChatRequest): ReplyHead {
    const created = Math.floor(this.#options.clock.now() / 1000);
    return { id: `chatcmpl-demo-${this.#calls}`, model: chat.model, created };
  }

  #stream(
    chat: DemoChatRequest,
    head: ReplyHead,
    firstDelayMs: number,
    request: DemoRequest,
  ): DemoReply {
    const frames = streamFrames(head, answerTo(chat), chat.includesUsage);
    const breaksAfter = chat.model === "broken-stream" ? BROKEN_AFTER_TOKENS : undefined;
    const pieces = pacedPieces(frames, {
      firstDelayMs,
      wordDelayMs: this.#options.wordDelayMs,
      breaksAfter,
    });
    return this.#reply(200, "text/event-stream; charset=utf-8", pieces, request);
  }

  #whole(
    status: number,
    body: JsonObject,
    request: DemoRequest,
    headers: Readonly<Record<string, string>> = {},
  ): DemoReply {
    const reply = this.#reply(status, "application/json", onePiece(JSON.stringify(body)), request);
    for (const [name, value] of Object.entries(headers)) reply.headers.set(name, value);
    return reply;
  }

  #halfOf(body: JsonObject, request: DemoRequest): DemoReply {
    const text = JSON.stringify(body);
    const half = brokenPieces(text.slice(0, Math.floor(text.length / 2)));
    return this.#reply(200, "application/json", half, request);
  }

  #reply(
    status: number,
    contentType: string,
    pieces: Iterator<Piece>,
    request: DemoRequest,
  ): DemoReply {
    const headers = new Headers({
      "content-type": contentType,
      "x-request-id": `demo-${this.#calls}`,
    });
    return { status, headers, body: pacedBody(pieces, this.#pace(request)) };
  }

  #pace(request: DemoRequest) {
    return { clock: this.#options.clock, signal: request.signal };
  }
}

interface Pacing {
  readonly firstDelayMs: number;
  readonly wordDelayMs: number;
  /** Tokens after which the stream dies; undefined = never. */
  readonly breaksAfter: number | undefined;
}

function* pacedPieces(
  frames: Iterable<{ readonly text: string; readonly isToken: boolean }>,
  pacing: Pacing,
): Generator<Piece> {
  let tokens = 0;
  let hasBegun = false;
  for (const { text, isToken } of frames) {
    const mayBreak = pacing.breaksAfter !== undefined && hasBegun;
    if (mayBreak && (tokens === pacing.breaksAfter || !isToken)) throw brokenConnection();
    const afterMs = isToken ? (tokens === 0 ? pacing.firstDelayMs : pacing.wordDelayMs) : 0;
    if (isToken) tokens += 1;
    hasBegun = true;
    yield { afterMs, text };
  }
}

function* onePiece(text: string): Generator<Piece> {
  yield { afterMs: 0, text };
}

function* brokenPieces(text: string): Generator<Piece> {
  yield { afterMs: 0, text };
  throw brokenConnection();
}

function brokenConnection(): Error {
  return new Error("The demo provider broke this connection on purpose.");
}

function aborted(signal: AbortSignal): TransportError {
  return new TransportError("aborted", "The call was given up.", signal.reason);
}

function textOf(body: UpstreamRequest["body"]): string | Promise<string> {
  if (typeof body === "string") return body;
  if (body instanceof Blob) return body.text();
  // A body that passes unread is a form, which nothing here takes.
  return body instanceof Uint8Array ? new TextDecoder().decode(body) : "";
}

function parseBody(text: string): JsonObject {
  let json: Json;
  try {
    json = JSON.parse(text);
  } catch {
    throw badRequest("The body is not JSON.");
  }
  if (isJsonObject(json)) return json;
  throw badRequest("The body is not a JSON object.");
}
