// Replies that say 200 and are none, and upstreams that answer nothing: the next target answers alone,
// for streams and whole answers alike.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  type Behaviour,
  emptyReply,
  errorInside200,
  failure,
  frame,
  frames,
  gzipped,
  htmlPage,
  noBody,
  overloaded,
  rateLimited,
  redirect,
  resetBeforeReply,
  serverError,
  startUpstream,
  type Upstream,
  verbatim,
  wrongContentLength,
} from "#support/upstream/upstream.ts";
import { gatewayBench, PAIRS, PROVIDER_KEY } from "./bench.ts";
import { Caller } from "./client.ts";
import { brief, DEFAULT_COST, DEFAULT_USED, expectRow } from "./ledger.ts";

const bench = gatewayBench({
  // Nothing listens on port 1.
  providers: [
    `closed: { kind: openai, base_url: http://127.0.0.1:1/v1, api_key: ${PROVIDER_KEY} }`,
  ],
});
const caller = new Caller(() => bench.baseUrl);
const TWICE_USED = { input: 22, output: 14, source: "provider" };
const TWICE_COST = "0.00005";
const TEXT = "The scripted upstream says hello.";

let elsewhere: Upstream;
beforeAll(async () => {
  elsewhere = await startUpstream();
});
afterAll(() => elsewhere.stop());

interface Failure {
  readonly name: string;
  readonly behaviour: () => Behaviour;
  /** Outcome and upstream status of the attempt. */
  readonly attempt: string | RegExp;
  /** What the upstream bills all the same. */
  readonly billed?: boolean;
  readonly modes?: readonly ("whole" | "stream")[];
}

const FAILURES: readonly Failure[] = [
  { name: "a page", behaviour: () => htmlPage(), attempt: "malformed 200" },
  { name: "no body", behaviour: () => noBody(), attempt: "malformed 200" },
  { name: "an empty answer", behaviour: () => emptyReply(), attempt: "empty 200", billed: true },
  {
    name: "an error in a 200",
    behaviour: () => errorInside200(0, 500),
    attempt: "server_error 200",
  },
  {
    name: "a JSON list",
    behaviour: () => verbatim({ status: 200, body: "[]" }),
    attempt: "malformed 200",
  },
  {
    name: "events without content",
    behaviour: () => frames(() => [frame({}), frame("{}")]),
    attempt: "malformed 200",
  },
  {
    name: "a body shorter than declared",
    behaviour: () => wrongContentLength(40),
    attempt: /^(?:malformed 200|connect_failed 0)$/,
    modes: ["whole"],
  },
  {
    name: "a body longer than declared",
    behaviour: () => wrongContentLength(-40),
    attempt: "malformed 200",
    modes: ["whole"],
  },
  { name: "a reset", behaviour: () => resetBeforeReply(), attempt: "connect_failed 0" },
  { name: "a compressed body", behaviour: () => gzipped(), attempt: "malformed 200" },
  {
    name: "a redirect",
    behaviour: () => redirect(`${elsewhere.origin}/v1/chat/completions`),
    attempt: "redirected 307",
  },
  { name: "500", behaviour: () => serverError(), attempt: "server_error 500" },
  { name: "503", behaviour: () => failure(503), attempt: "overloaded 503" },
  { name: "529", behaviour: () => overloaded(), attempt: "overloaded 529" },
  { name: "429", behaviour: () => rateLimited(), attempt: "rate_limited 429" },
  { name: "401", behaviour: () => failure(401), attempt: "misconfigured 401" },
  { name: "404", behaviour: () => failure(404), attempt: "misconfigured 404" },
];

describe.each(PAIRS)("a %s client before %s upstreams", (client, upstream) => {
  for (const { name, behaviour, attempt, billed, modes } of FAILURES) {
    for (const mode of modes ?? (["whole", "stream"] as const)) {
      const route = bench.route(upstream, upstream);
      test.concurrent(`gets the next target's ${mode} answer after ${name}`, async () => {
        bench.upstream.script(route.targets[0]?.model ?? "", behaviour());
        const reply = await caller.call(client, route.model, { stream: mode === "stream" });
        expect(reply.status).toBe(200);
        expect(reply.reading.text).toBe(TEXT);
        expect(reply.header("x-sluice-target")).toBe(route.targets[1]?.name ?? "");
        expect(reply.header("x-sluice-attempts")).toBe("2");
        expect(bench.calls(route)).toEqual([1, 1]);
        for (const request of route.targets.flatMap((target) => bench.seenBy(target)))
          expect(request.header("accept-encoding")).toBe("identity");
        const written = brief(await bench.record(reply.decision));
        expect(written).toMatchObject({
          outcome: "answered",
          target: route.targets[1]?.name ?? "",
          attempts: [expect.stringMatching(attempt), "succeeded 200"],
          used: billed === true ? TWICE_USED : DEFAULT_USED,
          cost: billed === true ? TWICE_COST : DEFAULT_COST,
        });
        await expectRow(bench, route, written);
      });
    }
  }

  const short = bench.route(upstream, upstream);
  test.concurrent("is told that a stream ended before its declared end", async () => {
    bench.upstream.script(short.targets[0]?.model ?? "", wrongContentLength(-40));
    const reply = await caller.call(client, short.model, { stream: true });
    expect(reply.text).toContain("scripted");
    expect(reply.text).not.toMatch(/\[DONE\]|message_stop/);
    expect(reply.errorCode).toBe("upstream_failed");
    expect(bench.calls(short)).toEqual([1, 0]);
    const written = brief(await bench.record(reply.decision));
    expect(written).toMatchObject({ outcome: "truncated", attempts: ["truncated 200"] });
    await expectRow(bench, short, written);
  });

  for (const stream of [false, true]) {
    const closed = bench.route("closed", upstream);
    test.concurrent(`is served past an upstream that is not there, stream ${stream}`, async () => {
      const reply = await caller.call(client, closed.model, { stream });
      expect(reply.reading.text).toBe(TEXT);
      const written = brief(await bench.record(reply.decision));
      expect(written).toMatchObject({
        attempts: ["connect_failed 0", "succeeded 200"],
        used: DEFAULT_USED,
        cost: DEFAULT_COST,
      });
      await expectRow(bench, closed, written);
    });
  }

  const alone = bench.route(upstream);
  test.concurrent("is told of a redirect, and the other host sees neither call nor key", async () => {
    bench.upstream.script(
      alone.targets[0]?.model ?? "",
      redirect(`${elsewhere.origin}/stolen`, 308),
    );
    const reply = await caller.call(client, alone.model);
    expect(reply.status).toBe(502);
    expect(reply.errorCode).toBe("upstream_failed");
    expect(reply.details).toMatchObject([
      { target: alone.targets[0]?.name ?? "", status: 308, outcome: "redirected" },
    ]);
    expect(reply.text).not.toContain(elsewhere.origin);
    expect(reply.text).not.toContain(PROVIDER_KEY);
    expect(elsewhere.connections).toBe(0);
    const written = brief(await bench.record(reply.decision));
    expect(written).toMatchObject({ outcome: "failed", status: 502, cost: "0" });
    await expectRow(bench, alone, written);
  });
});
