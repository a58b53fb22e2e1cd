// Streams as the wire may bring them: cut at any byte, in any framing, with an event that nobody can
// read, with one of five megabytes.

import { describe, expect, test } from "bun:test";
import {
  answer,
  duplicateUsage,
  hugeEvent,
  malformedEvent,
  pingsThenAnswer,
} from "#support/upstream/upstream.ts";
import { DIALECTS, type DialectName, gatewayBench, PAIRS } from "./bench.ts";
import { Caller } from "./client.ts";
import { brief, DEFAULT_COST, DEFAULT_USED, expectRow } from "./ledger.ts";

const bench = gatewayBench();
const caller = new Caller(() => bench.baseUrl);
const TEXT = "The scripted upstream says hello.";

const twice = () => duplicateUsage();
const SHAPES = [
  ["byte by byte", () => answer({}, { pieceBytes: 1 })],
  ["in pieces of seven bytes", () => answer({}, { pieceBytes: 7 })],
  ["with CRLF", () => answer({}, { newline: "\r\n" })],
  ["with CRLF byte by byte", () => answer({}, { newline: "\r\n", pieceBytes: 1 })],
  ["with CR", () => answer({}, { newline: "\r" })],
  ["with CR byte by byte", () => answer({}, { newline: "\r", pieceBytes: 1 })],
  ["after pings", () => pingsThenAnswer(3)],
  ["with its usage told twice", twice],
] as const;

describe.each(PAIRS)("a stream for a %s client from a %s upstream", (client, upstream) => {
  for (const [name, behaviour] of SHAPES) {
    // In Gemini's streams usage and content share their events: these cannot come twice.
    if (behaviour === twice && upstream === "gemini-generate") continue;
    const route = bench.route(upstream);
    test.concurrent(`is read the same ${name}`, async () => {
      bench.upstream.script(route.targets[0]?.model ?? "", behaviour());
      const reply = await caller.call(client, route.model, { stream: true });
      expect(reply.reading.text).toBe(TEXT);
      expect(reply.hasCleanEnd).toBe(true);
      const written = brief(await bench.record(reply.decision));
      expect(written).toMatchObject({
        outcome: "answered",
        attempts: ["succeeded 200"],
        used: DEFAULT_USED,
        cost: DEFAULT_COST,
      });
      await expectRow(bench, route, written);
    });
  }

  const broken = bench.route(upstream);
  test.concurrent("goes on past an event that is not JSON, with a notice", async () => {
    bench.upstream.script(broken.targets[0]?.model ?? "", malformedEvent(1));
    const reply = await caller.call(client, broken.model, { stream: true });
    expect(reply.reading.text).toBe(TEXT);
    expect(reply.hasCleanEnd).toBe(true);
    expect(reply.text).not.toContain('"broken"');
    const written = brief(await bench.record(reply.decision));
    expect(written).toMatchObject({ outcome: "answered", used: DEFAULT_USED, cost: DEFAULT_COST });
    expect(written.notices).toContain("dropped:malformed_event");
    await expectRow(bench, broken, written);
  });

  const early = bench.route(upstream);
  test.concurrent("tells in its head of a broken event before content", async () => {
    bench.upstream.script(early.targets[0]?.model ?? "", malformedEvent(0));
    const reply = await caller.call(client, early.model, { stream: true });
    expect(reply.reading.text).toBe(TEXT);
    expect(reply.header("x-sluice-notices")).toContain("dropped:malformed_event");
    expect(brief(await bench.record(reply.decision)).notices).toContain("dropped:malformed_event");
  });

  const huge = bench.route(upstream);
  test.concurrent("brings an event of 5 MB whole", async () => {
    bench.upstream.script(huge.targets[0]?.model ?? "", hugeEvent(5_000_000));
    const reply = await caller.call(client, huge.model, { stream: true });
    expect(reply.reading.text.length).toBe(5_000_000);
    expect(reply.hasCleanEnd).toBe(true);
    expect(brief(await bench.record(reply.decision))).toMatchObject({
      outcome: "answered",
      used: DEFAULT_USED,
    });
  });
});

/** The frames that end an answer of each dialect, after which nothing may follow. */
const ENDS: Readonly<Record<DialectName, readonly [name: string, data: string][]>> = {
  "openai-chat": [
    ["", '{"id":"c","choices":[{"index":0,"delta":{"content":"done"}}]}'],
    ["", '{"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}'],
    ["", '{"id":"c","choices":[],"usage":{"prompt_tokens":11,"completion_tokens":7}}'],
    ["", "[DONE]"],
  ],
  "anthropic-messages": [
    [
      "message_start",
      '{"type":"message_start","message":{"usage":{"input_tokens":11,"output_tokens":1}}}',
    ],
    [
      "content_block_start",
      '{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}',
    ],
    [
      "content_block_delta",
      '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"done"}}',
    ],
    ["content_block_stop", '{"type":"content_block_stop","index":0}'],
    [
      "message_delta",
      '{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":7}}',
    ],
    ["message_stop", '{"type":"message_stop"}'],
  ],
  "gemini-generate": [
    [
      "",
      '{"candidates":[{"content":{"parts":[{"text":"done"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":11,"candidatesTokenCount":7}}',
    ],
  ],
};

describe.each(PAIRS)("a %s upstream's connection, before a %s client", (upstream, client) => {
  const route = bench.route(upstream);
  test.concurrent("that stays open after the end of the answer is not waited for", async () => {
    const events = ENDS[upstream].map(
      ([name, data]) => `${name === "" ? "" : `event: ${name}\n`}data: ${data}\n\n`,
    );
    bench.upstream.script(route.targets[0]?.model ?? "", async (_request, reply) => {
      await reply.head(200, [["content-type", "text/event-stream"]], { by: "chunks" });
      await reply.write(events.join(""));
    });
    const reply = await caller.call(client, route.model, { stream: true });
    expect(reply.reading.text).toBe("done");
    expect(reply.hasCleanEnd).toBe(true);
    expect(await bench.seenBy(route.targets[0])[0]?.closed).toBe("client");
    const written = brief(await bench.record(reply.decision));
    expect(written).toMatchObject({ outcome: "answered", used: DEFAULT_USED, cost: DEFAULT_COST });
    await expectRow(bench, route, written);
  });
});

describe.each(DIALECTS)("the bytes of a %s stream in its own dialect", (dialect) => {
  const route = bench.route(dialect);
  test.concurrent("are the vendor's, but for usage that was not asked for", async () => {
    const direct = { stream: true, body: dialect === "openai-chat" ? USAGE_WISH : {} };
    const reply = await caller.call(dialect, route.model, direct);
    const [seen] = bench.seenBy(route.targets[0]);
    const own = await fetch(bench.upstream.origin + (seen?.target ?? ""), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: seen?.body as Uint8Array<ArrayBuffer>,
    });
    expect(reply.text).toBe(await own.text());
  });
});

const USAGE_WISH = { stream_options: { include_usage: true } };
