// Words for a stop, those of OpenAI and of its imitators.

import { expect, test } from "bun:test";
import { readStop } from "./stop-reason.ts";

const TEXT = { hasToolCall: false, hasRefusal: false, stopSequence: undefined };

test.each([
  ["stop", "end"],
  ["eos", "end"],
  ["eos_token", "end"],
  ["STOP", "end"],
  ["length", "max_tokens"],
  ["content_filter", "content_filter"],
  ["sensitive", "content_filter"],
  ["model_length", "context_limit"],
  ["model_context_window_exceeded", "context_limit"],
  ["insufficient_system_resource", "error"],
  ["network_error", "error"],
  ["abort", "error"],
  ["error", "error"],
  ["", "unknown"],
  ["not_yet_invented", "unknown"],
])("%p is the stop %s", (word, stop) => {
  expect<string>(readStop(word, TEXT)).toBe(stop);
});

test("a call counts whatever the word says, and a word without a call does not", () => {
  expect(readStop("stop", { ...TEXT, hasToolCall: true })).toBe("tool_call");
  expect(readStop("tool_calls", TEXT)).toBe("end");
  expect(readStop("length", { ...TEXT, hasToolCall: true })).toBe("max_tokens");
});
