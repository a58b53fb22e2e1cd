// Arguments of calls that are JSON inside of JSON: nested deeper than any stack, in requests and in replies.

import { afterAll, beforeAll, expect, test } from "bun:test";
import { asObject } from "#core/json.ts";
import { verbatim } from "#support/upstream/upstream.ts";
import { CALLER_KEY, sentBody, startVendorBench, type VendorBench } from "./vendor-bench.ts";

const DEEP = `${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`;

let bench: VendorBench;
beforeAll(async () => {
  bench = await startVendorBench();
});
afterAll(() => bench.stop());

function post(path: string, body: unknown): Promise<Response> {
  const headers = { "content-type": "application/json", "x-api-key": CALLER_KEY };
  const text = JSON.stringify(body);
  return fetch(`${bench.gateway.baseUrl}${path}`, { method: "POST", headers, body: text });
}

test.each(["ant/claude-deep", "gem/gemini-deep"])(
  "of a request reach %s as the text that they are",
  async (model) => {
    const called = { name: "weather", arguments: DEEP };
    const reply = await post("/v1/chat/completions", {
      model,
      messages: [
        { role: "user", content: "What is it like?" },
        { role: "assistant", tool_calls: [{ id: "call_a", type: "function", function: called }] },
        { role: "tool", tool_call_id: "call_a", content: "18 degrees" },
      ],
    });
    expect(reply.status).toBe(200);
    expect(JSON.stringify(sentBody(bench.lastRequest()))).toContain(JSON.stringify(DEEP));
  },
);

test("of a reply are no reason to lose it", async () => {
  const called = { name: "weather", arguments: DEEP };
  const message = {
    role: "assistant",
    content: null,
    tool_calls: [{ id: "call_a", type: "function", function: called }],
  };
  const choices = [{ index: 0, message, finish_reason: "tool_calls" }];
  const written = JSON.stringify({ id: "c", object: "chat.completion", model: "m", choices });
  bench.upstream.always("gpt-deep", verbatim({ status: 200, body: written }));
  const reply = await post("/v1/messages", {
    model: "oai/gpt-deep",
    max_tokens: 100,
    tools: [{ name: "weather", input_schema: { type: "object" } }],
    messages: [{ role: "user", content: "What is it like?" }],
  });
  expect(reply.status).toBe(200);
  expect(asObject(await reply.json())?.["stop_reason"]).toBe("tool_use");
});
