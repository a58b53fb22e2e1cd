import { describe, expect, test } from "bun:test";
import type { JsonObject } from "#core/json.ts";
import type { ProviderState } from "../neutral.ts";
import { read } from "./read.ts";
import { requestToNeutral } from "./request-to-neutral.ts";
import { sealStates } from "./state-envelope.ts";

const SIGNATURE: ProviderState = { origin: "gemini-generate", kind: "signature", value: "abc" };

function neutralOf(given: JsonObject) {
  const body = {
    model: "claude",
    max_tokens: 9,
    messages: [{ role: "user", content: "Hello." }],
    ...given,
  };
  return requestToNeutral(
    body,
    read(body, { operation: "generate", model: "", stream: undefined }),
  );
}

function partsOf(...content: JsonObject[]) {
  const neutral = neutralOf({ messages: [{ role: "assistant", content }] });
  return { parts: neutral.turns[0]?.parts, extras: neutral.extras };
}

function carrier(signature: string, thinking = ""): JsonObject {
  return { type: "thinking", thinking, signature };
}

describe("reasoning wishes", () => {
  test.each([
    [{ thinking: { type: "enabled", budget_tokens: 2000 } }, { budgetTokens: 2000 }],
    [{ thinking: { type: "adaptive", display: "omitted" } }, { adaptive: true, visible: false }],
    [{ thinking: { type: "disabled" } }, { effort: "none" }],
    [{ output_config: { effort: "max" } }, { effort: "max" }],
    [{}, undefined],
  ] as [JsonObject, unknown][])("%p", (given, wish) => {
    expect(neutralOf(given).reasoning as unknown).toEqual(wish);
  });

  test("effort beside switched off thinking is no wish for reasoning", () => {
    const neutral = neutralOf({ thinking: { type: "disabled" }, output_config: { effort: "low" } });
    expect(neutral.reasoning).toEqual({ effort: "none" });
    expect(neutral.extras.get("output_config.effort")).toBe("low");
  });
});

test("the older place of a schema is read like the newer one", () => {
  const format = { type: "json_schema", schema: { type: "object" } };
  const older = neutralOf({ output_format: format }).responseFormat;
  expect(older).toEqual(neutralOf({ output_config: { format } }).responseFormat);
  expect(older).toMatchObject({ kind: "schema", schema: { type: "object" } });
});

test("the arguments of a call keep the order of their members", () => {
  const { parts } = partsOf({ type: "tool_use", id: "a", name: "f", input: { z: 1, a: { y: 2 } } });
  expect(parts?.[0]).toMatchObject({ argumentsJson: '{"z":1,"a":{"y":2}}' });
});

test("a result finds the name of its tool", () => {
  const neutral = neutralOf({
    messages: [
      { role: "user", content: "go" },
      { role: "assistant", content: [{ type: "tool_use", id: "a", name: "f", input: {} }] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "a", content: "x" }] },
    ],
  });
  expect(neutral.turns[2]?.parts[0]).toMatchObject({ name: "f", callId: "a", isError: false });
});

test("members without a place are kept by path", () => {
  const { extras } = neutralOf({
    container: "c",
    context_management: { edits: [] },
    tools: [{ name: "f", input_schema: {}, defer_loading: true }],
    tool_choice: { type: "sometimes" },
    metadata: { user_id: "u", team: "x" },
    speed: null,
  });
  expect([...extras.keys()].toSorted()).toEqual([
    "container",
    "context_management",
    "metadata.team",
    "tool_choice",
    "tools[0].defer_loading",
  ]);
});

describe("state of another vendor", () => {
  const call = { type: "tool_use", id: "a", name: "f", input: {} };

  test("returns to reasoning, to the block after it and to the block before it", () => {
    const { parts, extras } = partsOf(
      carrier(sealStates("this", [SIGNATURE]), "hm"),
      carrier(sealStates("next", [SIGNATURE])),
      call,
      { type: "text", text: "x" },
      carrier(sealStates("previous", [SIGNATURE])),
      carrier(sealStates("alone", [SIGNATURE])),
    );
    const providerState = [SIGNATURE];
    expect(parts).toEqual([
      { kind: "reasoning", text: "hm", redacted: false, providerState },
      { kind: "tool-call", id: "a", name: "f", argumentsJson: "{}", providerState },
      { kind: "text", text: "x", providerState },
      { kind: "text", text: "", providerState },
    ]);
    expect(extras.size).toBe(0);
  });

  test("returns from redacted thinking", () => {
    const data = sealStates("this", [{ ...SIGNATURE, kind: "encrypted" }]);
    expect(partsOf({ type: "redacted_thinking", data }).parts?.[0]).toMatchObject({
      kind: "reasoning",
      redacted: true,
      providerState: [{ kind: "encrypted" }],
    });
  });

  test("is dropped, and its path told, when it cannot be opened", () => {
    const { parts, extras } = partsOf(
      carrier("sluice.v1.gemini-generate.AAAA", "thought"),
      carrier("sluice.v2.x"),
      carrier("sluice.v1.broken"),
      call,
    );
    expect(parts?.map((part) => part.kind)).toEqual(["reasoning", "reasoning", "tool-call"]);
    expect(parts?.[0]).not.toHaveProperty("providerState");
    expect([...extras.keys()]).toEqual(["messages[0].content[0]", "messages[0].content[2]"]);
  });

  test("is dropped, and its path told, when nothing follows that it belongs to", () => {
    const { parts, extras } = partsOf(call, carrier(sealStates("next", [SIGNATURE])));
    expect(parts).toHaveLength(1);
    expect([...extras.keys()]).toEqual(["messages[0].content"]);
  });
});
