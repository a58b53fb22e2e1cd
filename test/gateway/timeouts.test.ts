// Deadlines: a stall before content moves on, a stall after it breaks the stream off, and nobody is
// left waiting on either side.

import { describe, expect, test } from "bun:test";
import {
  closedGate,
  pingsThenAnswer,
  rateLimited,
  silence,
  stall,
} from "#support/upstream/upstream.ts";
import { CROSS_PAIRS, gatewayBench, PAIRS } from "./bench.ts";
import { Caller } from "./client.ts";
import { brief, DEFAULT_COST, DEFAULT_USED, expectRow } from "./ledger.ts";

const bench = gatewayBench();
const caller = new Caller(() => bench.baseUrl);
const TEXT = "The scripted upstream says hello.";

describe.each(PAIRS)("a stream of a %s client from %s upstreams", (client, upstream) => {
  for (const key of ["first_token_timeout", "idle_timeout"]) {
    const silent = bench.routeWith({ targets: [upstream, upstream], settings: { [key]: "700ms" } });
    test.concurrent(`moves on when nothing at all comes for ${key}`, async () => {
      bench.upstream.script(silent.targets[0]?.model ?? "", silence());
      const reply = await caller.call(client, silent.model, { stream: true });
      expect(reply.reading.text).toBe(TEXT);
      expect(bench.calls(silent)).toEqual([1, 1]);
      expect(await bench.seenBy(silent.targets[0])[0]?.closed).toBe("client");
      const written = brief(await bench.record(reply.decision));
      expect(written).toMatchObject({
        outcome: "answered",
        attempts: [`${key} 0`, "succeeded 200"],
        used: DEFAULT_USED,
        cost: DEFAULT_COST,
      });
      await expectRow(bench, silent, written);
    });

    const opened = bench.routeWith({ targets: [upstream, upstream], settings: { [key]: "700ms" } });
    test.concurrent(`moves on when the stream opens and stalls for ${key}`, async () => {
      bench.upstream.script(opened.targets[0]?.model ?? "", stall(closedGate(), 0));
      const reply = await caller.call(client, opened.model, { stream: true });
      expect(reply.reading.text).toBe(TEXT);
      expect(bench.calls(opened)).toEqual([1, 1]);
      expect(await bench.seenBy(opened.targets[0])[0]?.closed).toBe("client");
      const written = brief(await bench.record(reply.decision));
      expect(written).toMatchObject({
        outcome: "answered",
        attempts: [`${key} 200`, "succeeded 200"],
      });
      // The first one had begun to answer, so that its input is counted too.
      expect(written.used.source).toBe("estimated");
      expect(written.used.input).toBeGreaterThan(DEFAULT_USED.input);
      expect(written.notices).toContain("estimated:usage");
      await expectRow(bench, opened, written);
    });
  }

  const stalled = bench.routeWith({
    targets: [upstream, upstream],
    settings: { idle_timeout: "700ms" },
  });
  test.concurrent("breaks off with an error event when it stalls after content", async () => {
    bench.upstream.script(stalled.targets[0]?.model ?? "", stall(closedGate(), 2));
    const reply = await caller.call(client, stalled.model, { stream: true });
    expect(reply.text).toContain("scripted");
    expect(reply.hasCleanEnd).toBe(false);
    expect(reply.errorCode).toBe("upstream_failed");
    expect(reply.text).toContain("idle_timeout");
    expect(bench.calls(stalled)).toEqual([1, 0]);
    expect(await bench.seenBy(stalled.targets[0])[0]?.closed).toBe("client");
    const written = brief(await bench.record(reply.decision));
    expect(written).toMatchObject({ outcome: "truncated", attempts: ["truncated 200"] });
    expect(written.used.source).toBe("estimated");
    await expectRow(bench, stalled, written);
  });

  const slow = bench.routeWith({ targets: [upstream], settings: { first_token_timeout: "700ms" } });
  test.concurrent("is not cut by first_token_timeout once content has come", async () => {
    const gate = closedGate();
    bench.upstream.script(slow.targets[0]?.model ?? "", stall(gate, 1));
    bench.upstream.script(late.targets[0]?.model ?? "", silence());
    const stream = await caller.open(client, slow.model);
    await stream.until("The");
    // Another call runs into the same limit meanwhile: its end proves that the time has passed.
    const other = await caller.call(client, late.model, { stream: true });
    expect(other.errorCode).toBe("upstream_timeout");
    gate.open();
    const reply = await stream.rest();
    expect(reply.reading.text).toBe(TEXT);
    expect(reply.hasCleanEnd).toBe(true);
  });

  const late = bench.routeWith({ targets: [upstream], settings: { first_token_timeout: "800ms" } });
});

describe.each(CROSS_PAIRS)("an answer for a %s client from %s upstreams", (client, upstream) => {
  for (const stream of [false, true]) {
    const total = bench.routeWith({
      targets: [upstream, upstream],
      settings: { total_timeout: "700ms" },
    });
    const kind = stream ? "stream" : "whole answer";
    test.concurrent(`a ${kind} that takes longer than total_timeout is given up at once`, async () => {
      bench.upstream.script(total.targets[0]?.model ?? "", silence());
      const reply = await caller.call(client, total.model, { stream });
      expect(reply.status).toBe(504);
      expect(reply.errorCode).toBe("upstream_timeout");
      expect(reply.header("x-should-retry")).toBe("false");
      expect(reply.details).toMatchObject([{ status: 0, outcome: "total_timeout" }]);
      expect(bench.calls(total)).toEqual([1, 0]);
      expect(await bench.seenBy(total.targets[0])[0]?.closed).toBe("client");
      const written = brief(await bench.record(reply.decision));
      expect(written).toMatchObject({ outcome: "failed", status: 504, code: "upstream_timeout" });
      await expectRow(bench, total, written);
    });
  }

  const paused = bench.routeWith({
    targets: [upstream],
    settings: { attempts: 3, total_timeout: "2s" },
  });
  test.concurrent("is told at once when the pause asked for is beyond total_timeout", async () => {
    bench.upstream.script(paused.targets[0]?.model ?? "", rateLimited("4"));
    const reply = await caller.call(client, paused.model);
    expect(reply.status).toBe(429);
    expect(reply.header("retry-after")).toBe("4");
    expect(bench.calls(paused)).toEqual([1]);
    const written = brief(await bench.record(reply.decision));
    expect(written).toMatchObject({ outcome: "failed", attempts: ["rate_limited 429"] });
  });

  const after = bench.routeWith({ targets: [upstream], settings: { total_timeout: "700ms" } });
  test.concurrent("a stream that passes total_timeout after content breaks off", async () => {
    bench.upstream.script(after.targets[0]?.model ?? "", stall(closedGate(), 1));
    const reply = await caller.call(client, after.model, { stream: true });
    expect(reply.text).toContain("The");
    expect(reply.hasCleanEnd).toBe(false);
    expect(reply.text).toContain("total_timeout");
    const written = brief(await bench.record(reply.decision));
    expect(written).toMatchObject({ outcome: "truncated", attempts: ["truncated 200"] });
  });

  const patient = bench.routeWith({ targets: [upstream], settings: { idle_timeout: "2s" } });
  test.concurrent("a stream of pings counts as alive and gives no content by them", async () => {
    bench.upstream.script(patient.targets[0]?.model ?? "", pingsThenAnswer(50));
    const reply = await caller.call(client, patient.model, { stream: true });
    expect(reply.reading.text).toBe(TEXT);
    expect(brief(await bench.record(reply.decision))).toMatchObject({ used: DEFAULT_USED });
  });
});
