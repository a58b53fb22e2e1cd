import { describe, expect, test } from "bun:test";
import type { NeutralEvent } from "../neutral.ts";
import { sampleClient } from "../sample-contexts.ts";
import { collectStream, decodeStream, encodeStream, grammarFaults } from "../sample-streams.ts";
import { openaiChat } from "./index.ts";
import { callDelta, chunks, delta } from "./samples.ts";

const translation = openaiChat.translation ?? expect.unreachable();

function decode(text: string): NeutralEvent[] {
  const events = decodeStream(translation, text);
  expect(grammarFaults(events)).toEqual([]);
  return events;
}

function partsOf(text: string) {
  return collectStream(decode(text)).choices[0]?.parts;
}

describe("the decoder", () => {
  test("starts with the first choice, not with a chunk of filter results", () => {
    const events = decode(
      chunks([{ choices: [], prompt_filter_results: [] }], { id: "", model: "" }) +
        chunks([delta({ content: "Hi" }), delta({}, "stop"), "done"]),
    );
    expect(events[0]).toMatchObject({ type: "message-started", id: "chatcmpl-1" });
  });

  test("numbers calls from 0, whatever index the upstream starts with", () => {
    expect(
      partsOf(
        chunks([callDelta(1, { name: "f", arguments: "{}" }, { id: "a" }), delta({}, "stop")]),
      ),
    ).toEqual([{ kind: "tool-call", id: "a", name: "f", argumentsJson: "{}" }]);
  });

  test("tells calls apart that all have the index 0", () => {
    expect(
      partsOf(
        chunks([
          callDelta(0, { name: "f", arguments: "{}" }, { id: "a" }),
          callDelta(0, { name: "g", arguments: "{}" }, { id: "b" }),
          delta({}, "tool_calls"),
        ]),
      ),
    ).toMatchObject([{ id: "a" }, { id: "b" }]);
  });

  test("makes the same id each time for a call without one", () => {
    const text = chunks([callDelta(0, { name: "f", arguments: "" }), delta({}, "tool_calls")]);
    expect(partsOf(text)).toEqual(partsOf(text));
    expect(partsOf(text)).toMatchObject([{ id: expect.stringMatching(/^call_\w+$/) }]);
  });

  test.each(["", "null"])("takes %j for no arguments", (text) => {
    expect(
      partsOf(
        chunks([callDelta(0, { name: "f", arguments: text }, { id: "a" }), delta({}, "stop")]),
      ),
    ).toMatchObject([{ argumentsJson: "{}" }]);
  });

  test("waits with a call until its name has come", () => {
    const text = chunks([
      delta({ tool_calls: [{ index: 0, id: "a", function: { arguments: '{"x":' } }] }),
      callDelta(0, { name: "f", arguments: "1}" }),
      delta({}, "tool_calls"),
    ]);
    expect(partsOf(text)).toMatchObject([{ name: "f", argumentsJson: '{"x":1}' }]);
  });

  test("passes a call's pieces on as they come", () => {
    const decoder = translation.decoder();
    const pieces = ['{"a', '":1', "}"].map((text, position) => {
      const called = position === 0 ? { name: "f", arguments: text } : { arguments: text };
      const chunk = JSON.stringify(callDelta(0, called, position === 0 ? { id: "a" } : {}));
      const events = decoder.decode({ name: "", data: chunk, raw: new Uint8Array() });
      return events.filter((event) => event.type === "part-delta").length;
    });
    expect(pieces).toEqual([1, 1, 1]);
  });

  test("loses no text that comes between the pieces of a call", () => {
    expect(
      partsOf(
        chunks([
          callDelta(0, { name: "f", arguments: '{"a":"}' }, { id: "a" }),
          delta({ content: "meanwhile" }),
          callDelta(0, { arguments: '"}' }),
          delta({}, "tool_calls"),
        ]),
      ),
    ).toEqual([
      { kind: "tool-call", id: "a", name: "f", argumentsJson: '{"a":"}"}' },
      { kind: "text", text: "meanwhile" },
    ]);
  });

  test("calls it a tool stop exactly when there is a call", () => {
    const withCall = [callDelta(0, { name: "f", arguments: "{}" }, { id: "a" }), delta({}, "stop")];
    const without = [delta({ content: "x" }), delta({}, "tool_calls")];
    expect(collectStream(decode(chunks(withCall))).choices[0]?.stop).toBe("tool_call");
    expect(collectStream(decode(chunks(without))).choices[0]?.stop).toBe("end");
  });

  test("ends a choice once, though the upstream repeats the reason", () => {
    const events = decode(
      chunks([delta({ content: "x" }), delta({}, "stop"), delta({ content: "" }, "stop"), "done"]),
    );
    expect(events.filter((event) => event.type === "choice-ended")).toHaveLength(1);
  });

  test("reads usage in the last chunk of a choice, in a chunk of its own and in x_groq", () => {
    const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
    const last = { ...delta({}, "stop"), usage };
    const groq = { ...delta({}, "stop"), x_groq: { usage } };
    for (const chunk of [last, groq, { choices: [], usage }]) {
      expect(collectStream(decodeStream(translation, chunks([chunk]))).usage).toMatchObject({
        inputTokens: 3,
        outputTokens: 2,
      });
    }
  });

  test("gives nothing but usage for the usage chunk, so that it can be left out", () => {
    const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
    const decoder = translation.decoder();
    const frame = (data: object) => ({
      name: "",
      data: JSON.stringify(data),
      raw: new Uint8Array(),
    });
    decoder.decode(frame(delta({ content: "x" }, "stop")));
    expect(decoder.decode(frame({ choices: [], usage })).map((event) => event.type)).toEqual([
      "usage",
    ]);
  });

  test("reads content in chunks and thinking within it, as Mistral sends them", () => {
    const thinking = { type: "thinking", thinking: [{ type: "text", text: "Hm" }] };
    expect(
      partsOf(
        chunks([
          delta({ content: [thinking] }),
          delta({ content: [{ type: "text", text: "Yes" }] }),
          delta({}, "stop"),
        ]),
      ),
    ).toEqual([
      { kind: "reasoning", text: "Hm", redacted: false },
      { kind: "text", text: "Yes" },
    ]);
  });

  test.each(["reasoning", "reasoning_content"])("reads reasoning named %s", (field) => {
    const text = chunks([delta({ [field]: "Hm" }), delta({ content: "x" }), delta({}, "stop")]);
    expect(partsOf(text)?.[0]).toEqual({ kind: "reasoning", text: "Hm", redacted: false });
  });

  test("reports an error inside of a good stream and reads nothing after it", () => {
    const text = chunks([
      delta({ content: "x" }),
      { error: { message: "Overloaded.", code: 529 }, choices: [] },
      delta({ content: "y" }),
      "done",
    ]);
    expect(decodeStream(translation, text).at(-1)).toEqual({
      type: "faulted",
      fault: { status: 529, code: "529", message: "Overloaded." },
    });
  });
});

describe("the encoder", () => {
  const started: NeutralEvent = { type: "message-started", id: "", model: "m", createdAt: 0 };
  const text: NeutralEvent[] = [
    { type: "part-started", choice: 0, index: 0, start: { kind: "text" } },
    { type: "part-delta", choice: 0, index: 0, text: "Hi" },
    { type: "part-ended", choice: 0, index: 0 },
  ];

  function frames(events: readonly NeutralEvent[], wantsUsage = false): string[] {
    const client = sampleClient({ stream: true, wantsUsage });
    const written = encodeStream(translation, events, client);
    return written
      .split("\n\n")
      .slice(0, -1)
      .map((frame) => frame.slice("data: ".length));
  }

  test("counts calls for themselves, whatever parts stand between them", () => {
    const call = (index: number, id: string): NeutralEvent[] => [
      {
        type: "part-started",
        choice: 0,
        index,
        start: { kind: "tool-call", id, name: "f" },
      },
      { type: "part-delta", choice: 0, index, text: "{}" },
      { type: "part-ended", choice: 0, index },
    ];
    const written = frames([started, ...text, ...call(1, "a"), ...call(2, "b")]);
    const indexes = written.flatMap((frame) => {
      const found = JSON.parse(frame).choices[0].delta.tool_calls;
      return found === undefined ? [] : [found[0].index];
    });
    expect(indexes).toEqual([0, 0, 1, 1]);
  });

  test("gives the usage only to those who asked, in a chunk without choices before the end", () => {
    const used = decodeStream(
      translation,
      chunks([{ choices: [], usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } }]),
    ).filter((event) => event.type === "usage");
    const end: NeutralEvent[] = [
      { type: "choice-ended", choice: 0, stop: "end", vendorStop: "" },
      ...used,
      { type: "message-ended" },
    ];
    const silent = frames([started, ...text, ...end]);
    expect(silent.at(-1)).toBe("[DONE]");
    expect(silent.join()).not.toContain("prompt_tokens");
    const asked = frames([started, ...text, ...end], true);
    expect(JSON.parse(asked.at(-2) ?? "")).toMatchObject({
      choices: [],
      usage: { total_tokens: 5 },
    });
  });

  test("shows a blocked prompt as an answer that the filter ended", () => {
    const written = frames([
      started,
      { type: "blocked", details: { reason: "SAFETY" } },
      { type: "message-ended" },
    ]);
    expect(JSON.parse(written.at(-2) ?? "").choices[0]).toMatchObject({
      finish_reason: "content_filter",
      stop_details: { reason: "SAFETY" },
    });
  });

  test("fills in the id and the time that a foreign upstream does not have", () => {
    expect(JSON.parse(frames([started])[0] ?? "")).toMatchObject({
      id: "chatcmpl-req_sample",
      created: 1_800_000_000,
      object: "chat.completion.chunk",
    });
  });

  test("never ends a stream that an error ended", () => {
    const fault = { status: 500, code: "x", message: "Gone." };
    const written = frames([started, ...text, { type: "faulted", fault }]);
    expect(JSON.parse(written.at(-1) ?? "")).toMatchObject({ error: { message: "Gone." } });
  });

  test("finds usage where a vendor puts it into the choice that ends", () => {
    const usage = { prompt_tokens: 19, completion_tokens: 13, total_tokens: 32, cached_tokens: 8 };
    const chunks = [
      { id: "m", choices: [{ index: 0, delta: { content: "Hi." }, finish_reason: null }] },
      { id: "m", choices: [{ index: 0, delta: {}, finish_reason: "stop", usage }] },
    ];
    const events = decode(chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join(""));
    expect(events.findLast(({ type }) => type === "usage")).toMatchObject({
      usage: { inputTokens: 11, cacheReadTokens: 8, outputTokens: 13 },
    });
  });
});
