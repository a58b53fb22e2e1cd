// The commit rule: until good content has come every failure moves on; after it, a failure ends the
// stream in the client's own error event, never as a clean end.

import { describe, expect, test } from "bun:test";
import type { JsonObject } from "#core/json.ts";
import {
  answer,
  closedGate,
  cutAfter,
  errorInside200,
  frame,
  frames,
} from "#support/upstream/upstream.ts";
import { type DialectName, gatewayBench, PAIRS } from "./bench.ts";
import { Caller } from "./client.ts";
import { brief, DEFAULT_COST, DEFAULT_USED, expectRow } from "./ledger.ts";

const bench = gatewayBench();
const caller = new Caller(() => bench.baseUrl);
const TEXT = "The scripted upstream says hello.";

/** Events that open an answer and say nothing, then an error. */
const OPENINGS: Readonly<Record<DialectName, readonly JsonObject[]>> = {
  "openai-chat": [
    { id: "discarded", choices: [] },
    { id: "discarded", choices: [{ index: 0, delta: { role: "assistant", content: "" } }] },
    { error: { message: "another time", code: 503 } },
  ],
  "anthropic-messages": [
    { type: "message_start", message: { id: "discarded", usage: { input_tokens: 9 } } },
    { type: "ping" },
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    { type: "error", error: { type: "overloaded_error", message: "another time" } },
  ],
  "gemini-generate": [
    {
      responseId: "discarded",
      candidates: [{ content: { role: "model", parts: [{ text: "" }] } }],
    },
    { error: { code: 503, message: "another time", status: "UNAVAILABLE" } },
  ],
};

function nameOf(event: JsonObject): string {
  return typeof event["type"] === "string" ? event["type"] : "";
}

describe.each(PAIRS)("a stream of a %s client from %s upstreams", (client, upstream) => {
  const first = bench.route(upstream, upstream);
  test.concurrent("comes whole from the next target when the first event is an error", async () => {
    bench.upstream.script(first.targets[0]?.model ?? "", errorInside200(0));
    const reply = await caller.call(client, first.model, { stream: true });
    expect(reply.status).toBe(200);
    expect(reply.reading.text).toBe(TEXT);
    expect(reply.hasCleanEnd).toBe(true);
    expect(reply.text).not.toContain("Scripted failure");
    expect(reply.header("x-sluice-target")).toBe(first.targets[1]?.name ?? "");
    expect(reply.header("x-sluice-attempts")).toBe("2");
    expect(bench.calls(first)).toEqual([1, 1]);
    const written = brief(await bench.record(reply.decision));
    expect(written).toMatchObject({
      outcome: "answered",
      target: first.targets[1]?.name ?? "",
      // OpenAI has no type of its own for an overload inside a stream.
      attempts: [
        upstream === "openai-chat" ? "server_error 200" : "overloaded 200",
        "succeeded 200",
      ],
      used: DEFAULT_USED,
      cost: DEFAULT_COST,
    });
    await expectRow(bench, first, written);
  });

  const opening = bench.route(upstream, upstream);
  test.concurrent("comes whole from the next target when only its opening came before", async () => {
    bench.upstream.script(
      opening.targets[0]?.model ?? "",
      frames(() => OPENINGS[upstream].map((event) => frame(event, { name: nameOf(event) }))),
    );
    const reply = await caller.call(client, opening.model, { stream: true });
    expect(reply.reading.text).toBe(TEXT);
    expect(reply.text).not.toContain("another time");
    expect(reply.text).not.toContain("discarded");
    expect(bench.calls(opening)).toEqual([1, 1]);
    const written = brief(await bench.record(reply.decision));
    expect(written).toMatchObject({
      outcome: "answered",
      attempts: [expect.stringMatching(/^(?:server_error|overloaded) 200$/), "succeeded 200"],
      used: DEFAULT_USED,
    });
  });

  const cut = bench.route(upstream, upstream);
  test.concurrent("that is cut after two tokens gives them, then an error event, and no end", async () => {
    const gate = closedGate();
    const delivery = { hold: { afterTokens: 2, gate }, cut: { afterTokens: 2 } };
    bench.upstream.script(cut.targets[0]?.model ?? "", answer({}, delivery));
    const stream = await caller.open(client, cut.model);
    await stream.until("scripted");
    gate.open();
    const reply = await stream.rest();
    expect(reply.status).toBe(200);
    expect(reply.text).not.toContain("upstream says");
    expect(reply.hasCleanEnd).toBe(false);
    expect(reply.errorCode).toBe("upstream_failed");
    expect(reply.lastEvent["sluice"]).toMatchObject({
      decision: reply.decision,
      target: cut.targets[0]?.name ?? "",
      attempts: 1,
    });
    expect(bench.calls(cut)).toEqual([1, 0]);
    const written = brief(await bench.record(reply.decision));
    expect(written).toMatchObject({
      outcome: "truncated",
      code: "upstream_failed",
      target: cut.targets[0]?.name ?? "",
      attempts: ["truncated 200"],
    });
    expect(written.used.source).toBe("estimated");
    expect(written.used.input).toBeGreaterThan(0);
    expect(written.used.output).toBeGreaterThan(0);
    expect(written.notices).toContain("estimated:usage");
    await expectRow(bench, cut, written);
  });

  const late = bench.route(upstream, upstream);
  test.concurrent("with an error after content gives what came, then the error, and no other target", async () => {
    const gate = closedGate();
    const text = JSON.stringify({
      error: { type: "overloaded_error", message: "too much", code: 529 },
    });
    const name = upstream === "anthropic-messages" ? "event: error\n" : "";
    bench.upstream.script(
      late.targets[0]?.model ?? "",
      answer(
        {},
        {
          hold: { afterTokens: 1, gate },
          insert: { afterTokens: 2, text: `${name}data: ${text}\n\n`, isLast: true },
        },
      ),
    );
    const stream = await caller.open(client, late.model);
    await stream.until("The");
    gate.open();
    const reply = await stream.rest();
    expect(reply.text).toContain("scripted");
    expect(reply.hasCleanEnd).toBe(false);
    expect(reply.errorCode).toBe("upstream_failed");
    expect(bench.calls(late)).toEqual([1, 0]);
    const written = brief(await bench.record(reply.decision));
    expect(written).toMatchObject({ outcome: "truncated", attempts: ["truncated 200"] });
    expect(written.used.source).toBe("estimated");
    await expectRow(bench, late, written);
  });
});

describe.each(PAIRS)("a whole answer for a %s client from %s upstreams", (client, upstream) => {
  const broken = bench.route(upstream, upstream);
  test.concurrent("comes from the next target when the first breaks off amid its body", async () => {
    bench.upstream.script(broken.targets[0]?.model ?? "", cutAfter(2));
    const reply = await caller.call(client, broken.model);
    expect(reply.status).toBe(200);
    expect(reply.reading.text).toBe(TEXT);
    expect(bench.calls(broken)).toEqual([1, 1]);
    const written = brief(await bench.record(reply.decision));
    expect(written).toMatchObject({
      outcome: "answered",
      // Whether the head is seen before the break is up to the runtime.
      attempts: [expect.stringMatching(/^(?:malformed 200|connect_failed 0)$/), "succeeded 200"],
      used: DEFAULT_USED,
      cost: DEFAULT_COST,
    });
    expect(reply.header("x-sluice-cost-usd")).toBe(DEFAULT_COST);
    await expectRow(bench, broken, written);
  });
});

describe("a chain of eleven targets of which ten are dead", () => {
  const dead = ["openai-chat", "anthropic-messages", "gemini-generate"] as const;
  const eleven = Array.from({ length: 11 }, (_, index) => dead[index % 3] ?? "openai-chat");
  for (const stream of [false, true]) {
    const chain = bench.routeWith({ targets: eleven, settings: { attempts: 11 } });
    test.concurrent(`is walked to its end for a ${stream ? "stream" : "whole answer"}`, async () => {
      for (const target of chain.targets.slice(0, 10))
        bench.upstream.script(target.model, errorInside200(0));
      const reply = await caller.call("openai-chat", chain.model, { stream });
      expect(reply.status).toBe(200);
      expect(reply.reading.text).toBe(TEXT);
      expect(reply.header("x-sluice-attempts")).toBe("11");
      expect(bench.calls(chain)).toEqual(Array.from({ length: 11 }, () => 1));
      const written = brief(await bench.record(reply.decision));
      expect(written.attempts.length).toBe(11);
      expect(written).toMatchObject({ outcome: "answered", used: DEFAULT_USED });
      await expectRow(bench, chain, written);
    });
  }
});
