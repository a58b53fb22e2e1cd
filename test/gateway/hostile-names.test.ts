// Model names that no address, header or log could hold as they are: each is refused or served, never
// a fault of the gateway's own.

import { describe, expect, test } from "bun:test";
import { DIALECTS, gatewayBench } from "./bench.ts";
import { Caller } from "./client.ts";

const bench = gatewayBench();
const caller = new Caller(() => bench.baseUrl);
bench.route("openai-chat");

const BODIES = {
  "openai-chat": (model: string) =>
    `{"model":"${model}","messages":[{"role":"user","content":"x"}]}`,
  "anthropic-messages": (model: string) =>
    `{"model":"${model}","max_tokens":5,"messages":[{"role":"user","content":"x"}]}`,
} as const;

describe.each(["openai-chat", "anthropic-messages"] as const)("a model name in %s", (dialect) => {
  test.each(["openai", "claude", "google"])(
    "of half a surrogate pair at %s is a 400",
    async (at) => {
      const body = BODIES[dialect](`${at}/m\\ud800`);
      const reply = await caller.call(dialect, "", { body });
      expect([reply.status, reply.errorCode]).toEqual([400, "invalid_request"]);
    },
  );

  test.each(["\\u0000", "\\r\\nx-injected: 1", "../..", "a?b#c", "%2e%2e"])(
    "of %p reaches the upstream as a name and nothing else",
    async (name) => {
      for (const at of ["openai", "claude", "google"]) {
        const reply = await caller.call(dialect, "", { body: BODIES[dialect](`${at}/${name}`) });
        expect(reply.status).toBe(200);
        expect(reply.header("x-injected")).toBeNull();
        const seen = bench.upstream.requests.at(-1);
        expect(seen?.endpoint.model).toBe(JSON.parse(`"${name}"`));
        expect(seen?.header("x-injected")).toBeUndefined();
      }
    },
  );
});

test.each(DIALECTS)(
  "a name of a megabyte is refused in %s without repeating it",
  async (dialect) => {
    const name = "n".repeat(dialect === "gemini-generate" ? 10_000 : 1_000_000);
    const reply = await caller.call(dialect, name);
    expect([reply.status, reply.errorCode]).toEqual([404, "unknown_model"]);
    expect(reply.text.length).toBeLessThan(1_000);
    const record = await bench.record(reply.decision);
    expect(JSON.stringify(record).length).toBeLessThan(10_000);
  },
);
