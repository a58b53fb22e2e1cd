// What a call used and what it costs: the same numbers in the answer, its head, the decision record,
// the usage rows and the metrics, for streams and whole answers.

import { describe, expect, test } from "bun:test";
import { asObject, type JsonObject } from "#core/json.ts";
import { answer, frame, frames, type PartialAnswer, verbatim } from "#support/upstream/upstream.ts";
import {
  CALLER_KEY,
  DIALECTS,
  type DialectName,
  gatewayBench,
  PAIRS,
  PROVIDER_KEY,
} from "./bench.ts";
import { Caller } from "./client.ts";
import { brief, expectRow } from "./ledger.ts";

const bench = gatewayBench({
  catalogued: [
    `vendor: { kind: anthropic, base_url: ORIGIN, api_key: ${PROVIDER_KEY} }`,
    `unknown: { kind: openai-compatible, base_url: ORIGIN/v1, api_key: ${PROVIDER_KEY} }`,
  ],
});
const caller = new Caller(() => bench.baseUrl);

interface Case {
  readonly usage: NonNullable<PartialAnswer["usage"]>;
  /** Token fields of records, rows and metrics. */
  readonly fields: Readonly<Record<string, number>>;
  readonly cost: string;
}

const COUNTED = { inputTokens: 100, cacheReadTokens: 40, outputTokens: 30, reasoningTokens: 12 };
const FIELDS = {
  input_tokens: 100,
  cache_read_tokens: 40,
  output_tokens: 30,
  reasoning_tokens: 12,
};
const NO_WRITES = { cache_write_5m_tokens: 0, cache_write_1h_tokens: 0 };

/** What each vendor can tell; costs are 1, 0.1, 1.25, 2 and 2 dollars a million. */
const CASES: Readonly<Record<DialectName, Case>> = {
  "openai-chat": {
    usage: { ...COUNTED, cacheWrite5mTokens: 10 },
    fields: { ...FIELDS, ...NO_WRITES, cache_write_5m_tokens: 10 },
    cost: "0.0001765",
  },
  "anthropic-messages": {
    usage: { ...COUNTED, cacheWrite5mTokens: 10, cacheWrite1hTokens: 5 },
    fields: { ...FIELDS, cache_write_5m_tokens: 10, cache_write_1h_tokens: 5 },
    cost: "0.0001865",
  },
  "gemini-generate": { usage: COUNTED, fields: { ...FIELDS, ...NO_WRITES }, cost: "0.000164" },
};

const CLASSES = ["input", "cache_read", "cache_write_5m", "cache_write_1h", "output", "reasoning"];

describe.each(PAIRS)("a call of a %s client to a %s upstream", (client, upstream) => {
  const { usage, fields, cost } = CASES[upstream];
  for (const stream of [false, true]) {
    const route = bench.route(upstream);
    test.concurrent(`is counted the same everywhere, stream ${stream}`, async () => {
      const [target] = route.targets;
      bench.upstream.script(target?.model ?? "", answer({ usage }));
      const reply = await caller.call(client, route.model, { stream });
      expect(reply.header("x-sluice-cost-usd")).toBe(stream ? null : cost);
      if (client !== "openai-chat" || !stream)
        expect(reply.reading.usage).toMatchObject({ output: 30, reasoning: 12 });
      if (client === upstream && client !== "openai-chat")
        expect(reply.reading.usage).toMatchObject({ input: 100, cacheRead: 40 });
      const record = await bench.record(reply.decision);
      expect(record["usage"]).toMatchObject({ ...fields, source: "provider" });
      expect(record["cost_usd"]).toBe(cost);
      expect(record["attempts"]).toMatchObject([{ usage: fields, cost_usd: cost }]);
      expect(await bench.usage(route)).toMatchObject({
        requests: 1,
        errors: 0,
        ...fields,
        cost_usd: cost,
        unpriced_requests: 0,
      });
      const labels = {
        model: target?.model ?? "",
        provider: target?.provider ?? "",
        tenant: "acme",
      };
      for (const name of CLASSES)
        expect(await bench.metric("sluice_tokens_total", { class: name, ...labels })).toBe(
          fields[`${name}_tokens`] ?? 0,
        );
      expect(await bench.metric("sluice_cost_usd_total", labels)).toBe(Number(cost));
      expect(await bench.metric("sluice_requests_total", { ...labels, status: "2xx" })).toBe(1);
    });
  }
});

describe.each(DIALECTS)("usage in the stream of an OpenAI client from %s", (upstream) => {
  const WISHES: readonly [string, JsonObject, number][] = [
    ["that does not ask", {}, 0],
    ["that declines", { stream_options: { include_usage: false } }, 0],
    ["that asks", { stream_options: { include_usage: true } }, 1],
  ];
  for (const [name, body, chunks] of WISHES) {
    const route = bench.route(upstream);
    test.concurrent(`${name} comes ${chunks} times`, async () => {
      const reply = await caller.call("openai-chat", route.model, { stream: true, body });
      const events = reply.text.split("\n\n").filter((event) => event.startsWith("data: {"));
      const parsed = events.map((event) => asObject(JSON.parse(event.slice(6))) ?? {});
      const told = parsed.filter((chunk) => asObject(chunk["usage"]) !== undefined);
      expect(told.length).toBe(chunks);
      if (chunks === 1) {
        expect(told[0]).toMatchObject({
          choices: [],
          usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 },
        });
        expect(parsed.at(-1)).toBe(told[0]);
      }
      expect(reply.hasCleanEnd).toBe(true);
      const [seen] = bench.seenBy(route.targets[0]);
      if (upstream === "openai-chat")
        expect(asObject(seen?.json as JsonObject)?.["stream_options"]).toEqual({
          include_usage: true,
        });
      expect(brief(await bench.record(reply.decision)).used).toEqual({
        input: 11,
        output: 7,
        source: "provider",
      });
    });
  }
});

const WORDS = "Some words that nobody counted.";
const SILENT: Readonly<Record<DialectName, readonly unknown[]>> = {
  "openai-chat": [
    {
      id: "c",
      object: "chat.completion.chunk",
      choices: [{ index: 0, delta: { content: WORDS } }],
    },
    {
      id: "c",
      object: "chat.completion.chunk",
      choices: [{ index: 0, delta: {}, finish_reason: "stop" }],
    },
    "[DONE]",
  ],
  "anthropic-messages": [
    {
      type: "message_start",
      message: { id: "m", type: "message", role: "assistant", content: [] },
    },
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: WORDS } },
    { type: "content_block_stop", index: 0 },
    { type: "message_delta", delta: { stop_reason: "end_turn", stop_sequence: null } },
    { type: "message_stop" },
  ],
  "gemini-generate": [
    {
      candidates: [{ content: { parts: [{ text: WORDS }], role: "model" }, finishReason: "STOP" }],
    },
  ],
};
const SILENT_WHOLE: Readonly<Record<DialectName, JsonObject>> = {
  "openai-chat": {
    id: "c",
    object: "chat.completion",
    choices: [{ index: 0, message: { role: "assistant", content: WORDS }, finish_reason: "stop" }],
  },
  "anthropic-messages": {
    id: "m",
    type: "message",
    role: "assistant",
    content: [{ type: "text", text: WORDS }],
    stop_reason: "end_turn",
  },
  "gemini-generate": {
    candidates: [{ content: { parts: [{ text: WORDS }], role: "model" }, finishReason: "STOP" }],
  },
};

/** What a translated answer says, as far as an estimate goes. */
function counted({ input, output }: { readonly input: number; readonly output: number }) {
  return { input, output };
}

describe.each(PAIRS)("a %s client of a %s upstream that tells no usage", (client, upstream) => {
  const whole = bench.route(upstream);
  test.concurrent("is charged an estimate that says so, for a whole answer", async () => {
    const body = JSON.stringify(SILENT_WHOLE[upstream]);
    bench.upstream.script(whole.targets[0]?.model ?? "", verbatim({ status: 200, body }));
    const reply = await caller.call(client, whole.model);
    expect(reply.reading.text).toBe(WORDS);
    expect(reply.header("x-sluice-notices")).toContain("estimated:usage");
    const written = brief(await bench.record(reply.decision));
    expect(written.used.source).toBe("estimated");
    expect(written.used.input).toBeGreaterThan(0);
    expect(written.used.output).toBeGreaterThan(0);
    expect(written.notices).toContain("estimated:usage");
    expect(reply.header("x-sluice-cost-usd")).toBe(written.cost);
    expect(written.cost).toBe(String((written.used.input + 2 * written.used.output) / 1_000_000));
    if (client !== upstream) expect(reply.reading.usage).toMatchObject(counted(written.used));
    await expectRow(bench, whole, written);
  });

  const streamed = bench.route(upstream);
  test.concurrent("is charged an estimate that says so, for a stream", async () => {
    const isNamed = upstream === "anthropic-messages";
    const all = SILENT[upstream].map((value) =>
      frame(value, { name: isNamed ? String((value as JsonObject)["type"]) : "" }),
    );
    bench.upstream.script(
      streamed.targets[0]?.model ?? "",
      frames(() => all),
    );
    const reply = await caller.call(client, streamed.model, { stream: true });
    expect(reply.reading.text).toBe(WORDS);
    expect(reply.hasCleanEnd).toBe(true);
    const written = brief(await bench.record(reply.decision));
    expect(written.outcome).toBe("answered");
    expect(written.used.source).toBe("estimated");
    expect(written.used.output).toBeGreaterThan(0);
    expect(written.notices).toContain("estimated:usage");
    // Clients of OpenAI's chat API hear of usage in streams only when they ask.
    const isTold = client !== upstream && client !== "openai-chat";
    if (isTold) expect(reply.reading.usage).toMatchObject(counted(written.used));
    await expectRow(bench, streamed, written);
  });
});

/** Counters with the tier that served the call, as each vendor tells it. */
const AT_TIER: Readonly<Record<DialectName, (tier: string) => JsonObject>> = {
  "openai-chat": (service_tier) => ({
    usage: { prompt_tokens: 100, completion_tokens: 30, total_tokens: 130 },
    service_tier,
  }),
  "anthropic-messages": (service_tier) => ({
    usage: { input_tokens: 100, output_tokens: 30, service_tier },
  }),
  "gemini-generate": (serviceTier) => ({
    usageMetadata: { promptTokenCount: 100, candidatesTokenCount: 30, serviceTier },
  }),
};

describe.each(PAIRS)("a %s client of a %s upstream with tiers of service", (client, upstream) => {
  const made = AT_TIER[upstream];
  const lastButOne = Math.max(0, SILENT[upstream].length - 2);
  function wholeAt(tier: string) {
    return verbatim({
      status: 200,
      body: JSON.stringify({ ...SILENT_WHOLE[upstream], ...made(tier) }),
    });
  }
  function streamAt(tier: string) {
    const all = SILENT[upstream].map((value, index) => {
      const told = index === lastButOne ? { ...(value as JsonObject), ...made(tier) } : value;
      const isNamed = upstream === "anthropic-messages";
      return frame(told, { name: isNamed ? String((value as JsonObject)["type"]) : "" });
    });
    return frames(() => all);
  }
  const CASES_OF_TIERS = [
    ["priority", ["estimated:cost"]],
    ["standard", []],
  ] as const;
  for (const [tier, notices] of CASES_OF_TIERS) {
    const route = bench.route(upstream);
    test.concurrent(`is told whether the list's price is what ${tier} costs`, async () => {
      bench.upstream.script(route.targets[0]?.model ?? "", wholeAt(tier), streamAt(tier));
      const whole = await caller.call(client, route.model);
      expect(whole.reading.text).toBe(WORDS);
      const told = (whole.header("x-sluice-notices") ?? "").split(", ");
      expect(told.includes("estimated:cost")).toBe(notices.length > 0);
      const streamed = await caller.call(client, route.model, { stream: true });
      expect(streamed.reading.text).toBe(WORDS);
      for (const { decision } of [whole, streamed]) {
        const written = brief(await bench.record(decision));
        expect(written).toMatchObject({ cost: "0.00016", used: { source: "provider" } });
        const aboutCost = written.notices.filter((notice) => notice.startsWith("estimated:"));
        expect(aboutCost).toEqual([...notices]);
      }
    });
  }
});

describe("totals known from invoices", () => {
  const GOLDEN = [
    [
      "claude-3-7-sonnet-20250219",
      { inputTokens: 3, cacheWrite5mTokens: 12_304, outputTokens: 550 },
      "0.054399",
    ],
    [
      "claude-opus-4-7",
      { inputTokens: 6, cacheWrite5mTokens: 159_217, outputTokens: 2745 },
      "1.06376125",
    ],
  ] as const;
  for (const [model, usage, cost] of GOLDEN) {
    for (const client of ["anthropic-messages", "openai-chat"] as const) {
      test(`$${cost} for ${model} comes out exactly for a ${client} client`, async () => {
        bench.upstream.script(model, answer({ usage }), answer({ usage }));
        const whole = await caller.call(client, `vendor/${model}`);
        expect(whole.header("x-sluice-cost-usd")).toBe(cost);
        const streamed = await caller.call(client, `vendor/${model}`, { stream: true });
        for (const { decision } of [whole, streamed]) {
          expect((await bench.record(decision))["cost_usd"]).toBe(cost);
        }
      });
    }
    test(`$${cost} for ${model} adds up in the usage rows`, async () => {
      const rows = await bench.gateway.usageRows("model");
      const row = rows.find((each) => each["model"] === `vendor/${model}`);
      const nano = BigInt(cost.replace(".", "").padEnd(cost.indexOf(".") + 9, "0"));
      const [dollars, rest = ""] = String(row?.["cost_usd"]).split(".");
      expect(row).toMatchObject({ requests: 4, unpriced_requests: 0 });
      expect(BigInt(`${dollars}${rest.padEnd(9, "0")}`)).toBe(4n * nano);
    });
  }
});

describe("a model without a price", () => {
  for (const stream of [false, true]) {
    const route = bench.route("unknown");
    test(`is never free, stream ${stream}`, async () => {
      const reply = await caller.call("openai-chat", route.model, { stream });
      expect(reply.status).toBe(200);
      expect(reply.header("x-sluice-cost-usd")).toBeNull();
      if (!stream) expect(reply.header("x-sluice-notices")).toContain("unpriced:model");
      const written = brief(await bench.record(reply.decision));
      expect(written).toMatchObject({ outcome: "answered", cost: null });
      expect(written.used).toMatchObject({ input: 11, output: 7 });
      expect(written.notices).toContain("unpriced:model");
      await expectRow(bench, route, written);
      expect(
        await bench.metric("sluice_unpriced_requests_total", {
          model: route.targets[0]?.model ?? "",
        }),
      ).toBe(1);
    });
  }
});

describe("calls that are no answers", () => {
  const counted = bench.route("anthropic-messages");
  test("counting tokens is a request that costs nothing", async () => {
    const reply = await fetch(`${bench.baseUrl}/v1/messages/count_tokens`, {
      method: "POST",
      headers: { "content-type": "application/json", ...KEY },
      body: JSON.stringify({ model: counted.model, messages: [{ role: "user", content: "hi" }] }),
    });
    expect(await reply.json()).toEqual({ input_tokens: 11 });
    const record = await bench.record(reply.headers.get("x-sluice-decision") ?? "");
    expect(brief(record)).toMatchObject({ cost: "0", used: { input: 0, output: 0 } });
    expect(await bench.usage(counted)).toMatchObject({ requests: 1, cost_usd: "0" });
  });

  const embedded = bench.route("openai-chat");
  test("embeddings are charged their input", async () => {
    const reply = await fetch(`${bench.baseUrl}/v1/embeddings`, {
      method: "POST",
      headers: { "content-type": "application/json", ...KEY },
      body: JSON.stringify({ model: embedded.model, input: ["a", "b"] }),
    });
    expect(await reply.json()).toMatchObject({ usage: { prompt_tokens: 11 } });
    expect(reply.headers.get("x-sluice-cost-usd")).toBe("0.000011");
    const written = brief(await bench.record(reply.headers.get("x-sluice-decision") ?? ""));
    expect(written).toMatchObject({ cost: "0.000011", used: { input: 11, output: 0 } });
    await expectRow(bench, embedded, written);
  });
});

const KEY = { authorization: `Bearer ${CALLER_KEY}` };
