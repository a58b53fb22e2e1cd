import { describe, expect, test } from "bun:test";
import { readStop, writeStop } from "./stop-reason.ts";

describe("a finish reason", () => {
  test.each([
    ["STOP", false, "end"],
    ["STOP", true, "tool_call"],
    ["UNEXPECTED_TOOL_CALL", true, "tool_call"],
    ["UNEXPECTED_TOOL_CALL", false, "malformed_tool_call"],
    ["MALFORMED_FUNCTION_CALL", true, "malformed_tool_call"],
    ["MAX_TOKENS", true, "max_tokens"],
    ["A_NEW_WORD", false, "unknown"],
  ] as const)("%s, with a call %p, is %s and comes back", (word, hasToolCall, stop) => {
    expect(readStop(word, hasToolCall)).toBe(stop);
    expect(writeStop(stop, word)).toBe(word);
  });

  test("of another vendor gets the word for what it means", () => {
    expect(writeStop("tool_call", "tool_use")).toBe("STOP");
    expect(writeStop("pause", "pause_turn")).toBe("CONTINUATION");
    expect(writeStop("unknown", "STOP")).toBe("FINISH_REASON_UNSPECIFIED");
  });
});
