// A caller of the gateway in each dialect, near enough to the wire to see every byte.

import { asArray, asObject, type JsonObject } from "#core/json.ts";
import { eventsOf } from "../corpus/oracle/events.ts";
import { readReply } from "../corpus/oracle/read-reply.ts";
import type { Reading } from "../corpus/oracle/reading.ts";
import { CALLER_KEY, type DialectName } from "./bench.ts";

/** What a call differs in from the plainest one. */
export interface CallWish {
  readonly stream?: boolean;
  /** Gemini only: one JSON array instead of events. */
  readonly asArray?: boolean;
  /** Added to the body, or put in place of it when it is text. */
  readonly body?: JsonObject | string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly key?: string;
  readonly signal?: AbortSignal;
}

/** A call before it is sent. */
export interface PreparedCall {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** Prepares the plainest call of a dialect. */
export function prepare(dialect: DialectName, model: string, wish: CallWish = {}): PreparedCall {
  const plain = plainBody(dialect, model, wish.stream === true);
  const body =
    typeof wish.body === "string" ? wish.body : JSON.stringify({ ...plain, ...wish.body });
  return {
    path: pathOf(dialect, model, wish),
    headers: {
      "content-type": "application/json",
      ...credential(dialect, wish.key ?? CALLER_KEY),
      ...wish.headers,
    },
    body,
  };
}

function plainBody(dialect: DialectName, model: string, stream: boolean): JsonObject {
  if (dialect === "gemini-generate")
    return { contents: [{ role: "user", parts: [{ text: "hi" }] }] };
  const messages = [{ role: "user", content: "hi" }];
  const choice = stream ? { stream } : {};
  if (dialect === "openai-chat") return { model, messages, ...choice };
  return { model, max_tokens: 64, messages, ...choice };
}

function pathOf(dialect: DialectName, model: string, wish: CallWish): string {
  if (dialect === "openai-chat") return "/v1/chat/completions";
  if (dialect === "anthropic-messages") return "/v1/messages";
  if (wish.stream !== true) return `/v1beta/models/${model}:generateContent`;
  return `/v1beta/models/${model}:streamGenerateContent${wish.asArray === true ? "" : "?alt=sse"}`;
}

function credential(dialect: DialectName, key: string): Record<string, string> {
  if (dialect === "openai-chat") return { authorization: `Bearer ${key}` };
  if (dialect === "gemini-generate") return { "x-goog-api-key": key };
  return { "x-api-key": key, "anthropic-version": "2023-06-01" };
}

/** A whole answer. */
export class Answer {
  readonly dialect: DialectName;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;

  constructor(dialect: DialectName, head: Response, text: string) {
    this.dialect = dialect;
    this.status = head.status;
    this.headers = head.headers;
    this.text = text;
  }

  get isStream(): boolean {
    return this.headers.get("content-type")?.startsWith("text/event-stream") === true;
  }

  get json(): JsonObject {
    return asObject(JSON.parse(this.text)) ?? {};
  }

  /** Id of the decision record. */
  get decision(): string {
    return this.headers.get("x-sluice-decision") ?? "";
  }

  header(name: string): string | null {
    return this.headers.get(name);
  }

  /** What a client of the dialect reads out of it. */
  get reading(): Reading {
    return readReply(this.dialect, { text: this.text, isStream: this.isStream });
  }

  /** The JSON of the last event of a stream. */
  get lastEvent(): JsonObject {
    const data = eventsOf(this.text).at(-1)?.data ?? "{}";
    return data === "[DONE]" ? {} : (asObject(JSON.parse(data)) ?? {});
  }

  /** The code of our own error, wherever the dialect puts it; undefined when this is none. */
  get errorCode(): string | undefined {
    const error = asObject((this.isStream ? this.lastEvent : this.json)["error"]);
    return error === undefined ? undefined : codeOf(this.dialect, error);
  }

  /** `details` of our own error, one entry an attempt where upstreams failed. */
  get details(): JsonObject[] {
    const error = asObject((this.isStream ? this.lastEvent : this.json)["error"]) ?? {};
    if (this.dialect !== "gemini-generate") return asArray(error["details"]) as JsonObject[];
    const text = asObject(errorInfo(error)["metadata"])?.["details"];
    return typeof text === "string" ? JSON.parse(text) : [];
  }

  /** True when a stream ended as its dialect ends a complete answer. */
  get hasCleanEnd(): boolean {
    return hasEndMark(this.dialect, this.text);
  }
}

function codeOf(dialect: DialectName, error: JsonObject): string {
  return String(dialect === "gemini-generate" ? errorInfo(error)["reason"] : error["code"]);
}

function errorInfo(error: JsonObject): JsonObject {
  return asObject(asArray(error["details"])[0]) ?? {};
}

const END_MARKS: Readonly<Record<DialectName, RegExp>> = {
  "openai-chat": /\[DONE\]|"finish_reason":"/,
  "anthropic-messages": /message_stop|"stop_reason":"/,
  "gemini-generate": /"finishReason":"/,
};

/** True when anything in the text tells a client that the answer is complete. */
export function hasEndMark(dialect: DialectName, text: string): boolean {
  return END_MARKS[dialect].test(text);
}

/** A call whose answer nobody waits for. */
export interface BegunCall {
  readonly ended: Promise<"answered" | "left">;
  leave(): void;
}

/** Makes calls to one gateway. */
export class Caller {
  readonly #baseUrl: () => string;

  /** @param baseUrl asked for with each call, since it changes when a gateway restarts */
  constructor(baseUrl: () => string) {
    this.#baseUrl = baseUrl;
  }

  /** Sends a call and reads the answer to its end. */
  async call(dialect: DialectName, model: string, wish: CallWish = {}): Promise<Answer> {
    const reply = await this.send(dialect, model, wish);
    return new Answer(dialect, reply, await reply.text());
  }

  /** Sends a call; the answer is left unread. */
  send(dialect: DialectName, model: string, wish: CallWish = {}): Promise<Response> {
    const { path, headers, body } = prepare(dialect, model, wish);
    const { signal = null } = wish;
    return fetch(this.#baseUrl() + path, { method: "POST", headers, body, signal });
  }

  /** Sends a call that will be left before its head has come. */
  begin(dialect: DialectName, model: string, wish: CallWish = {}): BegunCall {
    const leaving = new AbortController();
    const ended = this.send(dialect, model, { ...wish, signal: leaving.signal }).then(
      () => "answered" as const,
      () => "left" as const,
    );
    return { ended, leave: () => leaving.abort() };
  }

  /** Sends a streaming call and waits for its head. */
  async open(dialect: DialectName, model: string, wish: CallWish = {}): Promise<OpenStream> {
    return new OpenStream(dialect, await this.send(dialect, model, { stream: true, ...wish }));
  }
}

/** A stream that is read step by step. */
export class OpenStream {
  readonly head: Response;
  readonly #dialect: DialectName;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  readonly #decoder = new TextDecoder();
  #text = "";

  constructor(dialect: DialectName, head: Response) {
    this.#dialect = dialect;
    this.head = head;
    this.#reader = head.body?.getReader() as ReadableStreamDefaultReader<Uint8Array> | undefined;
  }

  /** Everything read so far. */
  get text(): string {
    return this.#text;
  }

  /** Reads until the text holds this. @throws when the stream ends before */
  async until(text: string): Promise<void> {
    while (!this.#text.includes(text)) await this.more();
  }

  /** Reads one piece. @throws at the end of the stream */
  async more(): Promise<void> {
    if (!(await this.#read())) throw new Error(`The stream has ended:\n${this.#text}`);
  }

  /** Reads to the end. */
  async rest(): Promise<Answer> {
    while (await this.#read());
    return new Answer(this.#dialect, this.head, this.#text);
  }

  /** Leaves without reading on. */
  leave(): void {
    this.#reader?.cancel().catch(() => undefined);
  }

  async #read(): Promise<boolean> {
    const piece = await this.#reader?.read();
    if (piece === undefined || piece.done) return false;
    this.#text += this.#decoder.decode(piece.value, { stream: true });
    return true;
  }
}
