// The clouds' kinds: addresses, paths, what their bodies differ in, which model goes which way.

import { describe, expect, test } from "bun:test";
import type { Json, JsonObject } from "#core/json.ts";
import { AZURE_OPENAI } from "./azure-openai.ts";
import { BEDROCK } from "./bedrock.ts";
import { BEDROCK_MANTLE } from "./bedrock-mantle.ts";
import type { ProviderKind } from "./provider.ts";
import { VERTEX } from "./vertex.ts";

function path(kind: ProviderKind, dialect: string, wish: PathWish): string | undefined {
  const endpoint = kind.speaks[dialect]?.[wish.operation ?? "generate"];
  return endpoint?.path(encodeURIComponent(wish.model), wish.stream ?? false, wish.settings ?? {});
}

interface PathWish {
  readonly model: string;
  readonly operation?: "generate" | "count_tokens" | "embed";
  readonly stream?: boolean;
  readonly settings?: Readonly<Record<string, string>>;
}

function edits(kind: ProviderKind, dialect: string, body: JsonObject, operation = "generate") {
  const endpoint = kind.speaks[dialect]?.[operation as "generate"];
  const call = { model: "m", stream: false, headers: {}, notice: () => undefined };
  return Object.fromEntries(endpoint?.bodyEdits?.(body, call) ?? new Map<string, Json>());
}

describe("Azure OpenAI", () => {
  test("is called by its v1 API unless a date selects the other one", () => {
    const chat = (settings: Record<string, string>) =>
      path(AZURE_OPENAI, "openai-chat", { model: "my deployment", settings });
    expect(chat({})).toBe("/openai/v1/chat/completions");
    expect(chat({ api_version: "v1" })).toBe("/openai/v1/chat/completions");
    expect(chat({ api_version: "preview" })).toBe(
      "/openai/v1/chat/completions?api-version=preview",
    );
    expect(chat({ api_version: "2024-10-21" })).toBe(
      "/openai/deployments/my%20deployment/chat/completions?api-version=2024-10-21",
    );
    expect(path(AZURE_OPENAI, "embeddings", { model: "e", operation: "embed" })).toBe(
      "/openai/v1/embeddings",
    );
  });

  test("has Responses where the API has it, the deployment in the body", () => {
    const at = (settings: Record<string, string>) => [
      AZURE_OPENAI.speaks["openai-responses"].generate.serves?.("d", settings),
      path(AZURE_OPENAI, "openai-responses", { model: "d", settings }),
    ];
    expect(at({})).toEqual([true, "/openai/v1/responses"]);
    expect(at({ api_version: "2025-04-01-preview" })).toEqual([
      true,
      "/openai/responses?api-version=2025-04-01-preview",
    ]);
    expect(at({ api_version: "2024-10-21" })[0]).toBe(false);
  });

  test("is at the resource's own address", () => {
    expect(AZURE_OPENAI.baseUrlFor({ resource: "house" })).toBe("https://house.openai.azure.com");
    expect(AZURE_OPENAI.baseUrlFor({})).toBeUndefined();
  });
});

describe("Vertex", () => {
  const settings = { project: "p", location: "europe-west4" };

  test("has global, multi-region and regional addresses", () => {
    expect(VERTEX.baseUrlFor({})).toBe("https://aiplatform.googleapis.com");
    expect(VERTEX.baseUrlFor({ location: "eu" })).toBe("https://aiplatform.eu.rep.googleapis.com");
    expect(VERTEX.baseUrlFor(settings)).toBe("https://europe-west4-aiplatform.googleapis.com");
  });

  test("reaches Gemini by Google's API, with or without a project", () => {
    const models = "/v1beta1/projects/p/locations/europe-west4/publishers/google/models";
    const model = "gemini-2.5-flash";
    expect(path(VERTEX, "gemini-generate", { model, settings })).toBe(
      `${models}/${model}:generateContent`,
    );
    expect(path(VERTEX, "gemini-generate", { model, settings, stream: true })).toBe(
      `${models}/${model}:streamGenerateContent?alt=sse`,
    );
    expect(path(VERTEX, "gemini-generate", { model, settings, operation: "count_tokens" })).toBe(
      `${models}/${model}:countTokens`,
    );
    expect(path(VERTEX, "gemini-generate", { model, settings: { location: "global" } })).toBe(
      `/v1beta1/publishers/google/models/${model}:generateContent`,
    );
  });

  test("reaches Claude by Anthropic's API, versions behind an at sign", () => {
    const models = "/v1/projects/p/locations/europe-west4/publishers/anthropic/models";
    const model = "claude-sonnet-4-5@20250929";
    expect(path(VERTEX, "anthropic-messages", { model, settings })).toBe(
      `${models}/${model}:rawPredict`,
    );
    expect(path(VERTEX, "anthropic-messages", { model, settings, stream: true })).toBe(
      `${models}/${model}:streamRawPredict`,
    );
    expect(path(VERTEX, "anthropic-messages", { model, settings, operation: "count_tokens" })).toBe(
      `${models}/count-tokens:rawPredict`,
    );
  });

  test("reaches each model one way alone", () => {
    const ways = (model: string) =>
      Object.entries(VERTEX.speaks).flatMap(([dialect, operations]) =>
        "generate" in operations && operations.generate.serves(model, settings) ? [dialect] : [],
      );
    expect(ways("gemini-2.5-pro")).toEqual(["gemini-generate"]);
    expect(ways("claude-opus-4@20250514")).toEqual(["anthropic-messages"]);
    expect(ways("meta/llama-3.3-70b-instruct-maas")).toEqual(["openai-chat"]);
    expect(ways("text-unicorn")).toEqual(["gemini-generate"]);
    const express = VERTEX.speaks["anthropic-messages"].generate.serves("claude-opus-4", {});
    expect(express).toBe(false);
  });

  test("wants Claude's version in the body and the model in the path", () => {
    expect(edits(VERTEX, "anthropic-messages", { model: "m", anthropic_version: "x" })).toEqual({
      anthropic_version: "vertex-2023-10-16",
      model: undefined,
    });
    expect(edits(VERTEX, "anthropic-messages", { model: "m" }, "count_tokens")).toEqual({
      anthropic_version: "vertex-2023-10-16",
    });
  });

  test("gets no beta that only Anthropic's own platform knows, and is told by notices", () => {
    const betas = [
      "claude-code-20250219",
      "interleaved-thinking-2025-05-14",
      "prompt-caching-scope-2026-01-05",
      "advanced-tool-use-2025-11-20",
      "effort-2025-11-24",
      "web-search-2025-03-05",
    ].join(", ");
    const { generate, count_tokens: count } = VERTEX.speaks["anthropic-messages"];
    const told: string[] = [];
    const call = {
      model: "m",
      stream: false,
      headers: { "anthropic-beta": betas },
      notice: (kind: string, subject: string) => told.push(`${kind}:${subject}`),
    };
    generate.bodyEdits({}, call);
    expect(told).toEqual([
      "dropped:anthropic-beta.prompt-caching-scope-2026-01-05",
      "dropped:anthropic-beta.effort-2025-11-24",
    ]);
    expect(generate.headers({ "anthropic-beta": betas, a: "b" })).toEqual({
      a: "b",
      "anthropic-beta":
        "claude-code-20250219,interleaved-thinking-2025-05-14,tool-search-tool-2025-10-19,web-search-2025-03-05",
    });
    expect(count.headers({ "anthropic-beta": "web-search-2025-03-05", a: "b" })).toEqual({
      a: "b",
    });
    const bare = { a: "b" };
    expect(generate.headers(bare)).toBe(bare);
  });

  test("gets no scope of caches in a body, and everything else as it was", () => {
    const scoped = {
      type: "text",
      text: "t",
      cache_control: { type: "ephemeral", scope: "global" },
    };
    const plain = { ...scoped, cache_control: { type: "ephemeral" } };
    const body = {
      system: [scoped],
      messages: [{ role: "user", content: [scoped, "x"] }],
      tools: [{}],
    };
    expect(edits(VERTEX, "anthropic-messages", body)).toEqual({
      anthropic_version: "vertex-2023-10-16",
      model: undefined,
      system: [plain],
      messages: [{ role: "user", content: [plain, "x"] }],
    });
  });

  test("charges newer Claude a tenth more outside of the global endpoint", () => {
    const at = (location: string) => (model: string) =>
      VERTEX.surchargePercent(model, { location });
    const models = [
      "claude-haiku-4-5@20251001",
      "claude-opus-4-7",
      "claude-opus-4-1@20250805",
      "claude-sonnet-4@20250514",
      "claude-3-7-sonnet@20250219",
      "gemini-2.5-pro",
    ];
    expect(models.map(at("europe-west1"))).toEqual([10, 10, 0, 0, 0, 0]);
    expect(models.map(at("eu"))).toEqual([10, 10, 0, 0, 0, 0]);
    expect(models.map(at("global"))).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test("emulates Claude's schemas, which a policy switches off until somebody allows them", () => {
    expect(VERTEX.traits("claude-opus-4-7").features?.json_schema).toBe("emulated");
    expect(VERTEX.traits("claude-sonnet-4-5@20250929").reasoning).toBe("budget");
  });

  test("counts a bare request, also when it came wrapped", () => {
    const contents = [{ role: "user", parts: [{ text: "hi" }] }];
    const count = (body: JsonObject) => edits(VERTEX, "gemini-generate", body, "count_tokens");
    expect(count({ contents })).toEqual({});
    const request = { model: "models/m", contents, systemInstruction: { parts: [] } };
    const bare = { contents, systemInstruction: { parts: [] } };
    expect(count({ generateContentRequest: request })).toEqual({
      generateContentRequest: undefined,
      ...bare,
    });
    expect(count({ generate_content_request: request })).toEqual({
      generate_content_request: undefined,
      ...bare,
    });
  });
});

describe("Bedrock", () => {
  test("is at its region's address, in every partition", () => {
    const at = (region: string) => BEDROCK.baseUrlFor({ region });
    expect(at("eu-central-1")).toBe("https://bedrock-runtime.eu-central-1.amazonaws.com");
    expect(at("us-gov-west-1")).toBe("https://bedrock-runtime.us-gov-west-1.amazonaws.com");
    expect(at("cn-north-1")).toBe("https://bedrock-runtime.cn-north-1.amazonaws.com.cn");
    expect(at("us-iso-east-1")).toBe("https://bedrock-runtime.us-iso-east-1.c2s.ic.gov");
    expect(at("eusc-de-east-1")).toBe("https://bedrock-runtime.eusc-de-east-1.amazonaws.eu");
  });

  test("takes ids and ARNs as one segment of the path", () => {
    const model = "arn:aws:bedrock:us-east-1:1:inference-profile/us.amazon.nova-lite-v1:0";
    expect(path(BEDROCK, "bedrock-converse", { model, stream: true })).toBe(
      "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fus.amazon.nova-lite-v1%3A0/converse-stream",
    );
  });

  test("knows Claude by the maker's name in the id", () => {
    const reasoning = (model: string) => BEDROCK.traits(model).reasoning;
    expect(reasoning("us.anthropic.claude-sonnet-4-5-20250929-v1:0")).toBe("budget");
    expect(reasoning("anthropic.claude-opus-4-6-v1")).toBe("adaptive");
    expect(reasoning("global.anthropic.claude-sonnet-4-6")).toBe("adaptive");
  });
});

describe("Bedrock by the APIs of the makers", () => {
  test("sends each model to its maker's API", () => {
    const ways = (model: string) =>
      Object.entries(BEDROCK_MANTLE.speaks).flatMap(([dialect, { generate }]) =>
        generate.serves(model) ? [`${dialect} ${generate.path()}`] : [],
      );
    expect(ways("openai.gpt-5.6-luna")).toEqual([
      "openai-chat /openai/v1/chat/completions",
      "openai-responses /openai/v1/responses",
    ]);
    expect(ways("anthropic.claude-sonnet-4-6")).toEqual([
      "anthropic-messages /anthropic/v1/messages",
    ]);
  });

  test("is signed for a service of its own, at an address of its own", () => {
    expect(BEDROCK_MANTLE.baseUrlFor({ region: "us-east-2" })).toBe(
      "https://bedrock-mantle.us-east-2.api.aws",
    );
    expect(BEDROCK_MANTLE.logins.aws.service).toBe("bedrock-mantle");
    expect(BEDROCK_MANTLE.traits("openai.gpt-5.6-luna").reasoning).toBe("effort");
  });
});
