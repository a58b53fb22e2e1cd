// What each class of failure means: for the client, for the next target, for the credential and for
// the target's breaker.

import { describe, expect, test } from "bun:test";
import {
  answer,
  closedGate,
  failure,
  rateLimited,
  serverError,
  verbatim,
} from "#support/upstream/upstream.ts";
import { CROSS_PAIRS, DIALECTS, gatewayBench, PAIRS, PROVIDER_KEY } from "./bench.ts";
import { Caller } from "./client.ts";
import { brief, DEFAULT_COST, DEFAULT_USED, expectRow } from "./ledger.ts";

const TWO_KEYS =
  "api_keys: [{ id: a, value: key-a-0123456789 }, { id: b, value: key-b-0123456789 }]";
const bench = gatewayBench({
  providers: [
    `openai2: { kind: openai, base_url: ORIGIN/v1, ${TWO_KEYS} }`,
    `claude2: { kind: anthropic, base_url: ORIGIN, ${TWO_KEYS} }`,
    `google2: { kind: gemini, base_url: ORIGIN, ${TWO_KEYS} }`,
  ],
});
const caller = new Caller(() => bench.baseUrl);
const TEXT = "The scripted upstream says hello.";

describe.each(DIALECTS)("the request's own fault, told to a %s client", (dialect) => {
  for (const status of [400, 413, 422]) {
    for (const stream of [false, true]) {
      const route = bench.route(dialect, dialect);
      test.concurrent(`${status} in the same dialect is the vendor's body, stream ${stream}`, async () => {
        const body = `{ "error":{"message":"no such thing","type":"odd", "vendor": [1, 2.50]} }`;
        bench.upstream.script(route.targets[0]?.model ?? "", verbatim({ status, body }));
        const reply = await caller.call(dialect, route.model, { stream });
        expect(reply.status).toBe(status);
        expect(reply.text).toBe(body);
        expect(reply.header("content-type")).toBe("application/json");
        expect(reply.header("x-sluice-error")).toBe("upstream_rejected");
        expect(bench.calls(route)).toEqual([1, 0]);
        const written = brief(await bench.record(reply.decision));
        expect(written).toMatchObject({
          status,
          code: "upstream_rejected",
          attempts: [`rejected ${status}`],
          cost: "0",
        });
        await expectRow(bench, route, written);
      });
    }
  }
});

describe.each(CROSS_PAIRS)("a %s client before %s upstreams", (client, upstream) => {
  for (const status of [400, 413, 422]) {
    const route = bench.route(upstream, upstream);
    test.concurrent(`reads ${status} in its own dialect`, async () => {
      bench.upstream.script(route.targets[0]?.model ?? "", failure(status, [], "too long by 7"));
      const reply = await caller.call(client, route.model);
      expect(reply.status).toBe(status);
      expect(reply.errorCode).toBe("upstream_rejected");
      expect(reply.text).toContain("too long by 7");
      expect(bench.calls(route)).toEqual([1, 0]);
    });
  }
});

describe.each(PAIRS)("a %s client when every %s upstream fails", (client, upstream) => {
  const CLASSES = [
    [401, 502, "upstream_misconfigured", "misconfigured"],
    [402, 502, "upstream_misconfigured", "misconfigured"],
    [403, 502, "upstream_misconfigured", "misconfigured"],
    [404, 502, "upstream_misconfigured", "misconfigured"],
    [429, 429, "upstream_rate_limited", "rate_limited"],
    [500, 502, "upstream_failed", "server_error"],
    [502, 502, "upstream_failed", "server_error"],
    [503, 503, "upstream_overloaded", "overloaded"],
    [529, 503, "upstream_overloaded", "overloaded"],
  ] as const;
  for (const [status, told, code, outcome] of CLASSES) {
    const route = bench.route(upstream, upstream);
    test.concurrent(`with ${status} is told ${told} ${code}`, async () => {
      for (const target of route.targets)
        bench.upstream.script(target.model, failure(status, [], `bad key ${PROVIDER_KEY}`));
      const reply = await caller.call(client, route.model, { stream: status % 2 === 0 });
      expect(reply.status).toBe(told);
      expect(reply.errorCode).toBe(code);
      expect(reply.header("x-sluice-error")).toBe(code);
      expect(reply.header("x-should-retry")).toBe("false");
      expect(reply.header("x-sluice-attempts")).toBe("2");
      if (told === 429 || told === 503)
        expect(Number(reply.header("retry-after"))).toBeGreaterThan(0);
      expect(reply.details).toMatchObject(
        route.targets.map(({ name }) => ({ target: name, status, outcome })),
      );
      expect(reply.text).not.toContain(PROVIDER_KEY);
      expect(bench.calls(route)).toEqual([1, 1]);
      const record = await bench.record(reply.decision);
      expect(JSON.stringify(record)).not.toContain(PROVIDER_KEY);
      const written = brief(record);
      expect(written).toMatchObject({
        outcome: "failed",
        status: told,
        code,
        attempts: [`${outcome} ${status}`, `${outcome} ${status}`],
        cost: "0",
      });
      await expectRow(bench, route, written);
    });
  }
});

describe.each(DIALECTS)("an upstream that echoes its key to a %s client", (dialect) => {
  const rejected = bench.route(dialect);
  test.concurrent("in a refusal is not passed on unchanged", async () => {
    const reason = `cannot read ${PROVIDER_KEY}`;
    bench.upstream.script(rejected.targets[0]?.model ?? "", failure(400, [], reason));
    const reply = await caller.call(dialect, rejected.model);
    expect(reply.status).toBe(400);
    expect(reply.errorCode).toBe("upstream_rejected");
    expect(reply.text).toContain("cannot read [key]");
    expect(reply.text).not.toContain(PROVIDER_KEY);
    expect(JSON.stringify(await bench.record(reply.decision))).not.toContain(PROVIDER_KEY);
  });

  const late = bench.route(dialect);
  test.concurrent("in an error after content is not passed on either", async () => {
    const error = { type: "api_error", message: `bad ${PROVIDER_KEY}` };
    const text = `event: error\ndata: ${JSON.stringify({ type: "error", error })}\n\n`;
    const gate = closedGate();
    const delivery = {
      hold: { afterTokens: 1, gate },
      insert: { afterTokens: 2, text, isLast: true },
    };
    bench.upstream.script(late.targets[0]?.model ?? "", answer({}, delivery));
    const stream = await caller.open(dialect, late.model);
    await stream.until("The");
    gate.open();
    const reply = await stream.rest();
    expect(reply.errorCode).toBe("upstream_failed");
    expect(reply.text).toContain("bad [key]");
    expect(reply.text).not.toContain(PROVIDER_KEY);
    expect(JSON.stringify(await bench.record(reply.decision))).not.toContain(PROVIDER_KEY);
  });
});

describe("a key that Google refuses with 400", () => {
  const route = bench.route("gemini-generate");
  test("is the operator's fault, not the request's", async () => {
    const info = {
      "@type": "type.googleapis.com/google.rpc.ErrorInfo",
      reason: "API_KEY_INVALID",
      domain: "googleapis.com",
    };
    const error = { code: 400, message: "no", status: "INVALID_ARGUMENT", details: [info] };
    const body = JSON.stringify({ error });
    bench.upstream.script(route.targets[0]?.model ?? "", verbatim({ status: 400, body }));
    const reply = await caller.call("gemini-generate", route.model);
    expect(reply.status).toBe(502);
    expect(reply.errorCode).toBe("upstream_misconfigured");
    expect(brief(await bench.record(reply.decision)).attempts).toEqual(["misconfigured 400"]);
  });
});

describe("a model that the caller alone named", () => {
  test("and the upstream does not know is the caller's mistake", async () => {
    bench.upstream.script("invented", failure(404, [], "no model invented"));
    const reply = await caller.call("openai-chat", "openai/invented");
    expect(reply.status).toBe(404);
    expect(reply.text).toContain("no model invented");
    expect(brief(await bench.record(reply.decision)).attempts).toEqual(["rejected 404"]);
  });
});

describe.each([
  ["openai-chat", "openai2"],
  ["anthropic-messages", "claude2"],
  ["gemini-generate", "google2"],
] as const)("a %s provider with two keys", (dialect, provider) => {
  const limited = bench.routeWith({ targets: [provider], settings: { attempts: 3 } });
  test("answers by the other key while one is set aside by retry-after", async () => {
    const [target] = limited.targets;
    bench.upstream.script(target?.model ?? "", rateLimited("600"));
    const first = await caller.call(dialect, limited.model);
    expect(first.reading.text).toBe(TEXT);
    expect(brief(await bench.record(first.decision))).toMatchObject({
      outcome: "answered",
      attempts: ["rate_limited 429", "succeeded 200"],
      used: DEFAULT_USED,
      cost: DEFAULT_COST,
    });
    for (let calls = 0; calls < 4; calls += 1) {
      const reply = await caller.call(dialect, limited.model, { stream: true });
      expect(reply.reading.text).toBe(TEXT);
      const record = await bench.record(reply.decision);
      expect(brief(record).attempts).toEqual(["succeeded 200"]);
      expect(record["rejected"]).toMatchObject([{ because: [{ code: "key_quarantined" }] }]);
    }
    const keys = bench.seenBy(target).map((request) => JSON.stringify(request.headers));
    const usesA = keys.map((headers) => headers.includes("key-a-0123456789"));
    expect(usesA.slice(1)).toEqual(Array.from({ length: 5 }, () => !usesA[0]));
  });

  const spent = bench.routeWith({ targets: [provider], settings: { attempts: 3 } });
  test("is 429 with retry-after when both are limited, and is then left alone", async () => {
    const [target] = spent.targets;
    bench.upstream.script(target?.model ?? "", rateLimited("600"), rateLimited("300"));
    const first = await caller.call(dialect, spent.model);
    expect(first.status).toBe(429);
    expect(first.errorCode).toBe("upstream_rate_limited");
    expect(Number(first.header("retry-after"))).toBeGreaterThan(200);
    expect(first.header("x-should-retry")).toBe("false");
    expect(first.details.length).toBe(2);
    const second = await caller.call(dialect, spent.model, { stream: true });
    expect(second.status).toBe(429);
    expect(second.errorCode).toBe("upstream_rate_limited");
    expect(Number(second.header("retry-after"))).toBeGreaterThan(200);
    expect(second.header("x-should-retry")).toBe("false");
    expect(bench.calls(spent)).toEqual([2]);
    expect(brief(await bench.record(second.decision))).toMatchObject({
      outcome: "failed",
      attempts: [],
      cost: "0",
    });
    expect(await bench.usage(spent)).toMatchObject({ requests: 2, errors: 2, input_tokens: 0 });
  });
});

describe.each(PAIRS)("the breaker of a target, %s client before %s", (client, upstream) => {
  const route = bench.route(upstream, upstream);
  test.concurrent("opens after five failures in a row and keeps calls away", async () => {
    const [first, second] = route.targets;
    bench.upstream.always(first?.model ?? "", serverError());
    for (let calls = 0; calls < 8; calls += 1) {
      const reply = await caller.call(client, route.model, { stream: calls % 2 === 1 });
      expect(reply.reading.text).toBe(TEXT);
      expect(reply.header("x-sluice-target")).toBe(second?.name ?? "");
      expect(bench.calls(route)).toEqual([Math.min(5, calls + 1), calls + 1]);
    }
    const record = await bench.lastRecord(route);
    expect(brief(record).attempts).toEqual(["succeeded 200"]);
    expect(record["rejected"]).toMatchObject([
      { target: first?.name ?? "", because: [{ code: "breaker_open" }] },
    ]);
    const page = await (await bench.gateway.admin("/targets?limit=1000")).json();
    const rows = (page as { data: { target: string; breaker: string }[] }).data;
    expect(rows.find(({ target }) => target === first?.name)?.breaker).toBe("open");
    expect(await bench.usage(route)).toMatchObject({ requests: 8, errors: 0, input_tokens: 88 });
  });
});

describe("a single target that fails once", () => {
  for (const stream of [false, true]) {
    const route = bench.routeWith({ targets: ["openai-chat"], settings: { attempts: 3 } });
    test.concurrent(`is tried again within its attempts, stream ${stream}`, async () => {
      bench.upstream.script(route.targets[0]?.model ?? "", serverError(), answer());
      const reply = await caller.call("openai-chat", route.model, { stream });
      expect(reply.reading.text).toBe(TEXT);
      expect(bench.calls(route)).toEqual([2]);
      const written = brief(await bench.record(reply.decision));
      expect(written.attempts).toEqual(["server_error 500", "succeeded 200"]);
      await expectRow(bench, route, written);
    });
  }
});
