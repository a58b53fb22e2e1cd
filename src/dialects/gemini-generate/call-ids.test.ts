// Ids of tool calls.

import { expect, test } from "bun:test";
import { CallBook, isMadeId, replyCallId } from "./call-ids.ts";

test("makes the same ids on every turn of a growing conversation, and never one twice", () => {
  const first = new CallBook();
  const ids = [first.enter("look", "{}", undefined), first.enter("look", "{}", undefined)];
  const second = new CallBook();
  const again = [
    second.enter("look", "{}", undefined),
    second.enter("look", "{}", undefined),
    second.enter("look", '{"a":1}', undefined),
  ];
  expect(again.slice(0, 2)).toEqual(ids);
  expect(new Set(again).size).toBe(3);
  expect(again.every(isMadeId)).toBe(true);
});

test("pairs results by id, and by order and name where there is none", () => {
  const book = new CallBook();
  const one = book.enter("look", '{"a":1}', undefined);
  const two = book.enter("look", '{"a":2}', undefined);
  book.enter("hear", "{}", "call-9");
  expect(book.answer("wrong-name", "call-9")).toEqual({ id: "call-9", name: "hear" });
  expect(book.answer("look", undefined)).toEqual({ id: one, name: "look" });
  expect(book.answer("look", "id-of-the-client")).toEqual({ id: two, name: "look" });
  expect(book.answer("look", undefined)).toBeUndefined();
});

test("tells apart calls to which a vendor gave the same id", () => {
  const book = new CallBook();
  expect(book.enter("look", "{}", "call_0")).toBe("call_0");
  expect(book.answer("look", "call_0")?.id).toBe("call_0");
  expect(book.enter("look", "{}", "call_0")).toBe("call_0_1");
  expect(book.answer("look", "call_0")?.id).toBe("call_0_1");
});

test("tells calls of a reply apart by its id, or by what they say", () => {
  const call = { responseId: "r1", candidate: 0, position: 0, name: "look", argumentsJson: "{}" };
  const other = { ...call, argumentsJson: '{"a":1}' };
  expect(replyCallId(call)).toBe(replyCallId(other));
  expect(replyCallId(call)).not.toBe(replyCallId({ ...call, position: 1 }));
  expect(replyCallId(call)).not.toBe(replyCallId({ ...call, responseId: "r2" }));
  const unnamed = { ...call, responseId: "" };
  expect(replyCallId(unnamed)).not.toBe(replyCallId({ ...other, responseId: "" }));
});
