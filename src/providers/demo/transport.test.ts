// The demo provider as the gateway sees it: requests in, replies and streams out.

import { describe, expect, test } from "bun:test";
import { asArray, asObject } from "#core/json.ts";
import {
  ask,
  choice,
  chunks,
  demo,
  eagerClock,
  events,
  json,
  message,
  NOW,
  streamedText,
} from "./sample-calls.ts";

describe("demo/echo", () => {
  test("answers with the last user message", async () => {
    const reply = await demo()({
      model: "echo",
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "first" },
        { role: "assistant", content: "first" },
        { role: "user", content: "Hello big  world" },
      ],
    });
    expect(reply.status).toBe(200);
    expect(reply.headers.get("content-type")).toBe("application/json");
    expect(await json(reply)).toEqual({
      id: "chatcmpl-demo-1",
      object: "chat.completion",
      created: NOW / 1000,
      model: "echo",
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: "Hello big  world", refusal: null },
          logprobs: null,
          finish_reason: "stop",
        },
      ],
      usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
    });
  });

  test("streams the same answer word by word, to the end mark", async () => {
    const reply = await demo()(ask("echo", "Hello big  world", { stream: true }));
    expect(reply.headers.get("content-type")).toStartWith("text/event-stream");
    const all = await chunks(reply);
    expect(all.map((chunk) => choice(chunk)["delta"])).toEqual([
      { role: "assistant", content: "" },
      { content: "Hello" },
      { content: " big" },
      { content: "  world" },
      {},
    ]);
    expect(choice(all.at(-1))["finish_reason"]).toBe("stop");
    for (const chunk of all) expect("usage" in chunk).toBe(false);
  });

  test("tells its usage in a stream when asked, in a chunk of its own at the end", async () => {
    const options = { stream: true, stream_options: { include_usage: true } };
    const all = await chunks(await demo()(ask("echo", "a b c", options)));
    expect(all.at(-1)?.["choices"]).toEqual([]);
    expect(all.at(-1)?.["usage"]).toEqual({
      prompt_tokens: 3,
      completion_tokens: 3,
      total_tokens: 6,
    });
    for (const chunk of all.slice(0, -1)) expect(chunk["usage"]).toBeNull();
  });

  test("waits between words for as long as it was told to, by its clock", async () => {
    const { clock, waits } = eagerClock();
    await chunks(await demo(clock, 40)(ask("echo", "a b c", { stream: true })));
    expect(waits).toEqual([40, 40]);
  });

  test("stops at the caller's cap and says so", async () => {
    for (const cap of [{ max_tokens: 2 }, { max_completion_tokens: 2, max_tokens: 9 }]) {
      const reply = await json(await demo()(ask("echo", "one two three", cap)));
      expect(message(reply)["content"]).toBe("one two");
      expect(choice(reply)["finish_reason"]).toBe("length");
      expect(asObject(reply["usage"])?.["completion_tokens"]).toBe(2);
    }
  });

  test("finishes naturally when the cap is just enough", async () => {
    const reply = await json(await demo()(ask("echo", "one two", { max_tokens: 2 })));
    expect(choice(reply)["finish_reason"]).toBe("stop");
  });

  test("reads text parts and counts images", async () => {
    const content = [
      { type: "text", text: "look at" },
      { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
      { type: "text", text: "this" },
    ];
    const reply = await json(
      await demo()({ model: "echo", messages: [{ role: "user", content }] }),
    );
    expect(message(reply)["content"]).toBe("look at\nthis");
    expect(asObject(reply["usage"])?.["prompt_tokens"]).toBe(3 + 85);
  });

  test("never gives an empty answer", async () => {
    for (const messages of [
      [{ role: "user", content: " " }],
      [{ role: "system", content: "x" }],
      [{ role: "user", content: [] }],
      [{ role: "user" }],
      [null],
    ]) {
      const reply = await json(await demo()({ model: "echo", messages }));
      expect(message(reply)["content"]).toBe("The last user message holds no text to echo.");
    }
  });

  test("cuts an answer that is too long for a model", async () => {
    const reply = await json(await demo()(ask("echo", "word ".repeat(5000))));
    expect(choice(reply)["finish_reason"]).toBe("length");
    expect(asObject(reply["usage"])?.["completion_tokens"]).toBe(4096);
  });

  test("gives the same answers to the same calls", async () => {
    const call = ask("echo", "same", { stream: true });
    const [first, second] = [demo(), demo()];
    expect(await events(await first(call))).toEqual(await events(await second(call)));
  });
});

describe("demo/json", () => {
  test("answers in JSON even when not asked to", async () => {
    const reply = await json(await demo()(ask("json", "hi")));
    expect(JSON.parse(String(message(reply)["content"]))).toEqual({ answer: "hi" });
  });

  test("fits the schema that was asked for, whole and streamed", async () => {
    const schema = {
      type: "object",
      properties: { city: { type: "string" }, days: { type: "integer", minimum: 3 } },
      required: ["city", "days"],
    };
    const response_format = { type: "json_schema", json_schema: { name: "trip", schema } };
    const whole = await json(await demo()(ask("json", "Paris", { response_format })));
    const expected = { city: "Paris", days: 3 };
    expect(JSON.parse(String(message(whole)["content"]))).toEqual(expected);
    const all = await chunks(await demo()(ask("json", "Paris", { response_format, stream: true })));
    expect(JSON.parse(streamedText(all))).toEqual(expected);
  });

  test("is what other models do too when JSON is asked for", async () => {
    const response_format = { type: "json_object" };
    const reply = await json(await demo()(ask("echo", "hi", { response_format })));
    expect(JSON.parse(String(message(reply)["content"]))).toEqual({ answer: "hi" });
  });
});

describe("demo/tools", () => {
  const tools = [
    {
      type: "function",
      function: {
        name: "get_weather",
        parameters: {
          type: "object",
          properties: { city: { type: "string" }, unit: { enum: ["celsius", "kelvin"] } },
        },
      },
    },
    { type: "function", function: { name: "get_time" } },
  ];

  test("calls the first tool offered, with arguments that fit it", async () => {
    const reply = await json(await demo()(ask("tools", "Paris", { tools })));
    expect(message(reply)).toEqual({
      role: "assistant",
      content: null,
      refusal: null,
      tool_calls: [
        {
          id: "call_demo_1",
          type: "function",
          function: { name: "get_weather", arguments: '{"city":"Paris","unit":"celsius"}' },
        },
      ],
    });
    expect(choice(reply)["finish_reason"]).toBe("tool_calls");
  });

  test("streams the call: first its name, then its arguments in pieces", async () => {
    const all = await chunks(await demo()(ask("tools", "Paris", { tools, stream: true })));
    const calls = all.flatMap((chunk) =>
      asArray(asObject(choice(chunk)["delta"])?.["tool_calls"]).map((call) => asObject(call) ?? {}),
    );
    expect(calls[0]).toEqual({
      index: 0,
      id: "call_demo_1",
      type: "function",
      function: { name: "get_weather", arguments: "" },
    });
    const written = calls.map((call) => asObject(call["function"])?.["arguments"]).join("");
    expect(JSON.parse(written)).toEqual({ city: "Paris", unit: "celsius" });
    expect(calls.slice(1).every((call) => call["id"] === undefined)).toBe(true);
    expect(choice(all.at(-1))["finish_reason"]).toBe("tool_calls");
  });

  test("calls the tool that was chosen", async () => {
    const tool_choice = { type: "function", function: { name: "get_time" } };
    const reply = await json(await demo()(ask("tools", "now", { tools, tool_choice })));
    const call = asObject(asArray(message(reply)["tool_calls"])[0]);
    expect(call?.["function"]).toEqual({ name: "get_time", arguments: "{}" });
  });

  test("answers in words once the tool has answered", async () => {
    const messages = [
      { role: "user", content: "Paris" },
      { role: "assistant", tool_calls: [{ id: "call_demo_1" }] },
      { role: "tool", tool_call_id: "call_demo_1", content: "18 degrees" },
    ];
    const reply = await json(await demo()({ model: "tools", messages, tools }));
    expect(message(reply)["content"]).toBe("The tool answered: 18 degrees");
    expect(choice(reply)["finish_reason"]).toBe("stop");
  });

  test("says so when there is nothing to call", async () => {
    for (const more of [{}, { tools, tool_choice: "none" }, { tools: [] }]) {
      const reply = await json(await demo()(ask("tools", "hi", more)));
      expect(message(reply)["content"]).toStartWith("There is no tool to call");
    }
  });
});

describe("demo/embed", () => {
  test("makes embeddings", async () => {
    const reply = await demo()({ model: "embed", input: ["a", "b"] }, "/v1/embeddings");
    expect(reply.status).toBe(200);
    expect(asArray((await json(reply))["data"])).toHaveLength(2);
  });

  test("does not chat, and the chat models do not embed", async () => {
    expect((await demo()(ask("embed", "x"))).status).toBe(400);
    expect((await demo()({ model: "echo", input: "x" }, "/v1/embeddings")).status).toBe(400);
  });
});
