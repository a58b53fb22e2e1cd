import { expect, test } from "bun:test";
import type { JsonObject } from "#core/json.ts";
import { sampleFacts } from "../sample-contexts.ts";
import { edits } from "./edits.ts";
import { sealStates, UNSIGNED } from "./state-envelope.ts";

const SEAL = sealStates("next", [{ origin: "gemini-generate", kind: "signature", value: "x" }]);
const OWN: JsonObject = { type: "thinking", thinking: "mine", signature: "c2ln" };

function edited(model: string, body: JsonObject) {
  return Object.fromEntries(edits(sampleFacts(), model, body));
}

test("only the model is changed, and only if it differs", () => {
  const body = { model: "a", models: ["b"], messages: [{ role: "assistant", content: [OWN] }] };
  expect(edited("b", body)).toEqual({ model: "b" });
  expect(edited("a", body)).toEqual({});
});

test("state that Sluice put into the conversation stays out of Anthropic's sight", () => {
  const user = { role: "user", content: "go" };
  const call = { type: "tool_use", id: "a", name: "f", input: {} };
  const messages = [
    user,
    {
      role: "assistant",
      content: [{ type: "thinking", thinking: "", signature: SEAL }, OWN, call],
    },
    user,
    { role: "assistant", content: [{ type: "redacted_thinking", data: SEAL }] },
    {
      role: "assistant",
      content: [{ type: "thinking", thinking: "hm", signature: UNSIGNED }, call],
    },
  ];
  expect(edited("a", { model: "a", messages })["messages"]).toEqual([
    user,
    { role: "assistant", content: [OWN, call] },
    user,
    { role: "assistant", content: [call] },
  ]);
});
