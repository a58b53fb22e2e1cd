// What of a body changes on its way to OpenAI.

import { expect, test } from "bun:test";
import { sampleFacts } from "../sample-contexts.ts";
import { responsesEdits } from "./edits.ts";
import { sealStates, UNSEALED } from "./state-envelope.ts";

const FACTS = sampleFacts();

test("only the model of a plain body", () => {
  const body = { model: "asked", input: [{ type: "reasoning", encrypted_content: "gAAA" }] };
  expect([...responsesEdits(FACTS, "served", body)]).toEqual([["model", "served"]]);
});

test("the items that carry another vendor's state are taken out, all others stay as they are", () => {
  const states = [{ origin: "anthropic-messages", kind: "signature", value: "x" }] as const;
  const sealed = { type: "reasoning", encrypted_content: sealStates("this", states)?.text };
  const own = { type: "reasoning", id: "rs_1", encrypted_content: "gAAA", unknown: { a: 1 } };
  const quoting = { role: "user", content: "sluice.v1.x.y" };
  const unsealed = { type: "reasoning", id: "rs_2", summary: [], encrypted_content: UNSEALED };
  const input = [own, sealed, unsealed, quoting];
  const edits = responsesEdits(FACTS, "served", { model: "asked", input });
  expect(edits.get("input")).toEqual([own, quoting]);
});

test("wishes to the gateway are taken out", () => {
  const edits = responsesEdits(FACTS, "served", { model: "asked", input: "x", models: ["a"] });
  expect([...edits]).toEqual([
    ["model", "served"],
    ["models", undefined],
  ]);
});
