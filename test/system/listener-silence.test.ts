// Connections on which nothing moves: closed, unless whoever answers expects the silence.

import { afterAll, beforeAll, expect, test } from "bun:test";
import { connect } from "node:net";
import { type Listener, startListener } from "#platform/listener.ts";

let listener: Listener;
let answerLate: () => void = () => undefined;
const late = new Promise<void>((resolve) => {
  answerLate = resolve;
});

beforeAll(() => {
  listener = startListener({
    host: "127.0.0.1",
    port: 0,
    idleSeconds: 1,
    exactPaths: [],
    handle: async ({ request, path, limitSilence }) => {
      if (path === "/patient") {
        limitSilence(0);
        await late;
        return new Response("patience");
      }
      const length = await request.arrayBuffer().then(
        ({ byteLength }) => byteLength,
        () => -1,
      );
      return new Response(String(length));
    },
  });
});
afterAll(() => listener.stop());

/** Sends this and gives what came until the other side closed. */
function until(sent: string, enough = "\0"): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    const socket = connect(listener.port, listener.host, () => socket.write(sent));
    socket.on("data", (bytes) => {
      text += String(bytes);
      if (text.includes(enough)) socket.destroy();
    });
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(text));
  });
}

test("an expected silence outlasts those that are not", async () => {
  const patient = until("GET /patient HTTP/1.1\r\nhost: x\r\n\r\n", "patience");
  const silent = await Promise.all([
    until("GET / HTTP/1.1\r\nhost: x\r\n\r\n"),
    until("POST /body HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nhalf"),
  ]);
  // Each was closed by the listener: idle after its answer, or before its body had come.
  expect(silent).toEqual([expect.stringMatching(/^HTTP\/1\.1 200 [\s\S]*\r\n0$/), ""]);
  answerLate();
  expect(await patient).toEndWith("patience");
}, 30_000);
