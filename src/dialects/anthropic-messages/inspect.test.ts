import { describe, expect, test } from "bun:test";
import type { Json, JsonObject } from "#core/json.ts";
import { NO_USAGE } from "#core/usage.ts";
import { inspect } from "./inspect.ts";

function reply(content: Json[], stop_reason: string | null): JsonObject {
  return { type: "message", content, stop_reason, usage: { input_tokens: 2, output_tokens: 1 } };
}

const TEXT = { type: "text", text: "abc" };

describe("an empty reply", () => {
  const cases: [string, Json[], string | null, boolean][] = [
    ["nothing at a natural end", [], "end_turn", true],
    ["empty text", [{ type: "text", text: "" }], "end_turn", true],
    ["a call that was announced and not made", [], "tool_use", true],
    ["no reason at all", [], null, true],
    ["text", [TEXT], "end_turn", false],
    [
      "hidden reasoning",
      [{ type: "thinking", thinking: "", signature: "c2ln" }],
      "end_turn",
      false,
    ],
    ["a spent limit", [], "max_tokens", false],
    ["a refusal", [], "refusal", false],
    ["a pause", [], "pause_turn", false],
  ];
  test.each(cases)("%s", (_name, content, stop, empty) => {
    expect(inspect(reply(content, stop), "generate").empty).toBe(empty);
  });
});

test("text, reasoning and arguments are measured for estimates", () => {
  const call = { type: "tool_use", id: "a", name: "f", input: { a: 1 } };
  expect(inspect(reply([TEXT, call], "tool_use"), "generate").textLength).toBe(3 + 1 + 7);
});

test("an error inside a 200 is a fault", () => {
  const body = { type: "error", error: { type: "api_error", message: "Oops" } };
  expect(inspect(body, "generate").fault).toEqual({
    status: 500,
    code: "api_error",
    message: "Oops",
  });
  expect(inspect({ choices: [] }, "generate").fault).toMatchObject({ code: "malformed_reply" });
});

test("counting uses nothing", () => {
  const findings = inspect({ input_tokens: 671 }, "count_tokens");
  expect(findings).toMatchObject({ fault: undefined, empty: false, usage: NO_USAGE });
  expect(inspect({}, "count_tokens").fault).toBeDefined();
});
