import { describe, expect, test } from "bun:test";
import type { JsonObject } from "#core/json.ts";
import { CLAUDE_ON_BEDROCK } from "./bedrock-claude.ts";

function edited(
  body: JsonObject,
  headers: Record<string, string> = {},
  documentHeaders: Record<string, string> = {},
) {
  const notices: string[] = [];
  const call = {
    model: "m",
    stream: true,
    headers,
    documentHeaders,
    notice: (kind: string, subject: string) => notices.push(`${kind}:${subject}`),
  };
  const edits = CLAUDE_ON_BEDROCK.bodyEdits?.(body, call) ?? new Map();
  return { edits: Object.fromEntries(edits), notices };
}

function chunk(event: JsonObject) {
  const bytes = Buffer.from(JSON.stringify(event)).toString("base64");
  return { name: "chunk", data: JSON.stringify({ bytes, p: "abc" }), raw: new Uint8Array([1]) };
}

describe("Claude on Bedrock", () => {
  test("is reached by invoke, other models are not", () => {
    expect(CLAUDE_ON_BEDROCK.serves?.("eu.anthropic.claude-sonnet-4-5-20250929-v1:0", {})).toBe(
      true,
    );
    const profile = "arn:aws:bedrock:eu-west-1:111122223333:inference-profile/";
    expect(CLAUDE_ON_BEDROCK.serves?.(`${profile}eu.anthropic.claude-opus-4-6-v1`, {})).toBe(true);
    expect(CLAUDE_ON_BEDROCK.serves?.("amazon.nova-lite-v1:0", {})).toBe(false);
    expect(CLAUDE_ON_BEDROCK.path("m%3A0", true, {})).toBe(
      "/model/m%3A0/invoke-with-response-stream",
    );
    expect(CLAUDE_ON_BEDROCK.path("m%3A0", false, {})).toBe("/model/m%3A0/invoke");
  });

  test("has model and stream in the path and the version in the body", () => {
    expect(edited({ model: "m", stream: true, max_tokens: 5, messages: [] }).edits).toEqual({
      model: undefined,
      stream: undefined,
      anthropic_version: "bedrock-2023-05-31",
    });
  });

  test("takes the betas in the body that Bedrock knows, the others are left out with a notice", () => {
    const header = "claude-code-20250219, interleaved-thinking-2025-05-14,unheard-of-2030-01-01";
    const { edits, notices } = edited({}, { "anthropic-beta": header });
    expect(edits["anthropic_beta"]).toEqual(["interleaved-thinking-2025-05-14"]);
    expect(notices).toEqual([
      "dropped:anthropic-beta.claude-code-20250219",
      "dropped:anthropic-beta.unheard-of-2030-01-01",
    ]);
    expect(edited({}, { "anthropic-beta": "unheard-of-2030-01-01" }).edits).not.toHaveProperty(
      "anthropic_beta",
    );
    const all = { "anthropic-beta": header, "anthropic-version": "2023-06-01" };
    expect(CLAUDE_ON_BEDROCK.headers?.(all)).toEqual({ "anthropic-version": "2023-06-01" });
  });

  test("takes every beta that the body or the document means for it", () => {
    const body = { anthropic_beta: ["new-one-2030-01-01", "interleaved-thinking-2025-05-14"] };
    const given = { "anthropic-beta": "by-document-2030,interleaved-thinking-2025-05-14" };
    const { edits, notices } = edited(body, given, { "anthropic-beta": "by-document-2030" });
    expect(edits["anthropic_beta"]).toEqual([
      "by-document-2030",
      "interleaved-thinking-2025-05-14",
      "new-one-2030-01-01",
    ]);
    expect(notices).toEqual([]);
  });

  test("knows a beta under the names that it has there", () => {
    const { edits } = edited({}, { "anthropic-beta": "advanced-tool-use-2025-11-20" });
    expect(edits["anthropic_beta"]).toEqual([
      "tool-search-tool-2025-10-19",
      "tool-examples-2025-10-29",
    ]);
  });

  test("has instructions between turns told by the user", () => {
    const { edits, notices } = edited({
      messages: [
        { role: "user", content: "Hello." },
        { role: "system", content: "Be brief." },
        { role: "system", content: [{ type: "text", text: "Be kind.", cache_control: {} }] },
      ],
    });
    expect(edits["messages"]).toEqual([
      { role: "user", content: "Hello." },
      { role: "user", content: [{ type: "text", text: "<system>\nBe brief.\n</system>" }] },
      {
        role: "user",
        content: [{ cache_control: {}, type: "text", text: "<system>\nBe kind.\n</system>" }],
      },
    ]);
    expect(notices).toEqual(["converted:system_turn"]);
  });

  test("streams the input of tools by a beta, since it refuses the tools' own field", () => {
    const tools = [
      { name: "a", input_schema: { type: "object" }, eager_input_streaming: true },
      { name: "b", input_schema: { type: "object" } },
    ];
    const { edits } = edited({ tools });
    expect(edits["tools"]).toEqual([
      { name: "a", input_schema: { type: "object" } },
      { name: "b", input_schema: { type: "object" } },
    ]);
    expect(edits["anthropic_beta"]).toEqual(["fine-grained-tool-streaming-2025-05-14"]);
  });

  test("has cache marks that do not say how wide they are shared", () => {
    const mark = { type: "ephemeral", ttl: "1h" };
    const scoped = { ...mark, scope: "global" };
    const said = { role: "user", content: [{ type: "text", text: "b", cache_control: scoped }] };
    const body = {
      system: [{ type: "text", text: "a", cache_control: scoped }],
      messages: [{ role: "user", content: "plain" }, said],
      tools: [{ name: "t", input_schema: { scope: "kept" }, cache_control: mark }],
    };
    const { edits } = edited(body);
    expect(edits["system"]).toEqual([{ type: "text", text: "a", cache_control: mark }]);
    expect(edits["messages"]).toEqual([
      { role: "user", content: "plain" },
      { role: "user", content: [{ type: "text", text: "b", cache_control: mark }] },
    ]);
    expect("tools" in edits).toBe(false);
  });

  test("has no service tier in its body", () => {
    const { edits, notices } = edited({ service_tier: "auto" });
    expect("service_tier" in edits && edits["service_tier"] === undefined).toBe(true);
    expect(notices).toEqual(["dropped:service_tier"]);
  });

  test("wraps Anthropic's events", () => {
    const event = {
      type: "content_block_delta",
      index: 0,
      delta: { type: "text_delta", text: "ü" },
    };
    const frame = chunk(event);
    expect(CLAUDE_ON_BEDROCK.unwrap?.(frame)).toEqual({
      name: "content_block_delta",
      data: JSON.stringify(event),
      raw: frame.raw,
    });
    expect(CLAUDE_ON_BEDROCK.unwrap?.(chunk({ index: 0, type: "ping" })).name).toBe("ping");
  });

  test("tells its exceptions as Anthropic's errors", () => {
    const raw = new Uint8Array(0);
    const frame = { name: "exception:throttlingException", data: '{"message":"Slow down."}', raw };
    expect(CLAUDE_ON_BEDROCK.unwrap?.(frame)).toEqual({
      name: "error",
      data: '{"type":"error","error":{"type":"rate_limit_error","message":"Slow down."}}',
      raw,
    });
  });

  test("leaves a frame that it cannot read as it is", () => {
    const frame = { name: "chunk", data: "{oops", raw: new Uint8Array(0) };
    expect(CLAUDE_ON_BEDROCK.unwrap?.(frame)).toBe(frame);
  });
});
