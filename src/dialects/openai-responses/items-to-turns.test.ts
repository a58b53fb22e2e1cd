// The input of a request as turns.

import { describe, expect, test } from "bun:test";
import type { JsonObject } from "#core/json.ts";
import type { Turn } from "../neutral.ts";
import { itemsToTurns } from "./items-to-turns.ts";
import { sealStates, UNSEALED } from "./state-envelope.ts";

function call(call_id: string, name = "f"): JsonObject {
  return { type: "function_call", call_id, name, arguments: "{}" };
}

function output(call_id: string, text: string): JsonObject {
  return { type: "function_call_output", call_id, output: text };
}

function user(content: string): JsonObject {
  return { role: "user", content };
}

/** Turns as lines: role and parts. */
function linesOf(input: JsonObject[], more: JsonObject = {}): string[] {
  return itemsToTurns({ input, ...more }, () => undefined).turns.map(lineOf);
}

function lineOf({ role, parts }: Turn): string {
  const shown = parts.map((part) => {
    switch (part.kind) {
      case "tool-call":
        return `call ${part.id} ${part.name}`;
      case "tool-result":
        return `result ${part.callId} ${part.name}`;
      case "vendor":
        return `vendor ${part.name}`;
      case "text":
      case "reasoning":
        return `${part.kind} ${part.text}`;
      default:
        return part.kind;
    }
  });
  return [role, ...shown].join(" | ");
}

describe("turns", () => {
  test("hold what the model said and called in one go", () => {
    const said = { role: "assistant", content: "I look." };
    const thought = { type: "reasoning", summary: [{ text: "Hm." }], encrypted_content: "x" };
    const input = [user("Go."), thought, said, call("a"), call("b"), output("a", "1")];
    expect(linesOf([...input, output("b", "2"), user("Thanks.")])).toEqual([
      "user | text Go.",
      "assistant | reasoning Hm. | text I look. | call a f | call b f",
      "user | result a f | result b f",
      "user | text Thanks.",
    ]);
  });

  test("have results right behind their calls, wherever the list has them", () => {
    const input = [call("a"), user("Wait."), output("a", "1"), call("b"), output("b", "2")];
    expect(linesOf(input)).toEqual([
      "assistant | call a f",
      "user | result a f",
      "user | text Wait.",
      "assistant | call b f",
      "user | result b f",
    ]);
  });

  test("begin with instructions, and take later ones in their place", () => {
    const rule = { role: "developer", content: "Be brief." };
    const read = itemsToTurns(
      { instructions: "First.", input: [rule, user("Go."), rule] },
      () => undefined,
    );
    expect(read.instructions.map((part) => part.kind === "text" && part.text)).toEqual([
      "First.",
      "Be brief.",
    ]);
    expect(read.turns.map(lineOf)).toEqual(["user | text Go.", "system | text Be brief."]);
  });

  test("keep what only OpenAI has apart: what its tools did, and what the model was to read", () => {
    const input = [
      user("Go."),
      { type: "web_search_call", id: "ws_1" },
      { type: "compaction", encrypted_content: "x" },
      { type: "brand_new", id: "x_1" },
    ];
    expect(linesOf(input)).toEqual([
      "user | text Go.",
      "assistant | vendor web_search_call",
      "user | vendor compaction",
      "user | vendor brand_new",
    ]);
  });

  test("name tools of a namespace by both names, if it was declared", () => {
    const inner = { type: "function", name: "find" };
    const crm = { type: "namespace", name: "crm", tools: [inner] };
    const spaced = (namespace: string) => ({ ...call("a", "find"), namespace });
    expect(linesOf([spaced("crm")], { tools: [crm] })).toEqual(["assistant | call a crm__find"]);
    expect(linesOf([spaced("find")], { tools: [inner] })).toEqual(["assistant | call a find"]);
  });

  test.each([{ type: "item_reference", id: "msg_1" }, { id: "msg_1" }])(
    "cannot hold an item that only OpenAI can look up: %j",
    (item) => {
      expect(() => linesOf([item])).toThrow("refers to an item that is stored at OpenAI");
    },
  );

  test("need a call before its result", () => {
    expect(() => linesOf([output("a", "1")])).toThrow("No call before this result");
    const named = { ...output("a", "1"), name: "f" };
    expect(linesOf([named])).toEqual(["user | result a f"]);
  });
});

describe("another vendor's state", () => {
  const states = [{ origin: "gemini-generate", kind: "signature", value: "c2ln" }] as const;

  function carrier(place: Parameters<typeof sealStates>[0], text = ""): JsonObject {
    const summary = text === "" ? [] : [{ type: "summary_text", text }];
    return { type: "reasoning", summary, encrypted_content: sealStates(place, states)?.text };
  }

  test.each([
    ["this", [carrier("this", "Hm."), call("a")], [0]],
    ["next", [carrier("next"), call("a")], [0]],
    ["previous", [{ role: "assistant", content: "Hi." }, carrier("previous")], [0]],
    ["alone", [carrier("alone")], [0]],
  ] as const)("goes to its part: %s", (_, input, places) => {
    const dropped: string[] = [];
    const { turns } = itemsToTurns({ input: [...input] }, (path) => dropped.push(path));
    const parts = turns.flatMap((turn) => turn.parts);
    const found = parts.flatMap((part, index) => (part.providerState ? [index] : []));
    expect(found).toEqual([...places]);
    expect(parts[0]?.providerState).toEqual([...states]);
    expect(dropped).toEqual([]);
  });

  test("may be none at all: then reasoning is only text", () => {
    const summary = [{ type: "summary_text", text: "Hm." }];
    const input = [{ type: "reasoning", id: "rs_1", summary, encrypted_content: UNSEALED }];
    const dropped: string[] = [];
    const { turns } = itemsToTurns({ input }, (path) => dropped.push(path));
    expect(turns[0]?.parts).toEqual([{ kind: "reasoning", text: "Hm.", redacted: false }]);
    expect(dropped).toEqual([]);
  });

  test("is announced when it is lost, and its text is kept", () => {
    const dropped: string[] = [];
    const broken = { ...carrier("this", "Hm."), encrypted_content: "sluice.v1.x.%%%" };
    const input = [carrier("previous"), broken, carrier("next")];
    const { turns } = itemsToTurns({ input }, (path) => dropped.push(path));
    expect(turns.map(lineOf)).toEqual(["assistant | reasoning Hm."]);
    expect(dropped).toEqual(["input[0]", "input[1]", "input"]);
  });

  test("is never taken for OpenAI's own", () => {
    const own = [{ origin: "openai-responses", kind: "encrypted", value: "x" }] as const;
    expect(sealStates("this", own)).toBeUndefined();
    const forged = `sluice.v1.openai-responses.${sealStates("this", states)?.text.split(".")[3]}`;
    const dropped: string[] = [];
    const item = { type: "reasoning", summary: [], encrypted_content: forged };
    itemsToTurns({ input: [item] }, (path) => dropped.push(path));
    expect(dropped).toEqual(["input[0]"]);
  });
});
