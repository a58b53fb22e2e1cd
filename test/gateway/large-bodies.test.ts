// Bodies too large for the event loop are worked on by a worker thread: what the upstream sees and what
// the client gets are the same as for small ones.

import { describe, expect, test } from "bun:test";
import { asArray, asObject } from "#core/json.ts";
import { answer } from "#support/upstream/behaviours/answer.ts";
import { gatewayBench, PAIRS } from "./bench.ts";
import { Caller } from "./client.ts";

const bench = gatewayBench({});
const caller = new Caller(() => bench.baseUrl);
const LONG_TEXT = "Größe, 大きい, and so on. ".repeat(80_000);

describe("a call of more than a megabyte", () => {
  const own = bench.route("openai-chat");
  test("passes through with only the permitted edits", async () => {
    const messages = [{ role: "user", content: LONG_TEXT }];
    const body = { messages, unknown_field: { kept: [1, 2.5, "é"] } };
    const reply = await caller.call("openai-chat", own.model, { body });
    expect(reply.status).toBe(200);
    const seen = bench.seenBy(own.targets[0])[0]?.json;
    expect(seen).toEqual({ ...body, model: own.targets[0]?.model });
  });

  for (const [client, upstream] of PAIRS) {
    const route = bench.route(upstream);
    test(`of ${client} reaches ${upstream} whole`, async () => {
      const body =
        client === "gemini-generate"
          ? { contents: [{ role: "user", parts: [{ text: LONG_TEXT }] }] }
          : { messages: [{ role: "user", content: LONG_TEXT }] };
      const reply = await caller.call(client, route.model, { body });
      expect(reply.status).toBe(200);
      expect(JSON.stringify(bench.seenBy(route.targets[0])[0]?.json)).toContain(
        JSON.stringify(LONG_TEXT).slice(1, -1),
      );
    });
  }

  const many = bench.route("anthropic-messages");
  test("may hold a million parts", async () => {
    const content = Array(1_000_000).fill({ type: "text", text: "a" });
    const messages = [
      { role: "system", content },
      { role: "user", content: "What do you see?" },
    ];
    const reply = await caller.call("openai-chat", many.model, { body: { messages } });
    expect(reply.status).toBe(200);
    const sent = asObject(bench.seenBy(many.targets[0])[0]?.json);
    expect(asArray(sent?.["system"]).length).toBe(1_000_000);
  }, 30_000);

  const bad = bench.route("openai-chat");
  test("is refused as a small one would be when it is malformed", async () => {
    const reply = await caller.call("openai-chat", bad.model, {
      body: `${" ".repeat(1_100_000)}{`,
    });
    expect(reply.status).toBe(400);
    expect(reply.errorCode).toBe("invalid_request");
    expect(bench.calls(bad)).toEqual([0]);
  });
});

describe("a reply of more than a megabyte", () => {
  const route = bench.route("openai-chat");
  test("reaches a client of the same dialect as it came, with its usage counted", async () => {
    bench.upstream.script(route.targets[0]?.model ?? "", answer({ text: LONG_TEXT }));
    const reply = await caller.call("openai-chat", route.model);
    expect(reply.status).toBe(200);
    const choice = asObject(asArray(reply.json["choices"])[0]);
    expect(asObject(choice?.["message"])?.["content"]).toBe(LONG_TEXT);
    expect(reply.headers.get("x-sluice-cost-usd")).not.toBeNull();
  });
});
