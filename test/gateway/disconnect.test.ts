// Clients that leave: the upstream is let go at once, nothing else is tried, and what was used is
// written down as an estimate; where the provider says so, the answer is read on for its usage.

import { describe, expect, test } from "bun:test";
import {
  closedGate,
  overloaded,
  rateLimited,
  silence,
  slowFirstByte,
  stall,
} from "#support/upstream/upstream.ts";
import { DIALECTS, gatewayBench, PAIRS, PROVIDER_KEY, type TestRoute } from "./bench.ts";
import { Caller } from "./client.ts";
import { type Brief, brief, DEFAULT_COST, DEFAULT_USED, expectRow } from "./ledger.ts";

const DRAIN = `api_key: ${PROVIDER_KEY}, on_disconnect: drain`;
const bench = gatewayBench({
  providers: [
    `patient-openai: { kind: openai, base_url: ORIGIN/v1, ${DRAIN} }`,
    `patient-claude: { kind: anthropic, base_url: ORIGIN, ${DRAIN} }`,
    `patient-google: { kind: gemini, base_url: ORIGIN, ${DRAIN} }`,
  ],
});
const caller = new Caller(() => bench.baseUrl);

const waiting = bench.routeWith({
  targets: ["openai-chat"],
  settings: { total_timeout: "150ms" },
});

/** Waits until the gateway has looked at its deadlines, and with them at who has left. */
async function noticed(): Promise<void> {
  bench.upstream.script(waiting.targets[0]?.model ?? "", silence());
  const reply = await caller.call("openai-chat", waiting.model);
  expect(reply.errorCode).toBe("upstream_timeout");
}

/** The record of a call that was left, and the row that must agree with it. */
async function left(route: TestRoute): Promise<Brief> {
  const written = brief(await bench.lastRecord(route));
  expect(written.outcome).toBe("client_cancelled");
  await expectRow(bench, route, written);
  return written;
}

describe.each(PAIRS)("a %s client that leaves %s upstreams", (client, upstream) => {
  for (const stream of [false, true]) {
    const before = bench.route(upstream, upstream);
    test.concurrent(`before any reply closes the upstream's connection, stream ${stream}`, async () => {
      bench.upstream.script(before.targets[0]?.model ?? "", silence());
      const call = caller.begin(client, before.model, { stream });
      const request = await bench.arrived(before.targets[0]);
      call.leave();
      expect(await request.closed).toBe("client");
      expect(await call.ended).toBe("left");
      const written = await left(before);
      expect(written.attempts).toEqual(["client_cancelled 0"]);
      expect(written.used).toMatchObject({ output: 0, source: "estimated" });
      expect(written.used.input).toBeGreaterThan(0);
      expect(written.notices).toContain("estimated:usage");
      expect(bench.calls(before)).toEqual([1, 0]);
    });
  }

  const opened = bench.route(upstream, upstream);
  test.concurrent("between head and first token does the same", async () => {
    const gate = closedGate();
    bench.upstream.script(opened.targets[0]?.model ?? "", stall(gate, 0));
    const call = caller.begin(client, opened.model, { stream: true });
    await gate.reached;
    call.leave();
    expect(await bench.seenBy(opened.targets[0])[0]?.closed).toBe("client");
    expect(await call.ended).toBe("left");
    const written = await left(opened);
    expect(written.attempts).toEqual([expect.stringMatching(/^client_cancelled (?:0|200)$/)]);
    expect(written.used.source).toBe("estimated");
    expect(bench.calls(opened)).toEqual([1, 0]);
  });

  const amid = bench.route(upstream, upstream);
  test.concurrent("amid a stream is charged for what was written by then", async () => {
    bench.upstream.script(amid.targets[0]?.model ?? "", stall(closedGate(), 3));
    const stream = await caller.open(client, amid.model);
    await stream.until("upstream");
    stream.leave();
    expect(await bench.seenBy(amid.targets[0])[0]?.closed).toBe("client");
    const written = await left(amid);
    expect(written.attempts).toEqual(["client_cancelled 200"]);
    expect(written.used.source).toBe("estimated");
    expect(written.used.output).toBeGreaterThan(0);
    expect(bench.calls(amid)).toEqual([1, 0]);
  });

  const pausing = bench.routeWith({ targets: [upstream], settings: { attempts: 3 } });
  test.concurrent("during a pause between tries makes no further one", async () => {
    // A pause of five seconds is the longest that is waited for.
    bench.upstream.script(pausing.targets[0]?.model ?? "", rateLimited("5"));
    const call = caller.begin(client, pausing.model, { stream: true });
    const request = await bench.arrived(pausing.targets[0]);
    await request.closed;
    await noticed();
    call.leave();
    expect(await call.ended).toBe("left");
    const written = await left(pausing);
    expect(written.attempts).toEqual(["rate_limited 429"]);
    expect(written.cost).toBe("0");
    expect(bench.calls(pausing)).toEqual([1]);
  });
});

describe.each([
  ["openai-chat", "patient-openai"],
  ["anthropic-messages", "patient-claude"],
  ["gemini-generate", "patient-google"],
  ["openai-chat", "patient-claude"],
] as const)("a %s client that leaves %s, which is read on", (client, provider) => {
  const amid = bench.route(provider, provider);
  test.concurrent("amid a stream is charged what the provider reports", async () => {
    const gate = closedGate();
    bench.upstream.script(amid.targets[0]?.model ?? "", stall(gate, 2));
    const stream = await caller.open(client, amid.model);
    await stream.until("scripted");
    stream.leave();
    await noticed();
    gate.open();
    expect(await bench.seenBy(amid.targets[0])[0]?.closed).toBe("complete");
    const written = await left(amid);
    expect(written).toMatchObject({
      attempts: ["succeeded 200"],
      used: DEFAULT_USED,
      cost: DEFAULT_COST,
    });
    expect(bench.calls(amid)).toEqual([1, 0]);
  });

  for (const stream of [false, true]) {
    const before = bench.route(provider, provider);
    test.concurrent(`before any reply as well, stream ${stream}`, async () => {
      const gate = closedGate();
      bench.upstream.script(before.targets[0]?.model ?? "", slowFirstByte(gate));
      const call = caller.begin(client, before.model, { stream });
      await gate.reached;
      call.leave();
      expect(await call.ended).toBe("left");
      await noticed();
      gate.open();
      expect(await bench.seenBy(before.targets[0])[0]?.closed).toBe("complete");
      expect(await left(before)).toMatchObject({
        attempts: ["succeeded 200"],
        used: DEFAULT_USED,
        cost: DEFAULT_COST,
      });
      expect(bench.calls(before)).toEqual([1, 0]);
    });
  }

  const failing = bench.route(provider, provider);
  test.concurrent("and fails then is not followed by another try", async () => {
    const gate = closedGate();
    bench.upstream.script(failing.targets[0]?.model ?? "", async (request, reply) => {
      await gate.pass();
      return overloaded()(request, reply);
    });
    const call = caller.begin(client, failing.model, { stream: true });
    await gate.reached;
    call.leave();
    expect(await call.ended).toBe("left");
    await noticed();
    gate.open();
    expect(await left(failing)).toMatchObject({
      attempts: ["client_cancelled 529"],
      cost: "0",
      used: { input: 0, output: 0 },
    });
    expect(bench.calls(failing)).toEqual([1, 0]);
  });
});

describe.each(DIALECTS)("beside clients that leave, a %s stream", (dialect) => {
  const route = bench.route(dialect);
  test.concurrent("goes on as if nothing had happened", async () => {
    const gate = closedGate();
    const model = route.targets[0]?.model ?? "";
    bench.upstream.script(model, stall(gate, 2), silence(), silence(), silence());
    const kept = await caller.open(dialect, route.model);
    const calls = [1, 2, 3].map(() => caller.begin(dialect, route.model, { stream: true }));
    for (const call of calls) call.leave();
    for (const call of calls) expect(await call.ended).toBe("left");
    gate.open();
    const reply = await kept.rest();
    expect(reply.hasCleanEnd).toBe(true);
    expect(brief(await bench.record(reply.decision))).toMatchObject({ used: DEFAULT_USED });
  });
});
