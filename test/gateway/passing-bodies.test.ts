// Forms and answers that pass through: nobody holds them, nobody can make two readers of one form see two
// models, and what breaks off on one side breaks off on the other.

import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { asObject, type JsonObject } from "#core/json.ts";
import { type GatewayProcess, startGateway } from "#support/gateway-process.ts";
import { brief } from "./ledger.ts";

const MB = 1024 * 1024;
const KEY = "passing-caller-key-2b8d4f6a0c1e";
const BOUNDARY = "form-7f3a";
/** The runtime's own ups and downs included; far from what is sent. */
const MOST_GROWTH_BYTES = 48 * MB;

/** An upstream that takes bytes only when it is told to. */
class Taker {
  readonly #server: Server;
  readonly #waiting: ((call: TakenCall) => void)[] = [];
  readonly calls: TakenCall[] = [];
  port = 0;

  constructor() {
    this.#server = createServer((socket) => {
      const call = new TakenCall(socket);
      this.calls.push(call);
      void call.head.then(() => this.#waiting.shift()?.(call));
    });
  }

  listen(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.listen(0, "127.0.0.1", () => {
        const address = this.#server.address();
        if (address !== null && typeof address === "object") this.port = address.port;
        resolve();
      });
    });
  }

  /** The next call whose head comes. */
  next(): Promise<TakenCall> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  stop(): void {
    for (const call of this.calls) call.socket.destroy();
    this.#server.close();
  }
}

/** One connection of the upstream. */
class TakenCall {
  readonly socket: Socket;
  readonly head: Promise<string>;
  readonly closed: Promise<void>;
  bodyBytes = 0;
  /** The first and the last bytes of the body. */
  start = "";
  end = "";

  constructor(socket: Socket) {
    this.socket = socket;
    const head = Promise.withResolvers<string>();
    this.head = head.promise;
    this.closed = new Promise((resolve) => socket.once("close", () => resolve()));
    socket.on("error", () => undefined);
    let text: string | undefined = "";
    socket.on("data", (bytes: Buffer) => {
      let body = bytes;
      if (text !== undefined) {
        text += bytes.toString("latin1");
        const split = text.indexOf("\r\n\r\n");
        if (split === -1) return;
        head.resolve(text.slice(0, split));
        body = Buffer.from(text.slice(split + 4), "latin1");
        text = undefined;
        socket.pause();
      }
      this.bodyBytes += body.length;
      if (this.start.length < 4_000) this.start += body.toString("latin1");
      this.end = (this.end + body.toString("latin1", Math.max(0, body.length - 400))).slice(-400);
    });
  }

  answer(status = 200, body: JsonObject = { text: "Heard." }): void {
    const text = JSON.stringify(body);
    this.socket.write(
      `HTTP/1.1 ${status} X\r\ncontent-type: application/json\r\ncontent-length: ${text.length}\r\n\r\n${text}`,
    );
  }

  /** Takes everything from now on, until so many bytes of body are here. */
  async take(bytes: number): Promise<void> {
    this.socket.resume();
    while (this.bodyBytes < bytes && !this.socket.destroyed) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

/** A client that sends a form by hand. */
class Sender {
  readonly #socket: Socket;
  readonly #closed: Promise<void>;
  readonly answered: Promise<string>;
  written = 0;

  constructor(baseUrl: string, path: string, headers: readonly string[]) {
    const { hostname, port } = new URL(baseUrl);
    this.#socket = connect(Number(port), hostname);
    const answered = Promise.withResolvers<string>();
    this.answered = answered.promise;
    let text = "";
    this.#socket.on("data", (bytes: Buffer) => {
      text += bytes.toString();
      const split = text.indexOf("\r\n\r\n");
      const length = /content-length: (\d+)/i.exec(text)?.[1] ?? "0";
      if (split !== -1 && text.length >= split + 4 + Number(length)) answered.resolve(text);
    });
    this.#socket.on("error", () => undefined);
    this.#closed = new Promise((resolve) => {
      this.#socket.on("close", () => {
        answered.resolve(text);
        resolve();
      });
    });
    const head = [
      `POST ${path} HTTP/1.1`,
      `host: ${hostname}:${port}`,
      `authorization: Bearer ${KEY}`,
      `content-type: multipart/form-data; boundary=${BOUNDARY}`,
      ...headers,
    ];
    this.#socket.write(`${head.join("\r\n")}\r\n\r\n`);
  }

  /** Sends bytes; resolves when the system has taken them, or never will. */
  async send(bytes: string | Buffer): Promise<void> {
    if (this.#socket.destroyed) return;
    const taken = new Promise<void>((resolve) => {
      this.#socket.write(bytes, () => resolve());
    });
    await Promise.race([taken, this.#closed]);
    this.written += Buffer.byteLength(bytes);
  }

  /** Sends so much of a file, in pieces. */
  async sendFile(bytes: number): Promise<void> {
    const piece = Buffer.alloc(64 * 1024, "a");
    for (let left = bytes; left > 0 && !this.#socket.destroyed; left -= piece.length) {
      await this.send(left < piece.length ? piece.subarray(0, left) : piece);
    }
  }

  leave(): void {
    this.#socket.destroy();
  }
}

function field(name: string, value: string): string {
  return `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
}

const FILE_HEAD = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="a.mp3"\r\ncontent-type: audio/mpeg\r\n\r\n`;
const END = `--${BOUNDARY}--\r\n`;
const PATH = "/v1/audio/transcriptions";

/** Length of a form that is these texts around a file. */
function lengthOf(texts: readonly string[], fileBytes: number): string {
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), fileBytes);
  return `content-length: ${bytes}`;
}

const taker = new Taker();
let gateway: GatewayProcess;
let deafPort = 0;

beforeAll(async () => {
  await taker.listen();
  // A port that nobody listens on: taken once and given back.
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address !== null && typeof address === "object") deafPort = address.port;
  await new Promise((resolve) => server.close(resolve));
  gateway = await startGateway({
    config: `version: 1
server: { max_body_mb: 4, max_inflight_mb: 8 }
providers:
  up: { kind: openai-compatible, base_url: "http://127.0.0.1:${taker.port}/v1", api_key: a-key-of-up-0123456789 }
  down: { kind: openai-compatible, base_url: "http://127.0.0.1:${deafPort}/v1" }
models:
  ears: { targets: [up/a-long-name-of-a-model], attempts: 3 }
  ways: { targets: [down/one, up/two], attempts: 2 }
  pair: { targets: [up/one, up/two], attempts: 2 }
tenants: { acme: {} }
keys: [{ name: tests, tenant: acme, value: ${KEY} }]
prices:
  up/*: { input: 1, output: 1 }
  down/*: { input: 1, output: 1 }
`,
  });
});

afterAll(async () => {
  await gateway.stop();
  taker.stop();
});

afterEach(() => {
  for (const call of taker.calls.splice(0)) call.socket.destroy();
});

function residentBytes(): number {
  const status = readFileSync(`/proc/${gateway.pid}/status`, "utf8");
  return Number(/VmRSS:\s+(?<kb>\d+)/.exec(status)?.groups?.["kb"]) * 1024;
}

async function newestRecord(model: string): Promise<JsonObject> {
  for (;;) {
    const reply = await gateway.admin(`/decisions?limit=1&model=${model}`);
    const page = asObject(await reply.json());
    const [first] = (page?.["data"] ?? []) as JsonObject[];
    if (first !== undefined) return first;
  }
}

/** Waits until neither number moves any more, with round trips to the gateway in between. */
async function stands(number: () => number): Promise<number> {
  for (let before = -1; ; ) {
    const now = number();
    if (now === before) return now;
    before = now;
    for (let trips = 0; trips < 20; trips += 1) await fetch(`${gateway.baseUrl}/healthz`);
  }
}

async function heldBytes(): Promise<number> {
  const headers = { authorization: `Bearer ${gateway.adminKey}` };
  const text = await (await fetch(`${gateway.baseUrl}/metrics`, { headers })).text();
  return Number(/^sluice_held_bytes (\d+)$/m.exec(text)?.[1] ?? Number.NaN);
}

describe("a form of 150 MB, far beyond max_body_mb,", () => {
  const SIZE = 150 * MB;

  test.each([true, false])(
    "waits for its upstream without being held, declared: %p",
    async (isDeclared) => {
      const model = field("model", "ears");
      const tail = `\r\n${END}`;
      const texts = [model, FILE_HEAD, tail];
      const framing = isDeclared ? lengthOf(texts, SIZE) : "transfer-encoding: chunked";
      const before = residentBytes();
      const arrives = taker.next();
      const sender = new Sender(gateway.baseUrl, PATH, [framing]);
      const chunked = (bytes: string) =>
        isDeclared ? bytes : `${Buffer.byteLength(bytes).toString(16)}\r\n${bytes}\r\n`;
      const sending = (async () => {
        await sender.send(chunked(model) + chunked(FILE_HEAD));
        if (isDeclared) await sender.sendFile(SIZE);
        else {
          const piece = chunked("a".repeat(MB));
          for (let sent = 0; sent < SIZE; sent += MB) await sender.send(piece);
        }
        await sender.send(chunked(tail) + (isDeclared ? "" : "0\r\n\r\n"));
      })();
      const call = await arrives;
      // The upstream takes nothing: so does the gateway after a while, and the client waits.
      const written = await stands(() => sender.written);
      expect(written).toBeLessThan(64 * MB);
      expect(residentBytes() - before).toBeLessThan(MOST_GROWTH_BYTES);
      expect(await heldBytes()).toBe(0);
      const named = model.replace("ears", "a-long-name-of-a-model");
      const wanted = SIZE + Buffer.byteLength(named + FILE_HEAD + tail);
      const head = await call.head;
      if (isDeclared) expect(head).toContain(`content-length: ${wanted}`);
      else expect(head).toContain("transfer-encoding: chunked");
      const taking = call.take(wanted);
      await Promise.all([taking, sending]);
      call.answer();
      expect(await sender.answered).toContain('{"text":"Heard."}');
      expect(call.start.includes("a-long-name-of-a-model")).toBe(true);
      expect(call.start.includes("ears")).toBe(false);
      expect(call.end.endsWith(isDeclared ? tail : `${tail}\r\n0\r\n\r\n`)).toBe(true);
      if (isDeclared) expect(call.bodyBytes).toBe(wanted);
      expect(residentBytes() - before).toBeLessThan(MOST_GROWTH_BYTES);
      const record = await newestRecord("ears");
      expect(brief(record)).toMatchObject({
        outcome: "answered",
        target: "up/a-long-name-of-a-model",
      });
      sender.leave();
    },
    60_000,
  );

  test("whose model does not come within max_body_mb is refused, and goes nowhere", async () => {
    const texts = [FILE_HEAD, `\r\n${field("model", "ears")}`, END];
    const sender = new Sender(gateway.baseUrl, PATH, [lengthOf(texts, 20 * MB)]);
    const sending = sender.send(FILE_HEAD).then(() => sender.sendFile(20 * MB));
    const answer = await sender.answered;
    expect(answer).toStartWith("HTTP/1.1 400");
    expect(answer).toContain('Send the field \\"model\\" before the file');
    expect(taker.calls).toHaveLength(0);
    expect(await heldBytes()).toBe(0);
    sender.leave();
    await sending;
  });

  test("whose model comes behind a file within max_body_mb passes", async () => {
    const tail = `\r\n${field("model", "ears")}${END}`;
    const arrives = taker.next();
    const sender = new Sender(gateway.baseUrl, PATH, [lengthOf([FILE_HEAD, tail], 3 * MB)]);
    const sending = sender.send(FILE_HEAD).then(async () => {
      await sender.sendFile(3 * MB);
      await sender.send(tail);
    });
    const call = await arrives;
    await sending;
    const named = tail.replace("ears", "a-long-name-of-a-model");
    expect(await heldBytes()).toBe(Buffer.byteLength(FILE_HEAD + tail) + 3 * MB);
    await call.take(Buffer.byteLength(FILE_HEAD + named) + 3 * MB);
    expect(call.end.endsWith(named)).toBe(true);
    call.answer();
    expect(await sender.answered).toContain("Heard.");
    expect(await heldBytes()).toBe(0);
    sender.leave();
  });
});

describe("a form whose rest is not what its beginning was", () => {
  const AHEAD = 2 * MB;
  /** Passes the part that is read ahead, then goes on as told. */
  async function begun(rest: string): Promise<{ sender: Sender; call: TakenCall }> {
    const texts = [field("model", "pair"), FILE_HEAD, rest];
    const arrives = taker.next();
    const sender = new Sender(gateway.baseUrl, PATH, [lengthOf(texts, AHEAD)]);
    await sender.send(texts[0] + FILE_HEAD);
    const sending = sender.sendFile(AHEAD).then(() => sender.send(rest));
    const call = await arrives;
    call.socket.resume();
    await sending;
    return { sender, call };
  }

  test.each([
    ["a second model", `\r\n${field("model", "another")}${END}`, "more than one field"],
    ["a list of models", `\r\n${field("model[]", "another")}${END}`, "one field"],
    [
      "a model as a file",
      `\r\n${field("model", "x").replace('"model"', '"model"; filename="m"')}${END}`,
      "one field",
    ],
    ["no end", "\r\n", "ends before its last boundary"],
    [
      "a part after its end",
      `\r\n${END}${field("model", "another")}${END}`,
      "follows the last boundary",
    ],
  ])("%s is refused, and its upstream never sees an end", async (_, rest, message) => {
    const { sender, call } = await begun(rest);
    const answer = await sender.answered;
    expect(answer).toStartWith("HTTP/1.1 400");
    expect(answer).toContain("invalid_request");
    expect(answer).toContain(message);
    await call.closed;
    expect(call.end.includes("another")).toBe(false);
    expect(call.end.endsWith(END)).toBe(false);
    // Nothing of it can be sent again, and nothing is.
    expect(taker.calls).toHaveLength(1);
    const record = await newestRecord("pair");
    expect(brief(record)).toMatchObject({
      outcome: "refused",
      code: "invalid_request",
      attempts: ["client_cancelled 0"],
      cost: "0",
    });
    sender.leave();
  });

  test("a client that leaves amid its upload takes the upstream's with it", async () => {
    const texts = [field("model", "pair"), FILE_HEAD, `\r\n${END}`];
    const arrives = taker.next();
    const sender = new Sender(gateway.baseUrl, PATH, [lengthOf(texts, 9 * MB)]);
    await sender.send(texts[0] + FILE_HEAD);
    const sending = sender.sendFile(AHEAD);
    const call = await arrives;
    call.socket.resume();
    await sending;
    sender.leave();
    await call.closed;
    const record = await newestRecord("pair");
    expect(brief(record)).toMatchObject({ outcome: "client_cancelled", status: 499 });
    expect(await heldBytes()).toBe(0);
  });

  test("an upstream that refuses amid the upload is not asked twice", async () => {
    const texts = [field("model", "pair"), FILE_HEAD, `\r\n${END}`];
    const arrives = taker.next();
    const sender = new Sender(gateway.baseUrl, PATH, [lengthOf(texts, 9 * MB)]);
    await sender.send(texts[0] + FILE_HEAD);
    const sending = sender.sendFile(AHEAD);
    const call = await arrives;
    await call.take(MB + 200_000);
    await sending;
    call.answer(503, { error: { message: "Too busy." } });
    const answer = await sender.answered;
    expect(answer).toStartWith("HTTP/1.1 503");
    expect(answer).toContain("Too busy.");
    expect(taker.calls).toHaveLength(1);
    sender.leave();
  });
});

test("a form that has not begun to go out moves on to the next target", async () => {
  const texts = [field("model", "ways"), FILE_HEAD, `\r\n${END}`];
  const arrives = taker.next();
  const sender = new Sender(gateway.baseUrl, PATH, [lengthOf(texts, 9 * MB)]);
  await sender.send(texts[0] + FILE_HEAD);
  const sending = sender.sendFile(9 * MB).then(() => sender.send(`\r\n${END}`));
  const call = await arrives;
  const sent = field("model", "two") + FILE_HEAD;
  await call.take(9 * MB + Buffer.byteLength(`${sent}\r\n${END}`));
  await sending;
  call.answer();
  expect(await sender.answered).toContain("Heard.");
  expect(call.start.startsWith(sent)).toBe(true);
  expect(brief(await newestRecord("ways")).attempts).toEqual(["connect_failed 0", "succeeded 200"]);
  sender.leave();
});

describe("an answer that is no JSON", () => {
  test("waits for its client without being held", async () => {
    const SIZE = 150 * MB;
    const before = residentBytes();
    const arrives = taker.next();
    const { hostname, port } = new URL(gateway.baseUrl);
    const client = connect(Number(port), hostname);
    client.on("error", () => undefined);
    let received = 0;
    const body = JSON.stringify({ model: "ears", input: "Hello.", voice: "alloy" });
    client.write(
      `POST /v1/audio/speech HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${KEY}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    const call = await arrives;
    call.socket.resume();
    client.on("data", function first(bytes: Buffer) {
      received += bytes.length;
      client.off("data", first);
      client.pause();
    });
    call.socket.write(
      `HTTP/1.1 200 X\r\ncontent-type: audio/mpeg\r\ncontent-length: ${SIZE}\r\n\r\n`,
    );
    let given = 0;
    const piece = Buffer.alloc(64 * 1024, "s");
    const giving = (async () => {
      while (given < SIZE) {
        const bytes = piece.subarray(0, Math.min(piece.length, SIZE - given));
        await new Promise((resolve) => call.socket.write(bytes, resolve));
        given += bytes.length;
      }
    })();
    expect(await stands(() => given)).toBeLessThan(64 * MB);
    expect(residentBytes() - before).toBeLessThan(MOST_GROWTH_BYTES);
    client.on("data", (bytes: Buffer) => {
      received += bytes.length;
    });
    client.resume();
    await giving;
    while (received < SIZE) await new Promise((resolve) => setImmediate(resolve));
    expect(residentBytes() - before).toBeLessThan(MOST_GROWTH_BYTES);
    client.destroy();
    const record = await newestRecord("ears");
    expect(brief(record)).toMatchObject({ outcome: "answered" });
  }, 60_000);
});
