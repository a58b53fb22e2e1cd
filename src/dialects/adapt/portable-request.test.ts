// What only one vendor knows, told to the others: hosted tools, tools of the caller's own with a schema
// of the vendor's, and blocks that are text at heart.

import { describe, expect, test } from "bun:test";
import { GatewayError } from "#core/errors.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { dialectOf } from "../list.ts";
import { sampleUpstream } from "../sample-contexts.ts";
import { translateRequest } from "./translate-request.ts";

type Dialect = "openai-chat" | "anthropic-messages" | "gemini-generate";

function translated(from: Dialect, to: Dialect, body: JsonObject, model = "sample-model") {
  const source = dialectOf(from);
  const hints = { operation: "generate", model: "sample-model", stream: false } as const;
  const reasoning = to === "gemini-generate" ? "level" : "effort";
  const upstream = sampleUpstream({ traits: { reasoning }, model, stateOrigins: [to] });
  const [reader, writer] = [source.translation, dialectOf(to).translation];
  if (reader === undefined || writer === undefined) throw new Error("Both have to translate.");
  const neutral = reader.requestToNeutral(body, source.read(body, hints));
  const written = translateRequest(writer, neutral, upstream);
  return { body: written.body, notices: upstream.notices };
}

function anthropic(tools: Json[], content: Json = "Hi.", extra: JsonObject = {}): JsonObject {
  return { max_tokens: 100, messages: [{ role: "user", content }], tools, ...extra };
}

const SEARCH = { type: "web_search_20250305", name: "web_search" };

describe("a tool that the vendor runs", () => {
  test("becomes the one that the other vendor runs", () => {
    const tools = [SEARCH, { type: "code_execution_20250825", name: "code_execution" }];
    const { body, notices } = translated("anthropic-messages", "gemini-generate", anthropic(tools));
    expect(body["tools"]).toEqual([{ googleSearch: {} }, { codeExecution: {} }]);
    expect(notices).toEqual(["converted:web_search", "converted:code_execution"]);
  });

  test("is asked of Anthropic with what is known of the user", () => {
    const location = { city: "Utrecht", country: "NL" };
    const { body } = translated("openai-chat", "anthropic-messages", {
      model: "sample-model",
      messages: [{ role: "user", content: "Hi." }],
      web_search_options: { user_location: { type: "approximate", approximate: location } },
    });
    expect(body["tools"]).toEqual([
      { ...SEARCH, user_location: { type: "approximate", ...location } },
    ]);
  });

  test("stands beside the caller's functions where Google has to be told", () => {
    const tools = [SEARCH, { name: "now", input_schema: { type: "object" } }];
    const { body } = translated("anthropic-messages", "gemini-generate", anthropic(tools));
    expect(body["toolConfig"]).toEqual({ includeServerSideToolInvocations: true });
  });

  test("is asked of a chat model that searches, and refused for one that does not", () => {
    const body = anthropic([SEARCH]);
    const searching = translated("anthropic-messages", "openai-chat", body, "gpt-5-search-api");
    expect(searching.body["web_search_options"]).toEqual({});
    expect(searching.body["tools"]).toBeUndefined();
    expect(() => translated("anthropic-messages", "openai-chat", body)).toThrow(GatewayError);
  });

  test("is refused where its limits could not be kept", () => {
    const body = anthropic([{ ...SEARCH, allowed_domains: ["example.com"] }]);
    expect(() => translated("anthropic-messages", "gemini-generate", body)).toThrow("web_search");
  });

  test("is refused where its server is asked by the vendor, and stays at the vendor", () => {
    const server = { type: "url", name: "wiki", url: "https://mcp.example.com" };
    const body = { ...anthropic([]), mcp_servers: [server] };
    for (const to of ["openai-chat", "gemini-generate"] as const) {
      expect(() => translated("anthropic-messages", to, body)).toThrow("mcp_servers");
    }
    const own = translated("anthropic-messages", "anthropic-messages", body).body;
    expect(own["mcp_servers"]).toEqual([server]);
    expect(own["tools"]).toBeUndefined();
  });

  test("is left out, and said to be, when it only finds other tools", () => {
    const tools = [
      { type: "tool_search_tool_bm25_20251119", name: "tool_search_tool_bm25" },
      { name: "now", input_schema: { type: "object" }, defer_loading: true },
    ];
    const { body, notices } = translated("anthropic-messages", "openai-chat", anthropic(tools));
    expect(JSON.stringify(body["tools"])).toContain('"name":"now"');
    expect(JSON.stringify(body["tools"])).not.toContain("tool_search");
    expect(notices).toContain("dropped:tool_search_tool_bm25");
  });
});

test.each([
  ["bash_20250124", "bash", "restart"],
  ["text_editor_20250728", "str_replace_based_edit_tool", "insert_line"],
  ["memory_20250818", "memory", "new_path"],
])("%s, which the caller runs, is offered as a function", (type, name, parameter) => {
  const { body, notices } = translated(
    "anthropic-messages",
    "openai-chat",
    anthropic([{ type, name }]),
  );
  const [tool] = body["tools"] as [{ function: { name: string; parameters: JsonObject } }];
  expect(tool.function.name).toBe(name);
  expect(tool.function.parameters["properties"]).toHaveProperty(parameter);
  expect(notices).toContain(`emulated:${name}`);
});

test("calls of two turns that stand together are one turn with its results behind it", () => {
  const call = (id: string) => ({ type: "tool_use", id, name: "now", input: {} });
  const result = (id: string) => ({ type: "tool_result", tool_use_id: id, content: "noon" });
  const messages = [
    { role: "user", content: "Hi." },
    { role: "assistant", content: [call("a")] },
    { role: "assistant", content: [call("b")] },
    { role: "user", content: [result("a"), result("b")] },
  ];
  const { body } = translated("anthropic-messages", "openai-chat", { max_tokens: 9, messages });
  const written = body["messages"] as { role: string; tool_calls?: { id: string }[] }[];
  expect(written.map(({ role }) => role)).toEqual(["user", "assistant", "tool", "tool"]);
  expect(written[1]?.tool_calls?.map(({ id }) => id)).toEqual(["a", "b"]);
});

describe("a block of Anthropic's", () => {
  const result = { type: "text", text: "Rome was founded in 753 BC." };

  test.each<[{ type: string } & JsonObject, string]>([
    [
      { type: "search_result", title: "Rome", source: "https://a.example", content: [result] },
      "Rome\nhttps://a.example\nRome was founded in 753 BC.",
    ],
    [
      { type: "document", title: "Rome", source: { type: "content", content: [result] } },
      "Rome\n\nRome was founded in 753 BC.",
    ],
  ])("that is text at heart goes as text: %j", (block, text) => {
    const { body, notices } = translated(
      "anthropic-messages",
      "openai-chat",
      anthropic([], [block]),
    );
    expect(JSON.stringify(body["messages"])).toContain(JSON.stringify(text));
    expect(notices).toContain(`converted:${block.type}`);
  });

  test("that nobody else can be told is refused with its place", () => {
    const content = [{ type: "container_upload", file_id: "file_1" }];
    expect(() => translated("anthropic-messages", "openai-chat", anthropic([], content))).toThrow(
      "container_upload",
    );
  });
});
