// Streams of Bedrock that go wrong: damaged frames, exceptions, ends amid everything. Before the first
// content the next target answers; after it the stream ends as broken, never as whole.

import { describe, expect, test } from "bun:test";
import { asObject } from "#core/json.ts";
import { awsFrame } from "#support/upstream/answers/aws-frame.ts";
import {
  answer,
  type Behaviour,
  closedGate,
  cutAfter,
  errorInside200,
  frame,
  frames,
  verbatim,
} from "#support/upstream/upstream.ts";
import { CALLER_KEY, gatewayBench, type TestRoute } from "./bench.ts";

const KIND = "kind: bedrock, region: eu-central-1, base_url: ORIGIN, api_key: bedrock-key-1";
const bench = gatewayBench({ providers: [`bed: { ${KIND} }`] });

/** A frame whose payload was changed on its way. */
function damaged(): Uint8Array {
  const value = { contentBlockIndex: 0, delta: { text: "damaged" } };
  const bytes = awsFrame({ name: "contentBlockDelta", data: JSON.stringify(value) });
  const at = bytes.length - 8;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes;
}

function halfFrame(): Uint8Array {
  const value = { contentBlockIndex: 0, delta: { text: "half" } };
  return awsFrame({ name: "contentBlockDelta", data: JSON.stringify(value) }).subarray(0, 30);
}

/** The stream as an OpenAI client gets it. @param onContent called once something has come */
async function streamed(route: TestRoute, onContent: () => void = () => undefined) {
  const reply = await fetch(`${bench.baseUrl}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${CALLER_KEY}`, "content-type": "application/json" },
    body: JSON.stringify({
      model: route.model,
      stream: true,
      messages: [{ role: "user", content: "Hello." }],
    }),
  });
  let text = "";
  for await (const piece of reply.body ?? []) {
    text += new TextDecoder().decode(piece);
    if (text.includes("One")) onContent();
  }
  return { status: reply.status, text };
}

const BEFORE: readonly (readonly [string, Behaviour])[] = [
  ["a damaged frame", answer({}, { insert: { afterTokens: 0, text: damaged(), isLast: true } })],
  ["half a frame", answer({}, { insert: { afterTokens: 0, text: halfFrame(), isLast: true } })],
  ["an exception", errorInside200(0, 503)],
  ["an end without content", cutAfter(0)],
  [
    "frames without content",
    frames(() => [frame({ role: "assistant" }, { name: "messageStart" })]),
  ],
  [
    "events instead of frames",
    verbatim({
      status: 200,
      contentType: "application/vnd.amazon.eventstream",
      body: 'data: {"role":"assistant"}\n\n',
    }),
  ],
  ["an error as JSON", verbatim({ status: 200, body: '{"message":"Busy."}' })],
  ["a page", verbatim({ status: 200, contentType: "text/html", body: "<html></html>" })],
];

describe("before the first content", () => {
  test.each(
    BEFORE.map(([what, behaviour]) => ({ what, behaviour, route: bench.route("bed", "bed") })),
  )("$what moves the call to the next target", async ({ behaviour, route }) => {
    const [first, second] = route.targets;
    bench.upstream.always(first?.model ?? "", behaviour);
    bench.upstream.always(second?.model ?? "", answer({ text: "All well." }));
    const { status, text } = await streamed(route);
    expect(status).toBe(200);
    expect(text).toContain(" well.");
    expect(text).toEndWith("data: [DONE]\n\n");
    expect(bench.calls(route)).toEqual([1, 1]);
    expect(await bench.lastRecord(route)).toMatchObject({ outcome: "answered" });
  });
});

const AFTER = [
  ["a damaged frame", { text: damaged(), isLast: true }],
  ["half a frame", { text: halfFrame(), isLast: true }],
  [
    "an exception",
    {
      text: awsFrame({
        name: "exception:modelStreamErrorException",
        data: '{"message":"The model broke."}',
      }),
      isLast: true,
    },
  ],
] as const;

describe("after the first content", () => {
  test.each(AFTER.map(([what, end]) => ({ what, end, route: bench.route("bed") })))(
    "$what ends the stream as broken, metered by what was told",
    async ({ end, route }) => {
      // What comes in one piece with the content would be read before anything is given out.
      const gate = closedGate();
      const delivery = { hold: { afterTokens: 1, gate }, insert: { afterTokens: 2, ...end } };
      bench.upstream.always(
        route.targets[0]?.model ?? "",
        answer({ text: "One two three." }, delivery),
      );
      const { status, text } = await streamed(route, () => gate.open());
      expect(status).toBe(200);
      expect(text).not.toContain("[DONE]");
      expect(text).toContain('"error"');
      const record = await bench.lastRecord(route);
      expect(record).toMatchObject({ outcome: "truncated" });
      expect(asObject(record["usage"])).toMatchObject({ source: "estimated" });
    },
  );

  const quiet = bench.route("bed");
  test("a stop without usage is an answer, estimated", async () => {
    const delta = { contentBlockIndex: 0, delta: { text: "Hello." } };
    bench.upstream.always(
      quiet.targets[0]?.model ?? "",
      frames(() => [
        frame(delta, { name: "contentBlockDelta" }),
        frame({ stopReason: "end_turn" }, { name: "messageStop" }),
      ]),
    );
    const { text } = await streamed(quiet);
    expect(text).toContain('"finish_reason":"stop"');
    expect(text).toEndWith("data: [DONE]\n\n");
    const record = await bench.lastRecord(quiet);
    expect(record).toMatchObject({ outcome: "answered", notices: ["estimated:usage"] });
  });
});
