import { describe, expect, test } from "bun:test";
import { GatewayError } from "#core/errors.ts";
import type { Json } from "#core/json.ts";
import { dialectContract } from "../contract.ts";
import { openaiModerations } from "./index.ts";

const HINTS = { operation: "moderate", model: "", stream: undefined } as const;
const PARTS = [
  { type: "text", text: "Look." },
  { type: "image_url", image_url: { url: "data:image/png;base64,aGk=" } },
];

dialectContract(openaiModerations, {
  requests: [
    { name: "text", body: { model: "m", input: "Hello" }, hints: HINTS },
    { name: "texts", body: { model: "m", input: ["a", "b"] }, hints: HINTS },
    { name: "parts", body: { model: "m", input: PARTS }, hints: HINTS },
  ],
  replies: [{ name: "a judgement", body: { id: "m", results: [{ flagged: true }] } }],
  streams: [],
});

describe("moderations", () => {
  test("count texts and images", () => {
    const facts = openaiModerations.read({ model: "m", input: PARTS }, HINTS);
    expect(facts).toMatchObject({ textLength: 5, imageCount: 1, messageCount: 2 });
  });

  test.each<[Json]>([[null], [[]], [5], [[1, 2]], [[{}]], [{}]])("refuse the input %j", (input) => {
    expect(() => openaiModerations.read({ model: "m", input }, HINTS)).toThrow(GatewayError);
  });

  test("are never empty", () => {
    const judged = openaiModerations.inspect({ results: [] }, "moderate");
    expect(judged).toMatchObject({ empty: false, fault: undefined });
    expect(openaiModerations.inspect({ id: "m" }, "moderate").fault).toBeDefined();
  });
});
