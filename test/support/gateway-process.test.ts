// The harness is itself tested: it starts the real gateway, reads its records and starts it again.

import { afterEach, describe, expect, test } from "bun:test";
import { type GatewayProcess, startGateway } from "./gateway-process.ts";
import { startUpstream, type Upstream } from "./upstream/upstream.ts";

const CALLER_KEY = "harness-caller-key-0d5e8c7a1b2f4936";

let gateway: GatewayProcess | undefined;
let upstream: Upstream | undefined;

afterEach(async () => {
  await gateway?.stop();
  await upstream?.stop();
  gateway = undefined;
  upstream = undefined;
});

function documentFor(origin: string): string {
  return `version: 1
providers:
  house: { kind: openai-compatible, base_url: ${origin}/v1 }
models:
  assistant: { targets: [house/small] }
tenants:
  acme: {}
keys:
  - { name: acme-key, tenant: acme, value: ${CALLER_KEY} }
prices:
  house/*: { input: 1, output: 2 }
`;
}

function ask(baseUrl: string): Promise<Response> {
  return fetch(`${baseUrl}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${CALLER_KEY}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "assistant", messages: [{ role: "user", content: "hi" }] }),
  });
}

describe("the gateway as a child process", () => {
  test("answers, and its records tell what the upstream was asked", async () => {
    upstream = await startUpstream();
    gateway = await startGateway({ config: documentFor(upstream.origin) });
    const reply = await ask(gateway.baseUrl);
    expect(reply.status).toBe(200);
    expect(upstream.requests[0]?.endpoint.model).toBe("small");
    const decision = await gateway.decision(reply.headers.get("x-sluice-decision") ?? "");
    expect(decision["usage"]).toMatchObject({ input_tokens: 11, output_tokens: 7 });
    expect(await gateway.usageRows("tenant")).toMatchObject([{ tenant: "acme", requests: 1 }]);
  });

  test("keeps its records over a kill and a new start", async () => {
    upstream = await startUpstream();
    gateway = await startGateway({ config: documentFor(upstream.origin) });
    await (await ask(gateway.baseUrl)).text();
    await gateway.restart("SIGKILL");
    await (await ask(gateway.baseUrl)).text();
    expect(await gateway.usageRows("tenant")).toMatchObject([{ tenant: "acme", requests: 2 }]);
  });

  test("starts without a document", async () => {
    gateway = await startGateway({ config: undefined });
    expect((await fetch(`${gateway.baseUrl}/readyz`)).status).toBe(200);
  });

  test("a document that is wrong ends the start with what the process said", async () => {
    const start = startGateway({ config: "version: 1\nproviderz: {}\n" });
    await expect(start).rejects.toThrow(/providerz/);
  });
});
