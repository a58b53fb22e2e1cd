// How long the gateway waits for an upstream that cannot be reached, and for one that says when to ask
// again: by a number, a date, or the reset of a limit that is spent.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type FullListener, startFullListener } from "#support/full-listener.ts";
import { failure } from "#support/upstream/upstream.ts";
import type { DialectName } from "./bench.ts";
import { Answer, prepare } from "./client.ts";
import { brief } from "./ledger.ts";
import { CALLER_KEY, startVendorBench, VENDORS, type VendorBench } from "./vendor-bench.ts";

const HOUR_SECONDS = 3600;
let full: FullListener;
let bench: VendorBench;

beforeAll(async () => {
  full = await startFullListener();
  bench = await startVendorBench(document);
});

afterAll(async () => {
  await bench.stop();
  full.stop();
});

function document(origin: string): string {
  return `version: 1
providers:
  oai: { kind: openai, base_url: "${origin}/v1", api_key: key-of-oai-0123456789 }
  ant: { kind: anthropic, base_url: "${origin}", api_key: key-of-ant-0123456789 }
  gem: { kind: gemini, base_url: "${origin}", api_key: key-of-gem-0123456789 }
  deaf: { kind: openai, base_url: "${full.origin}/v1", api_key: key-of-deaf-0123456789 }
models:
  moves-on: { targets: [deaf/one, oai/gpt-4.1], connect_timeout: 300ms }
  gives-up: { targets: [deaf/two], attempts: 1, connect_timeout: 300ms }
tenants: { bench: {} }
keys: [{ name: bench, tenant: bench, value: ${CALLER_KEY} }]
unpriced_models: allow
`;
}

async function call(dialect: DialectName, model: string, stream = false): Promise<Answer> {
  const { path, headers, body } = prepare(dialect, model, { key: CALLER_KEY, stream });
  const reply = await fetch(bench.gateway.baseUrl + path, { method: "POST", headers, body });
  return new Answer(dialect, reply, await reply.text());
}

describe("an upstream that takes no connection", () => {
  test.each([false, true])(
    "is left for the next target after connect_timeout, stream %p",
    async (stream) => {
      const reply = await call("openai-chat", "moves-on", stream);
      expect(reply.reading.text).toBe("The scripted upstream says hello.");
      const written = brief(await bench.gateway.decision(reply.decision));
      expect(written.attempts).toEqual(["connect_timeout 0", "succeeded 200"]);
      expect(written.target).toBe("oai/gpt-4.1");
      expect(written.used.source).toBe("provider");
    },
  );

  test("is a timeout to the client when no other target is left", async () => {
    const reply = await call("openai-chat", "gives-up");
    expect(reply.status).toBe(504);
    expect(reply.errorCode).toBe("upstream_timeout");
    expect(reply.details).toMatchObject([{ status: 0, outcome: "connect_timeout" }]);
    expect(brief(await bench.gateway.decision(reply.decision))).toMatchObject({
      attempts: ["connect_timeout 0"],
      used: { input: 0, output: 0 },
      cost: "0",
    });
  });
});

describe.each(VENDORS)("a rate limit of $dialect that ends", (vendor) => {
  // Each model is a target of its own, so that none is set aside by the test before it.
  const refuse = async (name: string, headers: readonly (readonly [string, string])[]) => {
    const model = `${vendor.model}-${name}`;
    bench.upstream.always(model, failure(429, headers));
    const reply = await call(vendor.dialect, `${vendor.provider}/${model}`);
    expect(reply.status).toBe(429);
    return Number(reply.header("retry-after"));
  };

  test("at a date is told to the client in seconds, and ends the tries at once", async () => {
    const now = Date.now();
    const date = new Date(now).toUTCString();
    const until = new Date(now + HOUR_SECONDS * 1000).toUTCString();
    const before = bench.upstream.requests.length;
    expect(
      await refuse("dated", [
        ["date", date],
        ["retry-after", until],
      ]),
    ).toBe(HOUR_SECONDS);
    expect(bench.upstream.requests.length).toBe(before + 1);
  });

  test("at a date of a server that does not tell its time counts from our clock", async () => {
    const until = new Date(Date.now() + HOUR_SECONDS * 1000).toUTCString();
    const seconds = await refuse("undated", [["retry-after", until]]);
    expect(seconds).toBeGreaterThan(HOUR_SECONDS - 60);
    expect(seconds).toBeLessThanOrEqual(HOUR_SECONDS);
  });

  test("with the reset of the limit that is spent is told too", async () => {
    const spent = [
      ["x-ratelimit-remaining-requests", "4"],
      ["x-ratelimit-reset-requests", "9h0m"],
      ["x-ratelimit-remaining-tokens", "0"],
      ["x-ratelimit-reset-tokens", "6m0s"],
    ] as const;
    expect(await refuse("reset", spent)).toBe(360);
  });
});
