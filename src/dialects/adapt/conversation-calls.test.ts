// Calls of a conversation: which turn they stand in, and under which ids.

import { expect, test } from "bun:test";
import type { Part, Turn } from "../neutral.ts";
import { orderedCalls } from "./conversation-calls.ts";

const call = (id: string, place = ""): Part => ({
  kind: "tool-call",
  id,
  name: "now",
  argumentsJson: JSON.stringify({ place }),
});
const result = (callId: string, text: string): Part => ({
  kind: "tool-result",
  callId,
  name: "now",
  content: [{ kind: "text", text }],
  isError: false,
});
const assistant = (...parts: Part[]): Turn => ({ role: "assistant", parts });
const user = (...parts: Part[]): Turn => ({ role: "user", parts });

test("a conversation without anything odd stays the same list", () => {
  const turns = [assistant(call("a"), call("b")), user(result("a", "1"), result("b", "2"))];
  expect(orderedCalls(turns)).toBe(turns);
});

test("calls of adjacent turns of the assistant become one turn", () => {
  const turns = [assistant(call("a")), assistant(call("b")), user(result("a", "1"))];
  expect(orderedCalls(turns)).toEqual([assistant(call("a"), call("b")), user(result("a", "1"))]);
});

test("adjacent turns without calls stay apart", () => {
  const say = (text: string) => assistant({ kind: "text", text });
  const turns = [say("One."), say("Two.")];
  expect(orderedCalls(turns)).toBe(turns);
});

test("ids that start anew in every answer become different ones, results included", () => {
  const turns = [
    assistant(call("call_0", "Oslo")),
    user(result("call_0", "rain")),
    assistant(call("call_0", "Rome")),
    user(result("call_0", "sun")),
  ];
  expect(orderedCalls(turns)).toEqual([
    assistant(call("call_0", "Oslo")),
    user(result("call_0", "rain")),
    assistant(call("call_0_1", "Rome")),
    user(result("call_0_1", "sun")),
  ]);
});

test("two calls of one id in one turn take their results in order", () => {
  const turns = [
    assistant(call("x", "Oslo"), call("x", "Rome")),
    user(result("x", "rain"), result("x", "sun")),
  ];
  expect(orderedCalls(turns)).toEqual([
    assistant(call("x", "Oslo"), call("x_1", "Rome")),
    user(result("x", "rain"), result("x_1", "sun")),
  ]);
});

test("a new id never meets one that the conversation has already", () => {
  const turns = [assistant(call("x_1"), call("x"), call("x"))];
  const ids = orderedCalls(turns)[0]?.parts.map((part) => "id" in part && part.id);
  expect(ids).toEqual(["x_1", "x", "x_2"]);
});
