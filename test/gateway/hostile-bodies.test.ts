// Bodies that are promised and do not come, or not whole: nobody beside them goes without.

import { afterEach, describe, expect, test } from "bun:test";
import { connect, type Socket } from "node:net";
import { asArray, asObject } from "#core/json.ts";
import { CALLER_KEY, gatewayBench } from "./bench.ts";
import { Caller, prepare } from "./client.ts";

const MEGABYTE = 2 ** 20;
const bench = gatewayBench({ server: "max_body_mb: 4, max_inflight_mb: 6" });
const caller = new Caller(() => bench.baseUrl);
const route = bench.route("openai-chat");

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

/** Begins a call that declares so many bytes and sends only the first ones. */
async function promise(declaredBytes: number, sent: string): Promise<Socket> {
  const { hostname, port } = new URL(bench.baseUrl);
  const head = [
    "POST /v1/chat/completions HTTP/1.1",
    "host: gateway",
    `authorization: Bearer ${CALLER_KEY}`,
    "content-type: application/json",
    `content-length: ${declaredBytes}`,
  ];
  const socket = connect(Number(port), hostname);
  sockets.push(socket);
  await new Promise<void>((resolve) => {
    socket.write(`${head.join("\r\n")}\r\n\r\n${sent}`, () => resolve());
  });
  return socket;
}

/** Resolves once so many calls are under way. */
async function underWay(count: number): Promise<void> {
  while ((await bench.metric("sluice_in_flight", {})) < count);
}

/** A call with a text of so many bytes, which only the content changes. */
function textOf(bytes: number): string {
  return JSON.stringify({
    model: route.model,
    messages: [{ role: "user", content: "x".repeat(bytes) }],
  });
}

describe("large bodies", () => {
  test("that are declared and stay away leave room for the others", async () => {
    for (let count = 0; count < 6; count += 1) await promise(4 * MEGABYTE, '{"model":');
    await underWay(6);
    const answers = await Promise.all([
      caller.call("openai-chat", route.model),
      caller.call("openai-chat", route.model, { body: textOf(2 * MEGABYTE) }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  });

  test("reach the upstream whole, whatever they declare", async () => {
    const body = textOf(3 * MEGABYTE);
    const { path, headers } = prepare("openai-chat", route.model);
    const pieces = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(body));
        controller.close();
      },
    });
    for (const each of [body, pieces]) {
      const init = { method: "POST", headers, body: each };
      const reply = await fetch(bench.baseUrl + path, init);
      expect(reply.status).toBe(200);
      await reply.arrayBuffer();
      const messages = bench.seenBy(route.targets[0]).at(-1)?.json as { messages: unknown[] };
      expect(messages.messages).toEqual(JSON.parse(body).messages);
    }
  });

  test("that break off are a client that left", async () => {
    const before = bench.seenBy(route.targets[0]).length;
    const socket = await promise(3 * MEGABYTE, textOf(2 * MEGABYTE));
    await underWay(1);
    socket.destroy();
    await bench.expectQuiet();
    expect(bench.seenBy(route.targets[0]).length).toBe(before);
    const reply = await bench.gateway.admin("/decisions?outcome=client_cancelled");
    const [record] = asArray(asObject(await reply.json())?.["data"]);
    expect(record).toMatchObject({ outcome: "client_cancelled", status: 499, attempts: [] });
  });

  test("beyond the limit are refused before they come", async () => {
    const socket = await promise(4 * MEGABYTE + 1, "");
    const [answer] = await new Promise<Buffer[]>((resolve) => {
      socket.once("data", (bytes: Buffer) => resolve([bytes]));
    });
    expect(String(answer)).toStartWith("HTTP/1.1 413");
  });
});
