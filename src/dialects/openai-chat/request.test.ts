import { describe, expect, test } from "bun:test";
import { GatewayError } from "#core/errors.ts";
import { all } from "#core/features.ts";
import type { JsonObject } from "#core/json.ts";
import type { ModelTraits } from "../dialect.ts";
import type { NeutralRequest, Turn } from "../neutral.ts";
import { sampleFacts, sampleUpstream } from "../sample-contexts.ts";
import { requestFromNeutral } from "./request-from-neutral.ts";
import { requestToNeutral } from "./request-to-neutral.ts";

const HELLO: Turn = { role: "user", parts: [{ kind: "text", text: "Hello" }] };

function neutral(given: Partial<NeutralRequest>): NeutralRequest {
  return {
    origin: "anthropic-messages",
    model: "asked",
    stream: false,
    instructions: [],
    turns: [HELLO],
    tools: [],
    vendorTools: [],
    sampling: {},
    extras: new Map(),
    ...given,
  };
}

function written(given: Partial<NeutralRequest>, traits: Partial<ModelTraits> = {}) {
  const upstream = sampleUpstream({ traits, stateOrigins: ["openai-chat"] });
  const body = requestFromNeutral(neutral(given), upstream);
  return { body, messages: body["messages"], notices: upstream.notices };
}

function read(body: JsonObject): NeutralRequest {
  return requestToNeutral({ messages: [{ role: "user", content: "Hi" }], ...body }, sampleFacts());
}

function refusalOf(run: () => unknown): GatewayError {
  try {
    run();
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
  throw new Error("It was accepted.");
}

describe("requestFromNeutral", () => {
  const reasoningModel = {
    reasoning: "effort",
    features: all("none", "temperature", "top_p", "stop", "logprobs"),
  } as const;

  test("names the output cap as the model wants it", () => {
    expect(written({ maxOutputTokens: 9 }, { outputCapField: "max_tokens" }).body).toMatchObject({
      max_tokens: 9,
    });
    expect(written({ maxOutputTokens: 9 }).body).toMatchObject({ max_completion_tokens: 9 });
  });

  test("drops sampling that the model would refuse, and says so", () => {
    const { body, notices } = written(
      { sampling: { temperature: 0.5, topP: 0.9 } },
      reasoningModel,
    );
    expect(body).not.toHaveProperty("temperature");
    expect(notices).toEqual(["dropped:temperature", "dropped:top_p"]);
  });

  test("refuses to leave out stop sequences, which would change the answer", () => {
    const error = refusalOf(() => written({ sampling: { stop: ["x"] } }, reasoningModel));
    expect(error.code).toBe("unsupported_feature");
  });

  test("refuses a beginning of the answer, which a chat model would not continue", () => {
    const turns: Turn[] = [HELLO, { role: "assistant", parts: [{ kind: "text", text: "{" }] }];
    expect(refusalOf(() => written({ turns })).code).toBe("unsupported_feature");
  });

  test("refuses hosted tools of another vendor by name", () => {
    const vendorTools = [{ origin: "anthropic-messages", name: "web_search", value: {} }];
    expect(refusalOf(() => written({ vendorTools })).message).toContain("web_search");
  });

  test("puts all results after their calls, and pictures of results after all of them", () => {
    const { messages, notices } = written(
      {
        turns: [
          HELLO,
          {
            role: "assistant",
            parts: [
              { kind: "tool-call", id: "a", name: "f", argumentsJson: "{}" },
              { kind: "tool-call", id: "b", name: "f", argumentsJson: "{}" },
            ],
          },
          {
            role: "user",
            parts: [
              {
                kind: "tool-result",
                callId: "a",
                name: "f",
                isError: false,
                content: [{ kind: "image", source: { from: "url", url: "https://e.com/a.png" } }],
              },
              {
                kind: "tool-result",
                callId: "b",
                name: "f",
                isError: true,
                content: [{ kind: "text", text: "broken" }],
              },
              { kind: "text", text: "Go on." },
            ],
          },
        ],
      },
      { features: all("emulated", "images_in_tool_results") },
    );
    expect(messages).toMatchObject([
      { role: "user" },
      { role: "assistant", content: null, tool_calls: [{ id: "a" }, { id: "b" }] },
      { role: "tool", tool_call_id: "a", content: expect.stringContaining("next message") },
      { role: "tool", tool_call_id: "b", content: "Error: broken" },
      {
        role: "user",
        content: [
          { type: "text", text: expect.stringContaining("a") },
          { type: "image_url", image_url: { url: "https://e.com/a.png" } },
          { type: "text", text: "Go on." },
        ],
      },
    ]);
    expect(notices).toEqual(["converted:tool_result.content", "converted:tool_result.is_error"]);
  });

  test("gives a structured result as JSON text", () => {
    const result = { kind: "tool-result", callId: "a", name: "f", isError: false } as const;
    const turns: Turn[] = [
      { role: "user", parts: [{ ...result, content: [], structured: { ok: 1 } }] },
    ];
    expect(written({ turns }).messages).toMatchObject([{ role: "tool", content: '{"ok":1}' }]);
  });

  test("sends reasoning back only under the name that the model wants", () => {
    const turns: Turn[] = [
      HELLO,
      { role: "assistant", parts: [{ kind: "reasoning", text: "Hm.", redacted: false }] },
      HELLO,
    ];
    expect(written({ turns }, { reasoningField: "reasoning" }).messages).toMatchObject([
      {},
      { reasoning: "Hm." },
      {},
    ]);
    const without = written({ turns });
    expect(JSON.stringify(without.body)).not.toContain("Hm.");
    expect(without.notices).toEqual(["dropped:reasoning"]);
  });

  test("turns a budget of thinking into an effort, and says so", () => {
    const { body, notices } = written({ reasoning: { budgetTokens: 4096 } });
    expect(body["reasoning_effort"]).toBe("medium");
    expect(notices).toEqual(["converted:reasoning.budget_tokens"]);
    expect(written({ reasoning: { effort: "xhigh" } }).body["reasoning_effort"]).toBe("xhigh");
    const chat = written({ reasoning: { effort: "high" } }, { reasoning: "none" });
    expect(chat.body).not.toHaveProperty("reasoning_effort");
    expect(chat.notices).toEqual(["dropped:reasoning"]);
  });

  test("mentions JSON where JSON mode is asked for and nobody does, as OpenAI demands", () => {
    expect(JSON.stringify(written({ responseFormat: { kind: "json" } }).messages)).toContain(
      "JSON",
    );
    const asked: Turn = { role: "user", parts: [{ kind: "text", text: "Give me json." }] };
    expect(written({ responseFormat: { kind: "json" }, turns: [asked] }).notices).toEqual([]);
  });

  test("names at most twenty fields that it drops", () => {
    const extras = new Map(Array.from({ length: 500 }, (_, i) => [`field_${i}`, 1] as const));
    const { notices } = written({ extras });
    expect(notices).toHaveLength(21);
    expect(notices.at(-1)).toBe("dropped:other_fields");
  });
});

describe("requestToNeutral", () => {
  test("takes every way to ask for reasoning", () => {
    expect(read({ reasoning_effort: "minimal" }).reasoning).toEqual({ effort: "minimal" });
    expect(read({ reasoning: { max_tokens: 9, exclude: true } }).reasoning).toEqual({
      budgetTokens: 9,
      visible: false,
    });
    expect(read({ thinking: { type: "disabled" } }).reasoning).toEqual({ effort: "none" });
    expect(read({ reasoning: { enabled: true } }).reasoning).toEqual({ adaptive: true });
  });

  test("joins a signature with the text that the client kept elsewhere", () => {
    const { turns } = read({
      messages: [
        { role: "user", content: "Hi" },
        {
          role: "assistant",
          content: "Ho",
          reasoning_content: "Hm.",
          reasoning_details: [
            { type: "reasoning.text", signature: "c2ln", format: "anthropic-claude-v1", index: 0 },
          ],
        },
      ],
    });
    expect(turns[1]?.parts[0]).toEqual({
      kind: "reasoning",
      text: "Hm.",
      redacted: false,
      providerState: [{ origin: "anthropic-messages", kind: "signature", value: "c2ln" }],
    });
  });

  test("joins the fragments of one block that a client did not join", () => {
    const fragment = { type: "reasoning.text", index: 0, format: "anthropic-claude-v1" };
    const { turns } = read({
      messages: [
        {
          role: "assistant",
          content: "x",
          reasoning_details: [
            { ...fragment, text: "a" },
            { ...fragment, text: "b" },
            { ...fragment, signature: "s" },
            { ...fragment, text: "c" },
          ],
        },
      ],
    });
    expect(turns[0]?.parts).toMatchObject([{ text: "ab" }, { text: "c" }, { kind: "text" }]);
  });

  test("refuses a result that answers no call", () => {
    const error = refusalOf(() =>
      read({ messages: [{ role: "tool", tool_call_id: "x", content: "" }] }),
    );
    expect(error.extras.param).toBe("messages[0].tool_call_id");
  });

  test("refuses what no other dialect can do", () => {
    for (const body of [
      { modalities: ["text", "audio"] },
      { functions: [{ name: "f" }] },
      { stream: true, logprobs: true },
    ]) {
      expect(refusalOf(() => read(body)).code).toBe("unsupported_feature");
    }
    expect(read({ modalities: ["text"], store: false }).extras.size).toBe(0);
  });

  test("keeps a picture of megabytes without looking through it", () => {
    const url = `data:image/jpeg;base64,${"A".repeat(5_000_000)}`;
    const { turns } = read({
      messages: [{ role: "user", content: [{ type: "image_url", image_url: { url } }] }],
    });
    expect(turns[0]?.parts[0]).toMatchObject({
      source: { from: "base64", mediaType: "image/jpeg", data: expect.any(String) },
    });
  });

  test("refuses data URIs that are not base64", () => {
    const content = [{ type: "image_url", image_url: { url: "data:image/svg+xml,<svg/>" } }];
    expect(refusalOf(() => read({ messages: [{ role: "user", content }] })).extras.param).toBe(
      "messages[0].content[0].image_url",
    );
  });
});
