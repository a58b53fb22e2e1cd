// What the imitators of OpenAI's chat API are sent: the same request, said as each of them takes it.

import { describe, expect, test } from "bun:test";
import type { JsonObject } from "#core/json.ts";
import { asArray, asObject } from "#core/json.ts";
import type { Notice } from "#core/notices.ts";
import { dialectOf } from "#dialects/list.ts";
import type { NeutralRequest, Part, ReasoningWish } from "#dialects/neutral.ts";
import { providerKindOf } from "./list.ts";

const BARE: NeutralRequest = {
  origin: "anthropic-messages",
  model: "asked",
  stream: false,
  instructions: [],
  turns: [{ role: "user", parts: [{ kind: "text", text: "Go on." }] }],
  tools: [],
  vendorTools: [],
  sampling: {},
  extras: new Map(),
};

function written(id: string, model: string, request: Partial<NeutralRequest>) {
  const kind = providerKindOf(id);
  const notices: Notice[] = [];
  const { translation } = dialectOf("openai-chat");
  const body: JsonObject =
    translation?.requestFromNeutral(
      { ...BARE, ...request },
      {
        model,
        stateOrigins: new Set(kind.stateOrigins),
        traits: kind.traits(model),
        notice: (noticeKind, subject) => notices.push(`${noticeKind}:${subject}`),
      },
    ) ?? {};
  return { body, notices };
}

function reasoning(id: string, model: string, wish: ReasoningWish): JsonObject {
  const { body } = written(id, model, { reasoning: wish });
  const { model: _model, messages: _messages, ...rest } = body;
  return rest;
}

describe("a wish for reasoning", () => {
  test.each<[string, string, ReasoningWish, JsonObject]>([
    ["groq", "openai/gpt-oss-120b", { effort: "xhigh" }, { reasoning_effort: "high" }],
    ["groq", "openai/gpt-oss-20b", { effort: "minimal" }, { reasoning_effort: "low" }],
    [
      "groq",
      "qwen/qwen3-32b",
      { effort: "none" },
      { reasoning_format: "parsed", reasoning_effort: "none" },
    ],
    [
      "groq",
      "qwen/qwen3-32b",
      { effort: "high", visible: false },
      { reasoning_format: "hidden", reasoning_effort: "default" },
    ],
    ["groq", "llama-3.3-70b-versatile", { effort: "high" }, {}],
    ["deepseek", "deepseek-chat", { effort: "none" }, { thinking: { type: "disabled" } }],
    [
      "deepseek",
      "deepseek-v4-pro",
      { effort: "medium" },
      { thinking: { type: "enabled" }, reasoning_effort: "high" },
    ],
    ["deepseek", "deepseek-v4-pro", { adaptive: true }, { thinking: { type: "enabled" } }],
    ["xai", "grok-3-mini", { effort: "medium" }, { reasoning_effort: "high" }],
    ["xai", "grok-4", { effort: "high" }, {}],
    ["openrouter", "any/model", { effort: "low" }, { reasoning: { effort: "low" } }],
    ["openrouter", "any/model", { budgetTokens: 2000 }, { reasoning: { max_tokens: 2000 } }],
    [
      "openrouter",
      "any/model",
      { effort: "high", visible: false },
      { reasoning: { exclude: true, effort: "high" } },
    ],
    ["mistral", "mistral-medium-latest", { effort: "low" }, { reasoning_effort: "high" }],
    ["mistral", "magistral-medium-latest", { effort: "low" }, {}],
    [
      "alibaba",
      "qwen3-max",
      { budgetTokens: 500 },
      { enable_thinking: true, thinking_budget: 500 },
    ],
    ["zai", "glm-5.2", { effort: "max" }, { thinking: { type: "enabled" } }],
    ["moonshot", "kimi-k2.6", { effort: "none" }, { thinking: { type: "disabled" } }],
    ["moonshot", "kimi-k2-thinking", { effort: "none" }, {}],
    ["vllm", "any", { effort: "max" }, { reasoning_effort: "high" }],
  ])("is said as %s takes it for %s: %j", (id, model, wish, expected) => {
    expect(reasoning(id, model, wish)).toEqual(expected);
  });

  test("that becomes another one, or nothing, is announced", () => {
    const nearest = written("deepseek", "deepseek-chat", { reasoning: { effort: "medium" } });
    expect(nearest.notices).toEqual(["converted:reasoning_effort"]);
    const dropped = written("xai", "grok-4", { reasoning: { effort: "low" } });
    expect(dropped.notices).toEqual(["dropped:reasoning"]);
    const exact = written("deepseek", "deepseek-chat", { reasoning: { effort: "max" } });
    expect(exact.notices).toEqual([]);
  });
});

const CALL: Part = { kind: "tool-call", id: "call_1", name: "look", argumentsJson: "{}" };
const PICTURE = {
  kind: "image",
  source: { from: "base64", mediaType: "image/png", data: "aGVsbG8=" },
} as const;
const RESULT: Part = {
  kind: "tool-result",
  callId: "call_1",
  name: "look",
  content: [{ kind: "text", text: "rain" }],
  isError: false,
};

function historyOf(id: string, model: string, parts: readonly Part[]) {
  const turns = [
    ...BARE.turns,
    { role: "assistant", parts } as const,
    { role: "user", parts: [RESULT] } as const,
  ];
  const { body, notices } = written(id, model, { turns });
  return { message: asObject(asArray(body["messages"])[1]) ?? {}, notices };
}

describe("earlier reasoning", () => {
  const THOUGHT: Part = { kind: "reasoning", text: "It may rain.", redacted: false };

  test.each([
    ["deepseek", "deepseek-chat", "reasoning_content"],
    ["moonshot", "kimi-k2.6", "reasoning_content"],
    ["zai", "glm-5.2", "reasoning_content"],
    ["groq", "openai/gpt-oss-120b", "reasoning"],
    ["vllm", "any", "reasoning"],
    ["openrouter", "any/model", "reasoning"],
  ])("goes back to %s (%s) as %s", (id, model, member) => {
    const { message, notices } = historyOf(id, model, [THOUGHT, CALL]);
    expect(message[member]).toBe("It may rain.");
    expect(notices).toEqual([]);
  });

  test("goes back to a server that nobody knows under both names, unless another vendor signed it", () => {
    const own = historyOf("openai-compatible", "any", [THOUGHT, CALL]);
    expect(own.message).toMatchObject({
      reasoning: "It may rain.",
      reasoning_content: "It may rain.",
    });
    expect(own.notices).toEqual([]);
    const signed: Part = {
      ...THOUGHT,
      providerState: [{ origin: "anthropic-messages", kind: "signature", value: "c2ln" }],
    };
    const { message, notices } = historyOf("openai-compatible", "any", [signed, CALL]);
    expect(JSON.stringify(message)).not.toMatch(/rain|c2ln/);
    expect(notices).toContain("dropped:reasoning");
  });

  test("goes back to Mistral as a part of the content, signed where it was", () => {
    const signed: Part = {
      ...THOUGHT,
      providerState: [{ origin: "openai-chat", kind: "signature", value: "c2lnbmVk" }],
    };
    const { message } = historyOf("mistral", "mistral-large-latest", [
      signed,
      { kind: "text", text: "I will look." },
      CALL,
    ]);
    expect(message["content"]).toEqual([
      {
        type: "thinking",
        thinking: [{ type: "text", text: "It may rain." }],
        signature: "c2lnbmVk",
      },
      { type: "text", text: "I will look." },
    ]);
  });

  test("that another model never gave is stood in for where a vendor demands it", () => {
    const { message, notices } = historyOf("deepseek", "deepseek-chat", [CALL]);
    expect(message["reasoning_content"]).toBe(" ");
    expect(notices).toEqual(["emulated:reasoning_content"]);
    const told = historyOf("groq", "openai/gpt-oss-120b", [CALL]);
    expect(told.message["reasoning"]).toBeUndefined();
  });
});

describe("what a vendor refuses", () => {
  test("is left out, and announced", () => {
    const { body, notices } = written("mistral", "mistral-large-latest", {
      stream: true,
      user: "u-1",
      serviceTier: "priority",
      sampling: { seed: 7, temperature: 0.2 },
      turns: [{ role: "user", name: "Ada", parts: [{ kind: "text", text: "Hi." }] }],
    });
    expect(body).toEqual({
      model: "mistral-large-latest",
      messages: [{ role: "user", content: "Hi." }],
      stream: true,
      temperature: 0.2,
      random_seed: 7,
    });
    expect([...notices].sort()).toEqual([
      "dropped:messages.name",
      "dropped:service_tier",
      "dropped:user",
    ]);
  });

  test("goes under the vendor's own name where it has one", () => {
    const { body } = written("groq", "llama-3.3-70b-versatile", { serviceTier: "priority" });
    expect(body["service_tier"]).toBe("performance");
    const { body: other, notices } = written("xai", "grok-4", { serviceTier: "flex" });
    expect(other["service_tier"]).toBeUndefined();
    expect(notices).toEqual(["dropped:service_tier"]);
  });

  test("a cap on the output has the name that the vendor reads", () => {
    const cap = { maxOutputTokens: 90 };
    expect(written("mistral", "mistral-large-latest", cap).body["max_tokens"]).toBe(90);
    expect(written("cerebras", "gpt-oss-120b", cap).body["max_completion_tokens"]).toBe(90);
  });
});

describe("a word of the user after results of tools", () => {
  const roles = (id: string, parts: readonly Part[]) => {
    const turns: NeutralRequest["turns"] = [
      ...BARE.turns,
      { role: "assistant", parts: [CALL] },
      { role: "user", parts },
    ];
    const { body, notices } = written(id, "any", { turns });
    return { roles: asArray(body["messages"]).map((one) => asObject(one)?.["role"]), notices };
  };
  const SAID: Part = { kind: "text", text: "And now?" };

  test("comes after a turn of the assistant where the vendor refuses it otherwise", () => {
    const between = roles("mistral", [RESULT, SAID]);
    expect(between.roles).toEqual(["user", "assistant", "tool", "assistant", "user"]);
    expect(between.notices).toEqual(["emulated:assistant_turn"]);
    expect(roles("groq", [RESULT, SAID]).roles).toEqual(["user", "assistant", "tool", "user"]);
  });

  test("needs none where there is no such word", () => {
    expect(roles("mistral", [RESULT])).toEqual({
      roles: ["user", "assistant", "tool"],
      notices: [],
    });
  });

  test("may be our own: the pictures of a result", () => {
    const moved = roles("mistral", [{ ...RESULT, content: [PICTURE] }]);
    expect(moved.roles).toEqual(["user", "assistant", "tool", "assistant", "user"]);
    expect([...moved.notices].sort()).toEqual([
      "converted:tool_result.content",
      "emulated:assistant_turn",
    ]);
  });
});

describe("what only some have", () => {
  const BEGUN: Partial<NeutralRequest> = {
    turns: [...BARE.turns, { role: "assistant", parts: [{ kind: "text", text: "It is" }] }],
  };

  test("an answer goes on where the vendor can be told to, and is refused elsewhere", () => {
    const last = (id: string, model: string) =>
      asArray(written(id, model, BEGUN).body["messages"]).at(-1);
    const message = { role: "assistant", content: "It is" };
    expect(last("mistral", "mistral-large-latest")).toEqual({ ...message, prefix: true });
    expect(last("openrouter", "any/model")).toEqual(message);
    expect(written("vllm", "any", BEGUN).body).toMatchObject({
      continue_final_message: true,
      add_generation_prompt: false,
    });
    expect(() => written("groq", "llama-3.3-70b-versatile", BEGUN)).toThrow("continued");
    // Theirs is a beta at an address of its own.
    expect(() => written("deepseek", "deepseek-chat", BEGUN)).toThrow("continued");
  });

  test("cache marks go to OpenRouter, and are announced elsewhere", () => {
    const turns: NeutralRequest["turns"] = [
      { role: "user", parts: [{ kind: "text", text: "Long.", cache: { ttl: "1h" } }] },
    ];
    const { body, notices } = written("openrouter", "any/model", { turns });
    expect(body["messages"]).toEqual([
      {
        role: "user",
        content: [{ type: "text", text: "Long.", cache_control: { type: "ephemeral", ttl: "1h" } }],
      },
    ]);
    expect(notices).toEqual([]);
    expect(written("groq", "llama-3.3-70b-versatile", { turns }).notices).toEqual([
      "dropped:cache_control",
    ]);
  });

  test("documents and sound have Mistral's form", () => {
    const base64 = (mediaType: string) => ({ from: "base64", mediaType, data: "AAAA" }) as const;
    const { body } = written("mistral", "mistral-large-latest", {
      turns: [
        {
          role: "user",
          parts: [
            { kind: "file", source: base64("application/pdf"), name: "a.pdf" },
            { kind: "audio", source: base64("audio/mpeg") },
          ],
        },
      ],
    });
    expect(asObject(asArray(body["messages"])[0])?.["content"]).toEqual([
      {
        type: "document_url",
        document_url: "data:application/pdf;base64,AAAA",
        document_name: "a.pdf",
      },
      { type: "input_audio", input_audio: "AAAA" },
    ]);
  });
});

describe("bodies that pass through", () => {
  function edited(id: string, body: JsonObject): JsonObject {
    const endpoint = providerKindOf(id).speaks["openai-chat"]?.generate;
    const call = { model: "m", stream: true, headers: {}, notice: () => undefined };
    return Object.fromEntries(endpoint?.bodyEdits?.(body, call) ?? []);
  }

  test("keep at OpenRouter what is addressed to a router", () => {
    const wishes = { models: ["a/b"], provider: { order: ["a"] } };
    expect(edited("openrouter", { ...wishes, messages: [] })).toEqual(wishes);
    expect(edited("openrouter", { messages: [] })).toEqual({});
  });

  test("ask Mistral for no usage, which it tells unasked", () => {
    expect(edited("mistral", { stream: true })).toEqual({ stream_options: undefined });
    expect(edited("mistral", { stream: false })).toEqual({});
  });
});
