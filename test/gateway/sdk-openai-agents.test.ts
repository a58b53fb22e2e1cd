// OpenAI's Agents SDK against the gateway, over upstreams of other vendors: its own loop calls a tool,
// sends the result and ends with an answer.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { Agent, OpenAIProvider, Runner, setTracingDisabled, tool } from "@openai/agents";
import OpenAI from "openai";
import { answer } from "#support/upstream/upstream.ts";
import { askedOf } from "./asked.ts";
import { CALLER_KEY, PROVIDER_KEY, startVendorBench, type VendorBench } from "./vendor-bench.ts";

const TARGETS = [
  { dialect: "openai-responses", model: "oai/gpt-5-mini" },
  { dialect: "openai-chat", model: "house/some-model" },
  { dialect: "anthropic-messages", model: "ant/claude-sonnet-4-5" },
  { dialect: "gemini-generate", model: "gem/gemini-2.5-flash" },
] as const;
const SIGNATURE = "c2lnbmF0dXJlIHdpdGggLysgYW5kID09/+==";

let bench: VendorBench;
let runner: Runner;
beforeAll(async () => {
  setTracingDisabled(true);
  bench = await startVendorBench(documentFor);
  const baseURL = `${bench.gateway.baseUrl}/v1`;
  const openAIClient = new OpenAI({ apiKey: CALLER_KEY, baseURL, maxRetries: 0 });
  runner = new Runner({ modelProvider: new OpenAIProvider({ openAIClient, useResponses: true }) });
});
afterAll(() => bench.stop());
beforeEach(() => bench.upstream.clear());

function documentFor(origin: string): string {
  return `version: 1
providers:
  oai: { kind: openai, base_url: "${origin}/v1", api_key: ${PROVIDER_KEY} }
  house: { kind: openai-compatible, base_url: "${origin}/v1", api_key: ${PROVIDER_KEY} }
  ant: { kind: anthropic, base_url: "${origin}", api_key: ${PROVIDER_KEY} }
  gem: { kind: gemini, base_url: "${origin}", api_key: ${PROVIDER_KEY} }
tenants:
  bench: {}
keys:
  - { name: bench, tenant: bench, value: ${CALLER_KEY} }
unpriced_models: allow
`;
}

describe.each(TARGETS)("over $dialect", ({ dialect, model }) => {
  test.each([false, true])("a tool loop of two turns (streamed: %p)", async (stream) => {
    const asked: string[] = [];
    const weather = tool({
      name: "weather",
      description: "Weather of a city.",
      parameters: {
        type: "object",
        properties: { city: { type: "string" } },
        required: ["city"],
        additionalProperties: false,
      },
      strict: true,
      execute: (input) => {
        asked.push(JSON.stringify(input));
        return "18 degrees";
      },
    });
    const agent = new Agent({
      name: "weatherman",
      instructions: "Be brief.",
      model,
      tools: [weather],
    });
    const served = model.slice(model.indexOf("/") + 1);
    bench.upstream.script(
      served,
      answer({
        reasoning: { text: "Let me see.", signature: SIGNATURE },
        text: "",
        toolCalls: [{ id: "call_a", name: "weather", arguments: { city: "Rome" } }],
      }),
    );
    bench.upstream.script(served, answer({ text: "It is 18 degrees." }));
    const final = await run(agent, stream);
    expect(final).toBe("It is 18 degrees.");
    expect(asked).toEqual(['{"city":"Rome"}']);
    const told = askedOf(bench.lastRequest());
    expect(bench.lastRequest().endpoint.dialect).toBe(dialect);
    expect(told.system).toEqual(["text Be brief."]);
    expect(told.tools).toEqual(["weather"]);
    const parts = told.turns.flatMap((turn) => turn.parts);
    expect(parts.filter((part) => part.startsWith("call "))).toHaveLength(1);
    expect(parts.at(-1)).toContain("18 degrees");
    const sent = JSON.stringify(bench.lastRequest().json);
    expect(sent).not.toContain("sluice.v1.");
    const isSigned = dialect === "anthropic-messages" || dialect === "gemini-generate";
    if (isSigned) expect(sent).toContain(SIGNATURE);
  });
});

async function run(agent: Agent, stream: boolean): Promise<unknown> {
  if (!stream) return (await runner.run(agent, "Weather in Rome?")).finalOutput;
  const streamed = await runner.run(agent, "Weather in Rome?", { stream: true });
  for await (const _ of streamed) {
    // Read to the end: the loop goes on only while somebody listens.
  }
  await streamed.completed;
  return streamed.finalOutput;
}
