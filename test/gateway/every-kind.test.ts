// Every kind that speaks OpenAI's chat dialect, presets among them, behind a client of another one: it is
// reached where its vendor is, with its key, and a tool loop goes through.

import { afterAll, beforeAll, expect, test } from "bun:test";
import Anthropic from "@anthropic-ai/sdk";
import { PROVIDER_KINDS } from "#providers/list.ts";
import { answer } from "#support/upstream/upstream.ts";
import { CALLER_KEY, PROVIDER_KEY, startVendorBench, type VendorBench } from "./vendor-bench.ts";

/** Kinds whose address and key are all that they need. */
const KINDS = [...PROVIDER_KINDS.values()].filter(
  ({ speaks, settings, transport }) =>
    speaks["openai-chat"]?.generate !== undefined && settings === undefined && transport === "http",
);
const MODEL = "a-model/of-theirs";
const CALL = { id: "abcDEF123", name: "weather", arguments: { city: "Rome" } };

/** The part of an address behind the host. */
function pathOf(url: string | undefined): string {
  return url === undefined ? "/v1" : new URL(url).pathname.replace(/\/$/, "");
}

let bench: VendorBench;
let anthropic: Anthropic;
beforeAll(async () => {
  bench = await startVendorBench((origin) => {
    const providers = KINDS.map(({ id, defaultBaseUrl }) => {
      const address = `base_url: "${origin}${pathOf(defaultBaseUrl)}"`;
      return `  p-${id.replace(".", "-")}: { kind: ${id}, ${address}, api_key: ${PROVIDER_KEY} }`;
    });
    return `version: 1
providers:
${providers.join("\n")}
tenants:
  bench: {}
keys:
  - { name: bench, tenant: bench, value: ${CALLER_KEY} }
unpriced_models: allow
`;
  });
  const baseURL = bench.gateway.baseUrl;
  anthropic = new Anthropic({ apiKey: CALLER_KEY, baseURL, maxRetries: 0 });
});
afterAll(() => bench?.stop());

function modelAt(id: string): string {
  return `p-${id.replace(".", "-")}/${MODEL}`;
}

const WITH_TOOLS = KINDS.filter(({ traits }) => traits(MODEL).features?.tools !== "none");

test.each(WITH_TOOLS)("$id takes a tool loop of a client of Anthropic's", async ({ id }) => {
  bench.upstream.clear();
  bench.upstream.always(MODEL, answer({ text: "", toolCalls: [CALL] }));
  const tools: Anthropic.Tool[] = [{ name: "weather", input_schema: { type: "object" } }];
  const asked: Anthropic.MessageParam = { role: "user", content: "Weather?" };
  const base = { model: modelAt(id), max_tokens: 500, tools };
  const first = await anthropic.messages.stream({ ...base, messages: [asked] }).finalMessage();
  const call = first.content.find((block) => block.type === "tool_use");
  expect(call).toMatchObject({ name: "weather", input: { city: "Rome" } });
  bench.upstream.always(MODEL, answer({ text: "18 degrees." }));
  const result = { type: "tool_result", tool_use_id: call?.id ?? "", content: "18" } as const;
  const last = await anthropic.messages.create({
    ...base,
    messages: [
      asked,
      { role: "assistant", content: first.content },
      { role: "user", content: [result] },
    ],
  });
  expect(last.content).toMatchObject([{ type: "text", text: "18 degrees." }]);
});

test.each(KINDS)("$id is reached where its vendor is, with its key", async (kind) => {
  const { id, defaultBaseUrl, speaks } = kind;
  bench.upstream.clear();
  bench.upstream.always(MODEL, answer({ text: "Hi." }));
  await fetch(`${bench.gateway.baseUrl}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${CALLER_KEY}`, "content-type": "application/json" },
    body: JSON.stringify({ model: modelAt(id), messages: [{ role: "user", content: "Hello." }] }),
  });
  const request = bench.lastRequest();
  const path = speaks["openai-chat"]?.generate?.path(MODEL, false, {}) ?? "";
  expect(request.target).toBe(pathOf(defaultBaseUrl) + path);
  expect(JSON.stringify(request.headers)).toContain(`Bearer ${PROVIDER_KEY}`);
});
