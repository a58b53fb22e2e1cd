// Upstreams that report counters which are none: the exchange is recorded all the same, by an estimate
// that says so, and never as if nothing had been used.

import { describe, expect, test } from "bun:test";
import { verbatim } from "#support/upstream/upstream.ts";
import { DIALECTS, type DialectName, gatewayBench } from "./bench.ts";
import { Caller } from "./client.ts";
import { brief, expectRow } from "./ledger.ts";

const bench = gatewayBench();
const caller = new Caller(() => bench.baseUrl);

/** A whole reply whose two main counters are this JSON text. */
const REPLIES: Readonly<Record<DialectName, (count: string) => string>> = {
  "openai-chat": (count) => `{"id":"c","object":"chat.completion","created":1,"model":"m",
    "choices":[{"index":0,"message":{"role":"assistant","content":"hello"},"finish_reason":"stop"}],
    "usage":{"prompt_tokens":${count},"completion_tokens":${count}}}`,
  "anthropic-messages": (count) => `{"id":"m","type":"message","role":"assistant","model":"m",
    "content":[{"type":"text","text":"hello"}],"stop_reason":"end_turn",
    "usage":{"input_tokens":${count},"output_tokens":${count}}}`,
  "gemini-generate": (count) => `{"candidates":[{"content":{"parts":[{"text":"hello"}],
    "role":"model"},"finishReason":"STOP","index":0}],
    "usageMetadata":{"promptTokenCount":${count},"candidatesTokenCount":${count}}}`,
};

const HOSTILE = ["1e300", "1e999", "-5", '"12"', "9007199254740993", "true", "[7]"];

describe.each(DIALECTS)("counters of %s", (dialect) => {
  for (const count of HOSTILE) {
    const route = bench.route(dialect);
    test(`that read ${count} are estimated, and the exchange is kept`, async () => {
      const [target] = route.targets;
      bench.upstream.script(
        target?.model ?? "",
        verbatim({ status: 200, body: REPLIES[dialect](count) }),
      );
      const reply = await caller.call(dialect, route.model);
      expect(reply.status).toBe(200);
      const record = brief(await bench.record(reply.decision));
      expect(record.used.source).toBe("estimated");
      expect(record.used.output).toBeGreaterThan(0);
      expect(record.used.output).toBeLessThan(100);
      expect(record.notices).toContain("estimated:usage");
      await expectRow(bench, route, record);
    });
  }
});
