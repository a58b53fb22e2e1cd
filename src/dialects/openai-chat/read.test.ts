import { describe, expect, test } from "bun:test";
import { GatewayError } from "#core/errors.ts";
import type { JsonObject } from "#core/json.ts";
import { applyEdits } from "#wire/edit-body.ts";
import { parseBody } from "#wire/json-body.ts";
import { openaiChat } from "./index.ts";

const HINTS = { operation: "generate", model: "", stream: undefined } as const;

function read(body: JsonObject) {
  return openaiChat.read(
    { model: "m", messages: [{ role: "user", content: "Hi" }], ...body },
    HINTS,
  );
}

function edited(text: string): string {
  const body = parseBody(new TextEncoder().encode(text));
  return applyEdits(body, openaiChat.edits(openaiChat.read(body.json, HINTS), "other", body.json));
}

describe("read", () => {
  test("counts text, tools and media", () => {
    const tools = [{ type: "function", function: { name: "f" } }];
    const facts = read({
      tools,
      messages: [
        { role: "system", content: "1234" },
        {
          role: "user",
          content: [
            { type: "text", text: "56" },
            { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
            { type: "input_audio", input_audio: { data: "AAAA", format: "wav" } },
            { type: "file", file: { file_id: "f" } },
          ],
        },
        {
          role: "assistant",
          content: null,
          tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: "{}" } }],
        },
      ],
    });
    expect(facts).toMatchObject({
      textLength: 6 + 3 + JSON.stringify(tools).length,
      messageCount: 3,
      toolCount: 1,
      imageCount: 1,
      audioCount: 1,
      fileCount: 1,
    });
  });

  test("takes the larger of two caps, because that much may be spent", () => {
    expect(read({ max_tokens: 10, max_completion_tokens: 20 }).maxOutputTokens).toBe(20);
    expect(read({ max_tokens: 30, max_completion_tokens: 20 }).maxOutputTokens).toBe(30);
  });

  test("knows whether the stream's usage was asked for", () => {
    expect(read({ stream: true }).wantsUsage).toBe(false);
    expect(read({ stream: true, stream_options: { include_usage: true } }).wantsUsage).toBe(true);
    expect(read({ stream_options: { include_usage: true } }).wantsUsage).toBe(false);
  });

  test.each<[JsonObject, boolean]>([
    [{ reasoning_effort: "low" }, true],
    [{ reasoning_effort: "none" }, false],
    [{ reasoning: { max_tokens: 100 } }, true],
    [{ reasoning: { enabled: false } }, false],
    [{ thinking: { type: "enabled" } }, true],
    [{}, false],
  ])("knows whether %j asks for reasoning", (body, expected) => {
    expect(read(body).reasoning).toBe(expected);
  });

  test("keeps of metadata only what is text", () => {
    expect(read({ metadata: { a: "x", b: 1, c: null } }).metadata).toEqual({ a: "x" });
  });

  test.each<[JsonObject, string]>([
    [{ model: "" }, "model"],
    [{ model: 5 }, "model"],
    [{ messages: [] }, "messages"],
    [{ messages: "Hi" }, "messages"],
    [{ messages: [5] }, "messages[0]"],
    [{ messages: [{ role: 1 }] }, "messages[0].role"],
    [{ messages: [{ role: "user", content: 5 }] }, "messages[0].content"],
    [{ messages: [{ role: "user", content: ["x"] }] }, "messages[0].content[0]"],
    [{ stream: "yes" }, "stream"],
    [{ max_tokens: -1 }, "max_tokens"],
    [{ max_tokens: 1.5 }, "max_tokens"],
    [{ n: 0 }, "n"],
    [{ n: 1e9 }, "n"],
    [{ tools: {} }, "tools"],
    [{ response_format: "json" }, "response_format"],
  ])("refuses %j and names the field", (body, param) => {
    try {
      read(body);
      throw new Error("It was accepted.");
    } catch (error) {
      expect(error).toBeInstanceOf(GatewayError);
      expect((error as GatewayError).extras.param).toBe(param);
    }
  });
});

describe("edits", () => {
  test("asks every stream for its usage and keeps the other options", () => {
    expect(
      edited(
        '{"model":"m","stream":true,"stream_options":{"include_obfuscation":false},"messages":[{"role":"user","content":"x"}]}',
      ),
    ).toBe(
      '{"model":"other","stream":true,"stream_options":{"include_obfuscation":false,"include_usage":true},"messages":[{"role":"user","content":"x"}]}',
    );
  });

  test("leaves a body without a stream alone but for the model", () => {
    expect(edited('{"model":"m", "messages":[{"role":"user"}],"x":1.0}')).toBe(
      '{"model":"other", "messages":[{"role":"user"}],"x":1.0}',
    );
  });

  test("takes out the wishes that are addressed to the gateway", () => {
    expect(
      edited('{"models":["a"],"model":"m","provider":{"only":["x"]},"messages":[{"role":"user"}]}'),
    ).toBe('{"model":"other","messages":[{"role":"user"}]}');
  });
});
