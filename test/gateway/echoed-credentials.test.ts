// Upstreams that show a credential where an id should stand.

import { expect, test } from "bun:test";
import { answer } from "#support/upstream/upstream.ts";
import { gatewayBench, PROVIDER_KEY } from "./bench.ts";
import { Caller } from "./client.ts";

const bench = gatewayBench();
const caller = new Caller(() => bench.baseUrl);

const route = bench.route("openai-chat");
test.each([false, true])("are told to nobody (streamed: %p)", async (stream) => {
  const headers = [["x-request-id", `req_${PROVIDER_KEY}`]] as const;
  bench.upstream.script(route.targets[0]?.model ?? "", answer({}, { headers }));
  const reply = await caller.call("openai-chat", route.model, { stream });
  expect(reply.status).toBe(200);
  expect(reply.header("x-upstream-request-id")).toBeNull();
  const record = await bench.record(reply.decision);
  expect(JSON.stringify(record)).not.toContain(PROVIDER_KEY);
});
