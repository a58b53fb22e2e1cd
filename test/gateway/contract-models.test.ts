// Model lists: one form a dialect, told apart by path and by what the vendors' clients send, whichever
// header the key comes in; and nothing in them that the key may not ask for.

import { describe, expect, test } from "bun:test";
import { CALLER_KEY, gatewayBench } from "./bench.ts";

const bench = gatewayBench();
bench.route("openai-chat");

const KEYS: readonly Record<string, string>[] = [
  { authorization: `Bearer ${CALLER_KEY}` },
  { "x-api-key": CALLER_KEY },
  { "x-goog-api-key": CALLER_KEY },
  { "api-key": CALLER_KEY },
];

async function list(path: string, headers: Record<string, string>): Promise<unknown> {
  const reply = await fetch(bench.baseUrl + path, { headers });
  expect(reply.status).toBe(200);
  return reply.json();
}

describe.each(KEYS)("with %p", (key) => {
  test.each(["/v1/models", "/openai/v1/models"])("%s is OpenAI's", async (path) => {
    expect(await list(path, key)).toMatchObject({
      object: "list",
      data: expect.arrayContaining([expect.objectContaining({ id: "route-0", object: "model" })]),
    });
  });

  test.each(["/v1/models", "/anthropic/v1/models"])(
    "%s is Anthropic's for a client that names its version",
    async (path) => {
      const headers = { ...key, "anthropic-version": "2023-06-01" };
      expect(await list(path, headers)).toMatchObject({
        has_more: false,
        data: expect.arrayContaining([expect.objectContaining({ id: "route-0", type: "model" })]),
      });
    },
  );

  test.each(["/v1beta/models", "/gemini/v1beta/models"])("%s is Google's", async (path) => {
    expect(await list(path, key)).toMatchObject({
      models: expect.arrayContaining([expect.objectContaining({ name: "models/route-0" })]),
    });
  });
});

test("a key in the query finds the list too", async () => {
  expect(await list(`/v1beta/models?key=${CALLER_KEY}`, {})).toHaveProperty("models");
});
