// Ends: a revoked key takes its open streams with it, SIGTERM lets what runs finish and refuses the
// rest, and kill -9 loses no answered call and counts none twice.

import { afterEach, describe, expect, test } from "bun:test";
import { asObject } from "#core/json.ts";
import { closedGate, longStream, silence, stall } from "#support/upstream/upstream.ts";
import { DIALECTS, GatewayBench, gatewayBench } from "./bench.ts";
import { Caller } from "./client.ts";
import { brief, DEFAULT_USED, expectRow } from "./ledger.ts";

const TEXT = "The scripted upstream says hello.";

describe("revoking a key", () => {
  const bench = gatewayBench();
  const caller = new Caller(() => bench.baseUrl);

  async function newKey(): Promise<{ readonly id: string; readonly key: string }> {
    const body = JSON.stringify({ name: "short-lived", tenant: "acme" });
    const made = asObject(
      await (await bench.gateway.admin("/keys", { method: "POST", body })).json(),
    );
    return { id: String(made?.["id"]), key: String(made?.["key"]) };
  }

  describe.each(DIALECTS)("ends a %s stream", (dialect) => {
    const open = bench.route(dialect);
    test("that is open, with an error event, and no other key's", async () => {
      const gate = closedGate();
      const { id, key } = await newKey();
      const model = open.targets[0]?.model ?? "";
      bench.upstream.script(model, stall(closedGate(), 2), stall(gate, 2));
      const ended = await caller.open(dialect, open.model, { key });
      await ended.until("scripted");
      const other = await caller.open(dialect, open.model);
      await other.until("scripted");
      expect((await bench.gateway.admin(`/keys/${id}`, { method: "DELETE" })).status).toBe(204);
      const reply = await ended.rest();
      expect(reply.errorCode).toBe("invalid_key");
      expect(reply.hasCleanEnd).toBe(false);
      expect(await bench.seenBy(open.targets[0])[0]?.closed).toBe("client");
      const written = brief(await bench.record(reply.decision));
      expect(written).toMatchObject({ outcome: "truncated", code: "invalid_key" });
      expect(written.used.source).toBe("estimated");
      gate.open();
      expect((await other.rest()).reading.text).toBe(TEXT);
      const refused = await caller.call(dialect, open.model, { key });
      expect(refused.status).toBe(401);
      expect(bench.calls(open)).toEqual([2]);
    });

    const waiting = bench.route(dialect, dialect);
    test("that waits for its first token, with 401 and no further try", async () => {
      const { id, key } = await newKey();
      bench.upstream.script(waiting.targets[0]?.model ?? "", silence());
      const answered = caller.call(dialect, waiting.model, { key, stream: true });
      await bench.arrived(waiting.targets[0]);
      await bench.gateway.admin(`/keys/${id}`, { method: "DELETE" });
      const reply = await answered;
      expect(reply.status).toBe(401);
      expect(reply.errorCode).toBe("invalid_key");
      expect(await bench.seenBy(waiting.targets[0])[0]?.closed).toBe("client");
      expect(bench.calls(waiting)).toEqual([1, 0]);
      await expectRow(bench, waiting, brief(await bench.record(reply.decision)));
    });
  });

  const deaf = bench.route("openai-chat");
  test("ends a stream that its client does not read", async () => {
    const { id, key } = await newKey();
    bench.upstream.script(deaf.targets[0]?.model ?? "", longStream(8_000, 10_000));
    const stream = await caller.open("openai-chat", deaf.model, { key });
    await stream.until("yyyy");
    await bench.gateway.admin(`/keys/${id}`, { method: "DELETE" });
    expect(await bench.seenBy(deaf.targets[0])[0]?.closed).toBe("client");
    const written = brief(await bench.lastRecord(deaf));
    expect(written).toMatchObject({ outcome: "truncated", code: "invalid_key" });
    stream.leave();
  });
});

/** A bench that one test owns, because the gateway does not survive it. */
let own: GatewayBench | undefined;
afterEach(async () => {
  await own?.stop();
  own = undefined;
});

describe("SIGTERM", () => {
  test("lets open streams finish, refuses new calls, then ends the process", async () => {
    const bench = new GatewayBench({ server: "drain_timeout: 20s" });
    own = bench;
    const routes = DIALECTS.map((dialect) => ({ dialect, route: bench.route(dialect) }));
    await bench.start();
    const caller = new Caller(() => bench.baseUrl);
    const gate = closedGate();
    const streams = [];
    for (const { dialect, route } of routes) {
      bench.upstream.script(route.targets[0]?.model ?? "", stall(gate, 2));
      const stream = await caller.open(dialect, route.model);
      await stream.until("scripted");
      streams.push({ stream, route });
    }
    expect((await fetch(`${bench.baseUrl}/readyz`)).status).toBe(200);
    bench.gateway.kill("SIGTERM");
    await bench.gateway.printed(/draining.*"open_calls":3,"timeout_ms":20000/);
    while ((await fetch(`${bench.baseUrl}/readyz`)).status === 200);
    for (const { dialect, route } of routes) {
      const refused = await caller.call(dialect, route.model, { stream: true });
      expect(refused.status).toBe(503);
      expect(refused.errorCode).toBe("overloaded");
      expect(Number(refused.header("retry-after"))).toBeGreaterThan(0);
    }
    expect((await fetch(`${bench.baseUrl}/healthz`)).status).toBe(200);
    gate.open();
    for (const { stream } of streams) {
      const reply = await stream.rest();
      expect(reply.reading.text).toBe(TEXT);
      expect(reply.hasCleanEnd).toBe(true);
    }
    expect(await bench.gateway.exited).toEqual({ code: 0, signal: null });
    expect(bench.upstream.requests.length).toBe(3);
    await bench.gateway.start();
    for (const { route } of routes) {
      const written = brief(await bench.lastRecord(route));
      expect(written).toMatchObject({ outcome: "answered", used: DEFAULT_USED });
      await expectRow(bench, route, written);
    }
  });

  test("ends streams that outlast drain_timeout with an error event, and settles them", async () => {
    const bench = new GatewayBench({ server: "drain_timeout: 300ms" });
    own = bench;
    const route = bench.route("openai-chat");
    await bench.start();
    const caller = new Caller(() => bench.baseUrl);
    bench.upstream.script(route.targets[0]?.model ?? "", stall(closedGate(), 2));
    const stream = await caller.open("openai-chat", route.model);
    await stream.until("scripted");
    bench.gateway.kill("SIGTERM");
    const reply = await stream.rest();
    expect(reply.errorCode).toBe("overloaded");
    expect(reply.hasCleanEnd).toBe(false);
    expect((await bench.gateway.exited).code).toBe(0);
    expect(await bench.seenBy(route.targets[0])[0]?.closed).toBe("client");
    await bench.gateway.start();
    const written = brief(await bench.lastRecord(route));
    expect(written).toMatchObject({ outcome: "truncated", code: "overloaded" });
    expect(written.used.source).toBe("estimated");
    await expectRow(bench, route, written);
  });
});

describe("kill -9", () => {
  test("right after answers loses none of them and counts none twice", async () => {
    const bench = new GatewayBench({});
    own = bench;
    const routes = DIALECTS.map((dialect) => ({ dialect, route: bench.route(dialect) }));
    await bench.start();
    const caller = new Caller(() => bench.baseUrl);
    const answered = new Map(routes.map(({ route }) => [route.model, 0]));
    const decisions = new Set<string>();
    for (let round = 0; round < 3; round += 1) {
      const calls = Array.from({ length: 24 }, async (_, index) => {
        const { dialect, route } = routes[index % 3] ?? routes[0] ?? never();
        const reply = await caller.call(dialect, route.model, { stream: index % 2 === 0 });
        expect(reply.hasCleanEnd).toBe(true);
        answered.set(route.model, (answered.get(route.model) ?? 0) + 1);
        decisions.add(reply.decision);
      });
      await Promise.all(calls);
      await bench.gateway.restart("SIGKILL");
    }
    for (const { route } of routes) {
      const count = answered.get(route.model) ?? 0;
      expect(count).toBe(24);
      expect(await bench.usage(route)).toMatchObject({
        requests: count,
        errors: 0,
        input_tokens: 11 * count,
        output_tokens: 7 * count,
      });
    }
    expect(decisions.size).toBe(72);
    for (const id of decisions)
      expect((await bench.gateway.decision(id))["outcome"]).toBe("answered");
  });

  test("amid calls counts each answered one once and each other at most once", async () => {
    const bench = new GatewayBench({});
    own = bench;
    const route = bench.route("anthropic-messages");
    await bench.start();
    const caller = new Caller(() => bench.baseUrl);
    let answered = 0;
    const half = Promise.withResolvers<void>();
    const calls = Array.from({ length: 60 }, async (_, index) => {
      const wish = { stream: index % 2 === 0 };
      const reply = await caller
        .call("anthropic-messages", route.model, wish)
        .catch(() => undefined);
      if (reply?.hasCleanEnd !== true) return;
      answered += 1;
      if (answered === 20) half.resolve();
    });
    await half.promise;
    await bench.gateway.restart("SIGKILL");
    await Promise.all(calls);
    const row = await bench.usage(route);
    expect(Number(row?.["requests"])).toBeGreaterThanOrEqual(answered);
    expect(Number(row?.["requests"])).toBeLessThanOrEqual(60);
    expect(row?.["input_tokens"]).toBe(11 * Number(row?.["requests"]));
  });
});

function never(): never {
  throw new Error("There are routes.");
}
