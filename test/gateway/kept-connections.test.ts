// An upstream that lets a kept connection go just as the next request is sent on it.

import { afterAll, beforeAll, expect, test } from "bun:test";
import { type GatewayProcess, startGateway } from "#support/gateway-process.ts";
import { rawUpstream } from "#support/raw-upstream.ts";

const KEY = "kept-connections-key-0123456789";
const BODY = JSON.stringify({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "m",
  choices: [{ index: 0, message: { role: "assistant", content: "Hello." }, finish_reason: "stop" }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
});

/** Answers the first request of each connection and hangs up on the second. */
const upstream = rawUpstream((connection) => {
  if (connection.received.split("POST ").length > 2) connection.end();
  else if (connection.received.endsWith("}")) {
    connection.write(`HTTP/1.1 200 OK\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY}`);
  }
});
let gateway: GatewayProcess;

beforeAll(async () => {
  gateway = await startGateway({
    config: `
version: 1
providers:
  up: { kind: openai-compatible, base_url: ${upstream.origin}/v1, api_key: upstream-key-0123456789 }
models:
  once: { targets: [up/m], attempts: 1 }
keys:
  - { name: k, tenant: default, value: ${KEY} }
`,
  });
});
afterAll(async () => {
  await gateway.stop();
  upstream.stop();
});

/** Records are there at most a second after the answer. */
async function recordOf(id: string): Promise<{ attempts: { outcome: string }[] }> {
  for (;;) {
    const reply = await gateway.admin(`/decisions/${id}`);
    if (reply.status === 200) return (await reply.json()) as { attempts: { outcome: string }[] };
  }
}

test("costs the client nothing: the request goes out once more, and the record says so", async () => {
  for (const outcomes of [["succeeded"], ["connection_lost", "succeeded"]]) {
    const reply = await fetch(`${gateway.baseUrl}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json" },
      body: JSON.stringify({ model: "once", messages: [{ role: "user", content: "Hi." }] }),
    });
    expect(reply.status).toBe(200);
    expect(reply.headers.get("x-sluice-attempts")).toBe(String(outcomes.length));
    const id = reply.headers.get("x-sluice-decision");
    const { attempts } = await recordOf(id ?? "");
    expect(attempts.map(({ outcome }) => outcome)).toEqual(outcomes);
  }
  const { data } = (await (await gateway.admin("/targets")).json()) as {
    data: { breaker: string; error_rate: number }[];
  };
  expect(data).toMatchObject([{ breaker: "closed", error_rate: 0 }]);
});
