// Streams that an upstream makes to wear the gateway out.

import { describe, expect, test } from "bun:test";
import { type Behaviour, closedGate } from "#support/upstream/upstream.ts";
import { gatewayBench, PAIRS } from "./bench.ts";
import { Caller } from "./client.ts";
import { brief } from "./ledger.ts";

const bench = gatewayBench();
const caller = new Caller(() => bench.baseUrl);

/** 300 kB in a hundred thousand frames, each of which would be held until content comes. */
const SMALLEST_FRAMES = ":\n\n".repeat(100_000);

describe.each(PAIRS)("a %s client of a %s upstream", (client, upstream) => {
  const route = bench.route(upstream, upstream);
  test("is passed on when the smallest of frames pile up before any content", async () => {
    const gate = closedGate();
    const flood: Behaviour = async (_request, reply) => {
      await reply.head(200, [["content-type", "text/event-stream"]], { by: "chunks" });
      await reply.write(SMALLEST_FRAMES);
      await gate.pass();
    };
    bench.upstream.script(route.targets[0]?.model ?? "", flood);
    const reply = await caller.call(client, route.model, { stream: true });
    gate.open();
    expect(reply.hasCleanEnd).toBe(true);
    expect(brief(await bench.record(reply.decision))).toMatchObject({
      outcome: "answered",
      attempts: ["malformed 200", "succeeded 200"],
    });
  });
});
