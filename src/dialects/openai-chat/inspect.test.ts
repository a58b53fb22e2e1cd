// The look at a reply from the side, held against the full reading of the same reply.

import { expect, test } from "bun:test";
import fc from "fast-check";
import type { Json, JsonObject } from "#core/json.ts";
import type { ReplyFindings } from "../dialect.ts";
import type { Part } from "../neutral.ts";
import { inspectReply } from "./inspect.ts";
import { replyToNeutral } from "./reply-to-neutral.ts";

/** What a full reading finds. */
function readWhole(reply: JsonObject): ReplyFindings {
  const { choices, usage } = replyToNeutral(reply);
  const parts = choices.flatMap((choice) => choice.parts);
  const natural = ["end", "stop_sequence", "tool_call", "unknown"];
  return {
    usage,
    empty: parts.every(saysNothing) && choices.every(({ stop }) => natural.includes(stop)),
    stop: choices[0]?.stop ?? "unknown",
    fault: undefined,
    textLength: parts.reduce((sum, part) => sum + textOf(part).length, 0),
  };
}

function saysNothing(part: Part): boolean {
  if (part.kind === "reasoning") return part.text === "" && part.providerState === undefined;
  return (part.kind === "text" || part.kind === "refusal") && part.text.trim() === "";
}

function textOf(part: Part): string {
  if (part.kind === "tool-call") return part.name + part.argumentsJson;
  return "text" in part ? part.text : "";
}

const junk = fc.constantFrom<Json>(
  null,
  false,
  true,
  0,
  7,
  "",
  " ",
  "\n",
  "text",
  [],
  {},
  [[]],
  [null],
);
const text = fc.oneof(fc.string(), fc.constantFrom("", "  ", "\u00a0\n"));
const call = fc.record(
  {
    id: fc.oneof(text, junk),
    type: fc.constantFrom("function", "custom"),
    function: fc.oneof(fc.record({ name: text, arguments: fc.oneof(text, junk) }), junk),
    custom: fc.oneof(fc.record({ name: text, input: text }), junk),
  },
  { requiredKeys: [] },
);
const chunk = fc.oneof(
  fc.record({
    type: fc.constantFrom("text", "refusal", "thinking"),
    text,
    refusal: text,
    thinking: text,
  }),
  fc.record({ type: text, custom: junk }),
  junk,
);
const detail = fc.record(
  {
    type: fc.constantFrom("reasoning.text", "reasoning.encrypted", "reasoning.summary"),
    text,
    data: text,
    signature: text,
    index: fc.nat(2),
  },
  { requiredKeys: [] },
);
const message = fc.record(
  {
    role: fc.constant("assistant"),
    content: fc.oneof(text, fc.array(chunk, { maxLength: 3 }), junk),
    refusal: fc.oneof(text, junk),
    tool_calls: fc.oneof(fc.array(fc.oneof(call, junk), { maxLength: 3 }), junk),
    function_call: fc.oneof(fc.record({ name: text, arguments: text }), junk),
    reasoning_content: fc.oneof(text, junk),
    reasoning: fc.oneof(text, junk),
    reasoning_details: fc.oneof(fc.array(fc.oneof(detail, junk), { maxLength: 3 }), junk),
    images: fc.oneof(fc.constant([{ image_url: { url: "data:image/png;base64,AA==" } }]), junk),
    audio: fc.oneof(fc.record({ id: text, data: text }), junk),
    annotations: fc.oneof(fc.constant([{ type: "url_citation" }]), junk),
    extra_content: fc.constantFrom<Json>({ google: { thought_signature: "s" } }, null, "x"),
  },
  { requiredKeys: [] },
);
const stopWord = fc.constantFrom<Json>(
  ...["stop", "length", "tool_calls", "content_filter", "error", "eos", "new-word", "", null, 3],
);
const choice = fc.record(
  {
    index: fc.oneof(fc.nat(3), junk),
    message: fc.oneof({ weight: 9, arbitrary: message }, { weight: 1, arbitrary: junk }),
    finish_reason: stopWord,
    stop_reason: fc.constantFrom<Json>(null, "END", 128_009),
  },
  { requiredKeys: [] },
);
const reply = fc.record(
  {
    id: text,
    choices: fc.array(fc.oneof({ weight: 9, arbitrary: choice }, { weight: 1, arbitrary: junk }), {
      maxLength: 3,
    }),
    usage: fc.oneof(fc.record({ prompt_tokens: fc.nat(), completion_tokens: fc.nat() }), junk),
  },
  { requiredKeys: ["choices"] },
);

test("a glance finds what the full reading finds, in whatever an upstream sends", () => {
  fc.assert(
    fc.property(reply, (body) => {
      expect(inspectReply(body as JsonObject)).toEqual(readWhole(body as JsonObject));
    }),
    { numRuns: 2_000 },
  );
});

test("a body that is no reply is a fault, and so is an error inside a 200", () => {
  for (const body of [undefined, null, "<html>", [], {}, { choices: {} }]) {
    expect(inspectReply(body)).toMatchObject({ fault: { code: "malformed_reply" }, empty: false });
  }
  const error = { message: "Overloaded.", code: 529 };
  expect(inspectReply({ choices: [], error }).fault).toMatchObject({ status: 529 });
});
