// Provider kinds: their paths, keys and ids.

import { describe, expect, test } from "bun:test";
import { PROVIDER_KINDS } from "./list.ts";
import type { Endpoint, ProviderKind } from "./provider.ts";

function kind(id: string): ProviderKind {
  const found = PROVIDER_KINDS.get(id);
  if (found === undefined) throw new Error(`no kind ${id}`);
  return found;
}

function url(id: string, dialect: string, operation: "generate" | "count_tokens" | "embed") {
  const found = kind(id);
  const endpoint: Endpoint | undefined = found.speaks[dialect]?.[operation];
  if (endpoint === undefined) return undefined;
  return (model: string, stream: boolean) =>
    `${found.defaultBaseUrl ?? ""}${endpoint.path(model, stream, {})}`;
}

describe("provider kinds", () => {
  test("are listed under their own ids", () => {
    expect([...PROVIDER_KINDS.keys()]).toEqual([
      "openai",
      "anthropic",
      "gemini",
      "openai-compatible",
      "azure-openai",
      "bedrock",
      "bedrock-mantle",
      "vertex",
      "mistral",
      "cohere",
      "groq",
      "deepseek",
      "xai",
      "openrouter",
      "ollama",
      "vllm",
      "voyage",
      "jina",
      "together",
      "fireworks",
      "cerebras",
      "perplexity",
      "nvidia",
      "huggingface",
      "moonshot",
      "zai",
      "alibaba",
      "lm-studio",
      "llama.cpp",
      "sglang",
      "demo",
    ]);
    for (const [id, entry] of PROVIDER_KINDS) expect(entry.id).toBe(id);
  });

  test("reach the vendors where their own clients do", () => {
    expect(url("openai", "openai-chat", "generate")?.("gpt-5", true)).toBe(
      "https://api.openai.com/v1/chat/completions",
    );
    expect(url("openai", "embeddings", "embed")?.("text-embedding-3-small", false)).toBe(
      "https://api.openai.com/v1/embeddings",
    );
    expect(url("anthropic", "anthropic-messages", "generate")?.("claude-opus-5", true)).toBe(
      "https://api.anthropic.com/v1/messages",
    );
    expect(url("anthropic", "anthropic-messages", "count_tokens")?.("claude-opus-5", false)).toBe(
      "https://api.anthropic.com/v1/messages/count_tokens",
    );
  });

  test("put Gemini's model and streaming into the path", () => {
    const generate = url("gemini", "gemini-generate", "generate");
    const host = "https://generativelanguage.googleapis.com";
    expect(generate?.("gemini-3.5-flash", false)).toBe(
      `${host}/v1beta/models/gemini-3.5-flash:generateContent`,
    );
    expect(generate?.("gemini-3.5-flash", true)).toBe(
      `${host}/v1beta/models/gemini-3.5-flash:streamGenerateContent?alt=sse`,
    );
    expect(url("gemini", "gemini-generate", "count_tokens")?.("gemini-3.5-flash", false)).toBe(
      `${host}/v1beta/models/gemini-3.5-flash:countTokens`,
    );
  });

  test("reach the imitators of OpenAI at their own paths", () => {
    const chatOf = (id: string) => url(id, "openai-chat", "generate")?.("m", true);
    expect(chatOf("groq")).toBe("https://api.groq.com/openai/v1/chat/completions");
    expect(chatOf("mistral")).toBe("https://api.mistral.ai/v1/chat/completions");
    expect(chatOf("deepseek")).toBe("https://api.deepseek.com/chat/completions");
    expect(chatOf("openrouter")).toBe("https://openrouter.ai/api/v1/chat/completions");
    expect(chatOf("zai")).toBe("https://api.z.ai/api/paas/v4/chat/completions");
    expect(chatOf("voyage")).toBeUndefined();
  });

  test("tell where their facts come from, and which were never held against an answer", () => {
    for (const { about } of PROVIDER_KINDS.values()) {
      if (about === undefined) continue;
      expect(about.source).toStartWith("https://");
      expect(about.date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    }
    const presets = [...PROVIDER_KINDS.values()].filter(({ isPreset }) => isPreset);
    expect(presets.every(({ about }) => about !== undefined)).toBe(true);
    expect(presets.map(({ id }) => id)).toEqual([
      ...["voyage", "jina", "together", "fireworks", "cerebras", "perplexity", "nvidia"],
      ...["huggingface", "moonshot", "zai", "alibaba", "lm-studio", "llama.cpp", "sglang"],
    ]);
  });

  test("have no operation that the vendor does not offer", () => {
    expect(url("openai", "openai-chat", "count_tokens")).toBeUndefined();
    expect(url("anthropic", "embeddings", "embed")).toBeUndefined();
    expect(url("anthropic", "openai-chat", "generate")).toBeUndefined();
  });

  test("have base URLs without a trailing slash, ready for a path", () => {
    for (const entry of PROVIDER_KINDS.values()) {
      expect(entry.defaultBaseUrl ?? "").not.toEndWith("/");
      for (const operations of Object.values(entry.speaks)) {
        for (const endpoint of Object.values(operations)) {
          expect(endpoint.path("m", false, {})).toStartWith("/");
        }
      }
    }
  });

  test("send the key in the header that the vendor reads", () => {
    expect(kind("openai").keyHeader).toEqual({ name: "authorization", prefix: "Bearer " });
    expect(kind("anthropic").keyHeader).toEqual({ name: "x-api-key", prefix: "" });
    expect(kind("gemini").keyHeader).toEqual({ name: "x-goog-api-key", prefix: "" });
    expect(kind("openai-compatible").needsKey).toBe(false);
  });

  test("never send a demo call to a name that resolves", () => {
    expect(new URL(kind("demo").defaultBaseUrl ?? "").hostname).toEndWith(".invalid");
    expect(kind("demo").transport).toBe("demo");
  });
});
