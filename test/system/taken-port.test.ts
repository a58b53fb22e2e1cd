// A port has one listener: calls never spread over two gateways that know nothing of each other.

import { expect, test } from "bun:test";
import { startListener } from "#platform/listener.ts";

function listenAt(port: number) {
  const handle = () => Promise.resolve(new Response("served"));
  return startListener({ host: "127.0.0.1", port, handle, exactPaths: [] });
}

test("a port that is taken is refused, and is free again after its listener", () => {
  const first = listenAt(0);
  try {
    expect(() => listenAt(first.port)).toThrow(expect.objectContaining({ code: "EADDRINUSE" }));
  } finally {
    first.stop();
  }
  const next = listenAt(first.port);
  expect(next.port).toBe(first.port);
  next.stop();
});
