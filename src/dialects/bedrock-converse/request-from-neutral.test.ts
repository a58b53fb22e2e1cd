import { describe, expect, test } from "bun:test";
import { GatewayError } from "#core/errors.ts";
import { all } from "#core/features.ts";
import type { JsonObject } from "#core/json.ts";
import { asArray, asObject } from "#core/json.ts";
import type { ModelTraits } from "../dialect.ts";
import type { MediaSource, NeutralRequest, Part, Turn } from "../neutral.ts";
import { sampleUpstream } from "../sample-contexts.ts";
import { requestFromNeutral } from "./request-from-neutral.ts";

const HELLO: Turn = { role: "user", parts: [{ kind: "text", text: "Hello." }] };
const CALL: Part = { kind: "tool-call", id: "a", name: "weather", argumentsJson: "{}" };
const TOOLS = [{ name: "weather" }, { name: "time", description: " ", parameters: {} }];

function write(given: Partial<NeutralRequest>, traits: Partial<ModelTraits> = {}) {
  const upstream = sampleUpstream({ traits, stateOrigins: ["bedrock-converse"] });
  const request: NeutralRequest = {
    origin: "openai-chat",
    model: "m",
    stream: false,
    instructions: [],
    turns: [HELLO],
    tools: [],
    vendorTools: [],
    sampling: {},
    extras: new Map(),
    ...given,
  };
  return { body: requestFromNeutral(request, upstream), notices: upstream.notices };
}

function contentOf(body: JsonObject, index: number): JsonObject[] {
  return asArray(asObject(asArray(body["messages"])[index])?.["content"]) as JsonObject[];
}

function rolesOf(body: JsonObject): unknown[] {
  return asArray(body["messages"]).map((message) => asObject(message)?.["role"]);
}

function user(...parts: Part[]): Turn {
  return { role: "user", parts };
}

function assistant(...parts: Part[]): Turn {
  return { role: "assistant", parts };
}

function text(words: string): Part {
  return { kind: "text", text: words };
}

function result(callId: string, words: string): Part {
  const content = [{ kind: "text" as const, text: words }];
  return { kind: "tool-result", callId, name: "weather", content, isError: false };
}

function file(name: string | undefined, source: MediaSource): Part {
  return { kind: "file", source, ...(name !== undefined && { name }) };
}

describe("turns", () => {
  test("of one role become one, results first, blanks left out", () => {
    const turns = [
      HELLO,
      assistant(text(" "), CALL, { ...CALL, id: "b" }),
      user(text("Well?"), result("a", "rain")),
      user(result("b", ""), text("\n")),
    ];
    const { body } = write({ turns, tools: TOOLS });
    expect(rolesOf(body)).toEqual(["user", "assistant", "user"]);
    expect(contentOf(body, 2)).toEqual([
      { toolResult: { toolUseId: "a", content: [{ text: "rain" }] } },
      { toolResult: { toolUseId: "b", content: [] } },
      { text: "Well?" },
    ]);
  });

  test("that begin with the model, or are none, get an opening", () => {
    const { body, notices } = write({ turns: [assistant(text("Hi. "))] });
    expect(rolesOf(body)).toEqual(["user", "assistant"]);
    expect(contentOf(body, 1)).toEqual([{ text: "Hi." }]);
    expect(notices).toEqual(["emulated:user_turn", "converted:trailing_white_space"]);
    expect(rolesOf(write({ turns: [] }).body)).toEqual(["user"]);
  });

  test("of instructions are told by the user, unless the model takes them", () => {
    const turns: Turn[] = [HELLO, { role: "system", parts: [text("Be brief.")] }];
    const { body, notices } = write({ turns });
    expect(contentOf(body, 0)[1]).toEqual({ text: "<system>\nBe brief.\n</system>" });
    expect(notices).toEqual(["converted:system_turn"]);
    const native = write({ turns }, { features: all("native", "system_between_turns") });
    expect(rolesOf(native.body)).toEqual(["user", "system"]);
  });

  test("keep results apart for families that want them so", () => {
    const turns = [HELLO, assistant(CALL), user(result("a", "rain"), text("Thanks."))];
    const { body, notices } = write({ turns, tools: TOOLS }, { family: "llama" });
    expect(rolesOf(body)).toEqual(["user", "assistant", "user", "assistant", "user"]);
    expect(notices).toContain("emulated:assistant_turn");
    expect(rolesOf(write({ turns, tools: TOOLS }, { family: "nova" }).body)).toHaveLength(3);
  });

  test("carry cache marks as blocks of their own, or lose them with a notice", () => {
    const marked: Part = { kind: "text", text: "Long.", cache: { ttl: "1h" } };
    const point = { cachePoint: { type: "default", ttl: "1h" } };
    expect(contentOf(write({ turns: [user(marked)] }).body, 0)).toEqual([{ text: "Long." }, point]);
    const plain = write({ turns: [user(marked)] }, { features: all("none", "cache_marks") });
    expect(contentOf(plain.body, 0)).toEqual([{ text: "Long." }]);
    expect(plain.notices).toEqual(["dropped:cache_control"]);
  });
});

describe("media", () => {
  const pdf: MediaSource = { from: "base64", mediaType: "application/pdf", data: "JVBERi0=" };

  test("documents get permitted names, each once, and a text beside them", () => {
    const parts = [file("Plan: A/B.pdf", pdf), file("Plan: A/B.pdf", pdf), file(undefined, pdf)];
    const { body, notices } = write({ turns: [user(...parts)] });
    const names = contentOf(body, 0).map((block) => asObject(block["document"])?.["name"]);
    expect(names).toEqual(["Plan- A-B", "Plan- A-B (2)", "document", undefined]);
    expect(contentOf(body, 0).at(-1)).toEqual({ text: "." });
    expect(notices).toContain("converted:file_name");
    expect(notices).toContain("emulated:text_beside_document");
  });

  test("text of any sort goes as bytes of a text document", () => {
    const source: MediaSource = { from: "text", text: "a: ü", mediaType: "application/yaml" };
    const { body } = write({ turns: [user(text("See."), file("a", source))] });
    expect(contentOf(body, 0)[1]).toEqual({
      document: { format: "txt", source: { bytes: "YTogw7w=" }, name: "a" },
    });
  });

  test("a file is what its type says", () => {
    const media = (mediaType: string) => {
      const source: MediaSource = { from: "base64", mediaType, data: "AAAA" };
      return Object.keys(contentOf(write({ turns: [user(file("x", source))] }).body, 0)[0] ?? {});
    };
    expect(media("image/JPEG")).toEqual(["image"]);
    expect(media("video/mp4")).toEqual(["video"]);
    expect(media("audio/mpeg")).toEqual(["audio"]);
    expect(media("text/csv; charset=utf-8")).toEqual(["document"]);
  });

  test("an object in S3 is named by its address", () => {
    const source: MediaSource = { from: "url", url: "s3://bucket/cat.jpg" };
    const { body } = write({ turns: [user({ kind: "image", source })] });
    expect(contentOf(body, 0)).toEqual([
      { image: { format: "jpeg", source: { s3Location: { uri: "s3://bucket/cat.jpg" } } } },
    ]);
  });

  test.each<[string, Part]>([
    ["an address", { kind: "image", source: { from: "url", url: "https://a.example/b.png" } }],
    ["a type that it has not", { kind: "image", source: { ...pdf, mediaType: "image/tiff" } }],
    ["a file at another vendor", file("a", { from: "vendor-file", origin: "x", id: "file-1" })],
    ["another vendor's block", { kind: "vendor", origin: "x", name: "computer", value: {} }],
  ])("%s is refused with the place where it stands", (_what, part) => {
    const run = () => write({ turns: [user(text("See."), part)] });
    expect(run).toThrow(GatewayError);
    expect(run).toThrow("turns[0].parts[1]");
  });
});

describe("tools", () => {
  test("have an object as schema and no blank description", () => {
    const { body } = write({ tools: TOOLS, toolChoice: { mode: "named", name: "time" } });
    expect(body["toolConfig"]).toEqual({
      tools: [
        {
          toolSpec: { name: "weather", inputSchema: { json: { type: "object", properties: {} } } },
        },
        { toolSpec: { name: "time", inputSchema: { json: { type: "object" } } } },
      ],
      toolChoice: { tool: { name: "time" } },
    });
  });

  test("that only the history knows are listed all the same", () => {
    const turns = [HELLO, assistant(CALL), user(result("a", "rain"))];
    const { body, notices } = write({ turns });
    expect(asArray(asObject(body["toolConfig"])?.["tools"])).toHaveLength(1);
    expect(notices).toEqual(["emulated:tools"]);
  });

  test("that may not be called are not offered, or kept from Claude by its own choice", () => {
    const none = { tools: TOOLS, toolChoice: { mode: "none" } } as const;
    expect(write(none).body["toolConfig"]).toBeUndefined();
    const claude = write(none, { family: "claude" }).body;
    expect(asArray(asObject(claude["toolConfig"])?.["tools"])).toHaveLength(2);
    expect(claude["additionalModelRequestFields"]).toEqual({ tool_choice: { type: "none" } });
    const turns = [HELLO, assistant(CALL), user(result("a", "rain"))];
    const needed = write({ ...none, turns });
    expect(needed.body["toolConfig"]).toBeDefined();
    expect(needed.notices).toEqual(["dropped:tool_choice"]);
  });

  test("are called one at a time where the model can be told so", () => {
    const serial = { tools: TOOLS, parallelToolCalls: false };
    const { body } = write(serial, { family: "claude" });
    expect(body["additionalModelRequestFields"]).toEqual({
      tool_choice: { type: "auto", disable_parallel_tool_use: true },
    });
    expect(write(serial).notices).toEqual(["dropped:parallel_tool_calls"]);
  });

  test("cannot be forced on a model that thinks by budget", () => {
    const forced = {
      tools: TOOLS,
      toolChoice: { mode: "required" },
      reasoning: { budgetTokens: 2000 },
      maxOutputTokens: 4000,
    } as const;
    const { body, notices } = write(forced, { family: "claude", reasoning: "budget" });
    expect(asObject(body["toolConfig"])?.["toolChoice"]).toEqual({ auto: {} });
    expect(notices).toEqual(["converted:tool_choice"]);
  });

  test("with names that Bedrock has not are refused", () => {
    expect(() => write({ tools: [{ name: "a.b" }] })).toThrow("tool name");
  });
});

describe("wishes", () => {
  const fields = (given: Partial<NeutralRequest>, traits: Partial<ModelTraits>) =>
    write(given, traits).body["additionalModelRequestFields"];

  test("for reasoning are put in the words of the model's family", () => {
    const reasoning = { effort: "high" } as const;
    expect(fields({ reasoning }, { family: "claude", reasoning: "adaptive" })).toEqual({
      thinking: { type: "adaptive" },
      output_config: { effort: "high" },
    });
    expect(fields({ reasoning }, { family: "nova", reasoning: "effort" })).toEqual({
      reasoningConfig: { type: "enabled", maxReasoningEffort: "high" },
    });
    expect(fields({ reasoning }, { family: "gpt", reasoning: "effort" })).toEqual({
      reasoning_effort: "high",
    });
    expect(fields({ reasoning }, { family: "qwen", reasoning: "effort" })).toEqual({
      reasoning_config: "high",
    });
    const other = write({ reasoning }, { reasoning: "none" });
    expect(other.body["additionalModelRequestFields"]).toBeUndefined();
    expect(other.notices).toEqual(["dropped:reasoning_effort"]);
  });

  test("for a budget leave room for the answer", () => {
    const claude = { family: "claude", reasoning: "budget" } as const;
    const asked = { reasoning: { effort: "low" } } as const;
    const { body, notices } = write(asked, claude);
    expect(body["inferenceConfig"]).toEqual({ maxTokens: 2048 + 4096 });
    expect(notices).toEqual(["converted:reasoning_effort", "defaulted:max_tokens"]);
    expect(fields({ ...asked, maxOutputTokens: 2000 }, claude)).toEqual({
      thinking: { type: "enabled", budget_tokens: 1600 },
    });
    expect(fields({ ...asked, maxOutputTokens: 1000 }, claude)).toBeUndefined();
  });

  test("for sampling go where each family has them", () => {
    const sampling = { temperature: 1.5, topP: 0.9, topK: 20, seed: 1 };
    const nova = write({ sampling }, { family: "nova" });
    expect(nova.body["inferenceConfig"]).toEqual({ temperature: 1, topP: 0.9 });
    expect(nova.body["additionalModelRequestFields"]).toEqual({ inferenceConfig: { topK: 20 } });
    expect(nova.notices).toEqual(["dropped:seed", "clamped:temperature"]);
    const claude = write({ sampling }, { family: "claude" });
    expect(claude.body["inferenceConfig"]).toEqual({ temperature: 1 });
    expect(claude.body["additionalModelRequestFields"]).toEqual({ top_k: 20 });
    expect(claude.notices).toContain("dropped:top_p");
    expect(write({ sampling }, { family: "llama" }).notices).toContain("dropped:top_k");
  });

  test("for metadata, user and tier go into the vendor's own", () => {
    const { body, notices } = write({
      user: "someone",
      metadata: { team: "blue", odd: "a\u0000b" },
      serviceTier: "flex",
    });
    expect(body["requestMetadata"]).toEqual({ team: "blue", user_id: "someone" });
    expect(body["serviceTier"]).toEqual({ type: "flex" });
    expect(notices).toEqual(["dropped:metadata"]);
  });

  test.each<[string, Partial<NeutralRequest>]>([
    ["several answers", { sampling: { choices: 2 } }],
    ["log probabilities", { sampling: { logprobs: { top: 1 } } }],
    ["JSON without a schema", { responseFormat: { kind: "json" } }],
    ["another vendor's tools", { vendorTools: [{ origin: "x", name: "search", value: {} }] }],
  ])("for %s are refused", (_what, given) => {
    expect(() => write(given)).toThrow(GatewayError);
  });

  test("unsigned thoughts and those of others stay behind", () => {
    const thought = (origin: string): Part => ({
      kind: "reasoning",
      text: "Hm.",
      redacted: false,
      providerState: [{ origin, kind: "signature", value: "c2ln" }],
    });
    const unsigned: Part = { kind: "reasoning", text: "Hm.", redacted: false };
    const turns = [
      HELLO,
      assistant(thought("bedrock-converse"), thought("x"), unsigned, text("Hi.")),
    ];
    const { body, notices } = write({ turns: [...turns, HELLO] });
    expect(contentOf(body, 1)).toEqual([
      { reasoningContent: { reasoningText: { text: "Hm.", signature: "c2ln" } } },
      { text: "Hi." },
    ]);
    expect(notices).toEqual(["dropped:reasoning", "dropped:reasoning"]);
  });
});
