// Signs of life in silent streams: they commit to nothing, and what the early head could not say is
// said later.

import { describe, expect, test } from "bun:test";
import { asObject } from "#core/json.ts";
import {
  closedGate,
  errorInside200,
  silence,
  slowFirstByte,
  stall,
} from "#support/upstream/upstream.ts";
import { type DialectName, gatewayBench, PAIRS } from "./bench.ts";
import { Caller } from "./client.ts";
import { brief, DEFAULT_COST, DEFAULT_USED, expectRow } from "./ledger.ts";

const bench = gatewayBench({ server: "keep_alive: 100ms" });
const caller = new Caller(() => bench.baseUrl);
const TEXT = "The scripted upstream says hello.";

const SIGNS: Readonly<Record<DialectName, string>> = {
  "openai-chat": ": keep-alive\n\n",
  "anthropic-messages": 'event: ping\ndata: {"type":"ping"}\n\n',
  "gemini-generate": ": keep-alive\n\n",
};

describe.each(PAIRS)("a %s client of silent %s upstreams", (client, upstream) => {
  const slow = bench.route(upstream);
  test.concurrent("is given signs of life, then the answer, and an early head", async () => {
    const gate = closedGate();
    bench.upstream.script(slow.targets[0]?.model ?? "", slowFirstByte(gate));
    const stream = await caller.open(client, slow.model);
    await stream.until(SIGNS[client].repeat(2));
    gate.open();
    const reply = await stream.rest();
    expect(reply.text.startsWith(SIGNS[client])).toBe(true);
    expect(reply.reading.text).toBe(TEXT);
    expect(reply.hasCleanEnd).toBe(true);
    const ours = [...reply.headers.keys()].filter((name) => name.startsWith("x-sluice-"));
    expect(ours.toSorted()).toEqual(["x-sluice-decision", "x-sluice-snapshot"]);
    expect(reply.header("x-request-id")).toMatch(/^req_/);
    expect(reply.header("x-upstream-request-id")).toBeNull();
    const written = brief(await bench.record(reply.decision));
    expect(written).toMatchObject({
      outcome: "answered",
      target: slow.targets[0]?.name ?? "",
      used: DEFAULT_USED,
      cost: DEFAULT_COST,
    });
    await expectRow(bench, slow, written);
  });

  const failing = bench.route(upstream, upstream, upstream);
  test.concurrent("still gets the next target's answer alone after them", async () => {
    const gate = closedGate();
    const [first, second] = failing.targets;
    bench.upstream.script(first?.model ?? "", async (request, reply) => {
      await gate.pass();
      return errorInside200(0)(request, reply);
    });
    bench.upstream.script(second?.model ?? "", errorInside200(0));
    const stream = await caller.open(client, failing.model);
    await stream.until(SIGNS[client]);
    gate.open();
    const reply = await stream.rest();
    expect(reply.reading.text).toBe(TEXT);
    expect(reply.hasCleanEnd).toBe(true);
    expect(reply.text).not.toContain("Scripted failure");
    expect(bench.calls(failing)).toEqual([1, 1, 1]);
    expect(brief(await bench.record(reply.decision))).toMatchObject({
      outcome: "answered",
      target: failing.targets[2]?.name ?? "",
      used: DEFAULT_USED,
    });
  });

  const dead = bench.routeWith({
    targets: [upstream, upstream],
    settings: { first_token_timeout: "300ms" },
  });
  test.concurrent("is told in an error event when nobody answers in the end", async () => {
    for (const target of dead.targets) bench.upstream.script(target.model, silence());
    const reply = await caller.call(client, dead.model, { stream: true });
    expect(reply.status).toBe(200);
    expect(reply.text.startsWith(SIGNS[client])).toBe(true);
    expect(reply.hasCleanEnd).toBe(false);
    expect(reply.errorCode).toBe("upstream_timeout");
    expect(reply.details.length).toBe(2);
    expect(reply.lastEvent["sluice"]).toMatchObject({
      decision: reply.decision,
      target: null,
      attempts: 2,
      notices: expect.anything(),
    });
    const written = brief(await bench.record(reply.decision));
    expect(written).toMatchObject({ outcome: "failed", code: "upstream_timeout", cost: "0" });
    await expectRow(bench, dead, written);
  });

  const amid = bench.route(upstream);
  test.concurrent("is given them between tokens as well, and reads the same answer", async () => {
    const gate = closedGate();
    bench.upstream.script(amid.targets[0]?.model ?? "", stall(gate, 2));
    const stream = await caller.open(client, amid.model);
    await stream.until("scripted");
    const before = stream.text.length;
    while (!stream.text.slice(before).includes(SIGNS[client])) await stream.more();
    gate.open();
    const reply = await stream.rest();
    expect(reply.reading.text).toBe(TEXT);
    expect(reply.hasCleanEnd).toBe(true);
    expect(brief(await bench.record(reply.decision)).used).toEqual(DEFAULT_USED);
  });
});

describe.each(["openai-chat", "anthropic-messages", "gemini-generate"] as const)(
  "an OpenAI client that asks %s upstreams for usage",
  (upstream) => {
    const asked = { stream: true, body: { stream_options: { include_usage: true } } };
    const late = bench.route(upstream, upstream);
    test.concurrent("finds in the usage chunk what an early head could not say", async () => {
      const gate = closedGate();
      bench.upstream.script(late.targets[0]?.model ?? "", errorInside200(0));
      bench.upstream.script(late.targets[1]?.model ?? "", slowFirstByte(gate));
      const stream = await caller.open("openai-chat", late.model, asked);
      await stream.until(SIGNS["openai-chat"]);
      gate.open();
      const reply = await stream.rest();
      expect(reply.hasCleanEnd).toBe(true);
      const usage = usageChunks(reply.text);
      expect(usage.length).toBe(1);
      expect(usage[0]).toMatchObject({
        choices: [],
        usage: { prompt_tokens: 11, completion_tokens: 7 },
        sluice: {
          decision: reply.decision,
          target: late.targets[1]?.name ?? "",
          attempts: 2,
        },
      });
    });

    const prompt = bench.route(upstream);
    test.concurrent("finds nothing of ours there when the head said it", async () => {
      const reply = await caller.call("openai-chat", prompt.model, asked);
      const usage = usageChunks(reply.text);
      expect(usage.length).toBe(1);
      // On a machine that is busy enough a sign of life comes first here as well.
      const isEarly = reply.text.startsWith(SIGNS["openai-chat"]);
      expect(usage[0]?.["sluice"] !== undefined).toBe(isEarly);
      expect(reply.header("x-sluice-target") === null).toBe(isEarly);
    });
  },
);

describe.each(["gemini-generate", "openai-chat"] as const)(
  "a JSON array for a Gemini client from %s upstreams",
  (upstream) => {
    const slow = bench.route(upstream);
    test.concurrent("is kept alive by white space and stays one JSON text", async () => {
      const [before, amid] = [closedGate(), closedGate()];
      bench.upstream.script(slow.targets[0]?.model ?? "", async (request, reply) => {
        await before.pass();
        return stall(amid, 2)(request, reply);
      });
      const stream = await caller.open("gemini-generate", slow.model, { asArray: true });
      await stream.until("\n\n");
      before.open();
      await stream.until("scripted");
      const length = stream.text.length;
      while (!stream.text.slice(length).includes("\n\n")) await stream.more();
      amid.open();
      const reply = await stream.rest();
      const chunks: unknown = JSON.parse(reply.text);
      expect(JSON.stringify(chunks)).toContain("scripted");
      expect(Array.isArray(chunks)).toBe(true);
      expect(reply.hasCleanEnd).toBe(true);
    });

    const dead = bench.routeWith({
      targets: [upstream],
      settings: { first_token_timeout: "300ms" },
    });
    test.concurrent("is one JSON text with an error in it when nobody answers", async () => {
      bench.upstream.script(dead.targets[0]?.model ?? "", silence());
      const wish = { stream: true, asArray: true };
      const reply = await caller.call("gemini-generate", dead.model, wish);
      const chunks = JSON.parse(reply.text);
      expect(chunks).toMatchObject([{ error: { code: 504 }, sluice: { attempts: 1 } }]);
    });

    const cut = bench.routeWith({ targets: [upstream], settings: { idle_timeout: "300ms" } });
    test.concurrent("that stalls after content ends as one JSON text with the error last", async () => {
      bench.upstream.script(cut.targets[0]?.model ?? "", stall(closedGate(), 2));
      const wish = { stream: true, asArray: true };
      const reply = await caller.call("gemini-generate", cut.model, wish);
      const chunks = JSON.parse(reply.text);
      expect(chunks.at(-1)).toMatchObject({ error: { code: 502 }, sluice: { attempts: 1 } });
      expect(reply.hasCleanEnd).toBe(false);
    });
  },
);

function usageChunks(text: string): Record<string, unknown>[] {
  return text
    .split("\n\n")
    .filter((event) => event.startsWith("data: {"))
    .map((event) => asObject(JSON.parse(event.slice("data: ".length))) ?? {})
    .filter((chunk) => asObject(chunk["usage"]) !== undefined);
}
