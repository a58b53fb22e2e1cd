// Bodies of upstreams that nobody may hold, and clients that stop reading: memory stays bounded and the
// other side is slowed down or let go.

import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import {
  answer,
  type Behaviour,
  hugeErrorBody,
  longStream,
  type RecordedRequest,
} from "#support/upstream/upstream.ts";
import { DIALECTS, gatewayBench, PAIRS, type TestRoute } from "./bench.ts";
import { Caller, prepare } from "./client.ts";
import { brief, DEFAULT_USED, expectRow } from "./ledger.ts";

const bench = gatewayBench({ server: "max_reply_mb: 2" });
const caller = new Caller(() => bench.baseUrl);
const MB = 1024 * 1024;

/** Resident memory of the gateway in bytes. */
function residentBytes(): number {
  const status = readFileSync(`/proc/${bench.gateway.pid}/status`, "utf8");
  return Number(/VmRSS:\s+(?<kb>\d+)/.exec(status)?.groups?.["kb"]) * 1024;
}

/** What was taken of a body: the 64 kB that are read, and what the kernel's buffers hold. */
const MOST_TAKEN_BYTES = 24 * MB;
/** The runtime's own ups and downs included; far from what was offered. */
const MOST_GROWTH_BYTES = 64 * MB;

describe.each(PAIRS)("a body of 200 MB for a %s client from %s upstreams", (client, upstream) => {
  for (const status of [500, 400, 200]) {
    for (const stream of [false, true]) {
      if (status === 200 && !stream) continue;
      const route = bench.route(upstream, upstream);
      test(`with status ${status} is given up after its beginning, stream ${stream}`, async () => {
        const before = residentBytes();
        bench.upstream.script(route.targets[0]?.model ?? "", hugeErrorBody(200_000_000, status));
        const reply = await caller.call(client, route.model, { stream });
        const [seen] = bench.seenBy(route.targets[0]);
        expect(await seen?.closed).toBe("client");
        expect(seen?.bytesSent).toBeLessThan(MOST_TAKEN_BYTES);
        expect(residentBytes() - before).toBeLessThan(MOST_GROWTH_BYTES);
        expect(reply.text.length).toBeLessThan(10_000);
        const written = brief(await bench.record(reply.decision));
        if (status === 400) {
          expect(reply.status).toBe(400);
          expect(reply.errorCode).toBe("upstream_rejected");
          expect(bench.calls(route)).toEqual([1, 0]);
        } else {
          expect(reply.status).toBe(200);
          expect(bench.calls(route)).toEqual([1, 1]);
          expect(written.used).toEqual(DEFAULT_USED);
        }
        await expectRow(bench, route, written);
      });
    }
  }
});

describe.each(PAIRS)("a whole reply beyond max_reply_mb for %s from %s", (client, upstream) => {
  for (const isDeclared of [true, false]) {
    const route = bench.routeWith({ targets: [upstream, upstream], settings: { attempts: 3 } });
    test(`ends the call at once, its length declared: ${isDeclared}`, async () => {
      const body = JSON.stringify({ padding: "x".repeat(3 * MB) });
      bench.upstream.script(route.targets[0]?.model ?? "", async (_request, reply) => {
        const framing = isDeclared ? ({ by: "length", length: body.length } as const) : undefined;
        await reply.head(200, [["content-type", "application/json"]], framing ?? { by: "chunks" });
        await reply.write(body);
        if (!reply.isOver) await reply.finish();
      });
      const reply = await caller.call(client, route.model);
      expect(reply.status).toBe(502);
      expect(reply.errorCode).toBe("upstream_failed");
      expect(reply.text).toContain("larger than 2 MB (server.max_reply_mb)");
      expect(bench.calls(route)).toEqual([1, 0]);
      const written = brief(await bench.record(reply.decision));
      expect(written.attempts).toEqual(["reply_too_large 200"]);
      // It was answered all the same, and is paid for.
      expect(written.used.source).toBe("estimated");
      expect(written.used.input).toBeGreaterThan(0);
      await expectRow(bench, route, written);
    });
  }
});

const COMMENTS = ": nothing to say\n".repeat(4_000).replaceAll("\n", "\n\n");

/** Writes comments until the other side leaves. */
async function commentsWithoutEnd(reply: Parameters<Behaviour>[1]): Promise<void> {
  while (!reply.isOver) await reply.write(COMMENTS);
}

describe.each(PAIRS)(
  "comments without end for a %s client from a %s upstream",
  (client, upstream) => {
    const before = bench.route(upstream, upstream);
    test("before content are given up, and the next target answers", async () => {
      bench.upstream.script(before.targets[0]?.model ?? "", async (_request, reply) => {
        await reply.head(200, [["content-type", "text/event-stream"]], { by: "chunks" });
        await commentsWithoutEnd(reply);
      });
      const reply = await caller.call(client, before.model, { stream: true });
      expect(reply.text.length).toBeLessThan(10_000);
      const [seen] = bench.seenBy(before.targets[0]);
      expect(await seen?.closed).toBe("client");
      expect(seen?.bytesSent).toBeLessThan(MOST_TAKEN_BYTES);
      const written = brief(await bench.record(reply.decision));
      expect(written).toMatchObject({
        outcome: "answered",
        attempts: ["malformed 200", "succeeded 200"],
        used: DEFAULT_USED,
      });
      await expectRow(bench, before, written);
    });

    const after = bench.route(upstream);
    test("after the answer's end keep nobody waiting", async () => {
      bench.upstream.script(after.targets[0]?.model ?? "", async (request, reply) => {
        const finish = reply.finish.bind(reply);
        reply.finish = () => commentsWithoutEnd(reply);
        await answer()(request, reply);
        reply.finish = finish;
      });
      const reply = await caller.call(client, after.model, { stream: true });
      expect(reply.hasCleanEnd).toBe(true);
      const [seen] = bench.seenBy(after.targets[0]);
      expect(await seen?.closed).toBe("client");
      expect(seen?.bytesSent).toBeLessThan(MOST_TAKEN_BYTES);
      const written = brief(await bench.record(reply.decision));
      expect(written).toMatchObject({ outcome: "answered", used: DEFAULT_USED });
      await expectRow(bench, after, written);
    });
  },
);

/** A client on a bare socket that sends a call, reads until the text has come, then stops reading. */
function stopReadingAfter(call: ReturnType<typeof prepare>, text: string): Promise<Socket> {
  const { hostname, port } = new URL(bench.baseUrl);
  const headers = Object.entries(call.headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `POST ${call.path} HTTP/1.1\r\nhost: ${hostname}:${port}\r\n${headers.join("")}`;
  return new Promise((resolve, reject) => {
    let received = "";
    const socket = connect(Number(port), hostname, () => {
      socket.write(`${head}content-length: ${Buffer.byteLength(call.body)}\r\n\r\n${call.body}`);
    });
    socket.on("error", reject);
    socket.on("data", function read(bytes: Buffer) {
      received += bytes.toString();
      if (!received.includes(text)) return;
      socket.off("data", read);
      socket.pause();
      resolve(socket);
    });
  });
}

/** Sends 80 MB of tokens and tells when the other side takes no more. */
function flood(): { readonly behaviour: Behaviour; readonly isBlocked: Promise<void> } {
  const blocked = Promise.withResolvers<void>();
  const behaviour: Behaviour = (request, reply) => {
    const watched = async () => {
      // Two looks at a count that does not move, with a round trip to the gateway between them.
      for (let before = -1; before !== reply.bytesSent || before < MB; ) {
        before = reply.bytesSent;
        await bench.gateway.admin("/targets");
        await bench.gateway.admin("/targets");
        if (reply.isOver) break;
      }
      blocked.resolve();
    };
    void watched();
    return longStream(8_000, 10_000)(request, reply);
  };
  return { behaviour, isBlocked: blocked.promise };
}

async function settled(request: RecordedRequest | undefined): Promise<string> {
  return (await request?.closed) ?? "never asked";
}

describe.each(DIALECTS)("a %s client that stops reading", (dialect) => {
  async function stopped(route: TestRoute): Promise<Socket> {
    const { behaviour, isBlocked } = flood();
    bench.upstream.script(route.targets[0]?.model ?? "", behaviour);
    const call = prepare(dialect, route.model, { stream: true });
    const socket = await stopReadingAfter(call, "yyyy");
    await isBlocked;
    return socket;
  }

  const slow = bench.route(dialect);
  test("stops the upstream, and its leaving ends both", async () => {
    const before = residentBytes();
    const socket = await stopped(slow);
    const [seen] = bench.seenBy(slow.targets[0]);
    expect(seen?.closedBy).toBeUndefined();
    expect(seen?.bytesSent).toBeLessThan(40 * MB);
    expect(residentBytes() - before).toBeLessThan(MOST_GROWTH_BYTES);
    socket.destroy();
    expect(await settled(seen)).toBe("client");
    const written = brief(await bench.lastRecord(slow));
    expect(written).toMatchObject({ outcome: "client_cancelled" });
    expect(written.used.source).toBe("estimated");
    await expectRow(bench, slow, written);
  });

  const resumed = bench.route(dialect);
  test("and reads on later gets the whole answer", async () => {
    const socket = await stopped(resumed);
    let bytes = 0;
    let last = "";
    socket.on("data", (piece: Buffer) => {
      bytes += piece.length;
      last = (last + piece.toString("latin1")).slice(-2_000);
      if (last.includes("0\r\n\r\n")) socket.end();
    });
    socket.resume();
    await new Promise((resolve) => socket.once("close", resolve));
    expect(bytes).toBeGreaterThan(80_000_000);
    expect(last).toMatch(/\[DONE\]|message_stop|"finishReason":"STOP"/);
    expect(brief(await bench.lastRecord(resumed))).toMatchObject({
      outcome: "answered",
      used: DEFAULT_USED,
    });
  });

  const bounded = bench.routeWith({ targets: [dialect], settings: { total_timeout: "900ms" } });
  test("does not hold its exchange beyond total_timeout", async () => {
    const socket = await stopped(bounded);
    const [seen] = bench.seenBy(bounded.targets[0]);
    expect(await settled(seen)).toBe("client");
    expect(brief(await bench.lastRecord(bounded))).toMatchObject({ outcome: "truncated" });
    socket.destroy();
  });
});
