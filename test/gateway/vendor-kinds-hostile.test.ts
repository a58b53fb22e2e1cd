// Vendors with APIs of their own that misbehave: a client never hangs, never gets an empty success, and
// loses nothing that was good.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import {
  answer,
  type Behaviour,
  cutAfter,
  failure,
  frame,
  frames,
  verbatim,
} from "#support/upstream/upstream.ts";
import { CALLER_KEY, type VendorBench } from "./vendor-bench.ts";
import { startVendorKinds } from "./vendor-kinds-bench.ts";

/** A model of each vendor, with one of OpenAI's behind it. */
const VENDORS = [
  { vendor: "cohere", model: "command-r-hostile" },
  { vendor: "ollama", model: "llama-hostile" },
  { vendor: "mistral", model: "mistral-hostile" },
] as const;
const FALLBACK = "gpt-4.1-fallback";

let bench: VendorBench;
beforeAll(async () => {
  const models = VENDORS.map(
    ({ vendor, model }) => `  ${vendor}-first: { targets: [${vendor}/${model}, oai/${FALLBACK}] }`,
  );
  bench = await startVendorKinds(`models:\n${models.join("\n")}`);
});
afterAll(() => bench?.stop());
beforeEach(() => {
  bench.upstream.clear();
  bench.upstream.always(FALLBACK, answer({ text: "From the fallback." }));
});

/** The text and the end that a client of Anthropic's sees. */
async function ask(model: string, isStream: boolean) {
  const reply = await fetch(`${bench.gateway.baseUrl}/v1/messages`, {
    method: "POST",
    headers: { "x-api-key": CALLER_KEY, "content-type": "application/json" },
    body: JSON.stringify({
      model,
      max_tokens: 100,
      stream: isStream,
      messages: [{ role: "user", content: "Hello." }],
    }),
  });
  const body = await reply.text();
  if (!isStream) return { status: reply.status, text: textOf([JSON.parse(body)]), end: "" };
  const events = body
    .split("\n")
    .filter((line) => line.startsWith("data: "))
    .map((line) => JSON.parse(line.slice("data: ".length)));
  return { status: reply.status, text: textOf(events), end: events.at(-1)?.type as string };
}

function textOf(values: readonly Record<string, unknown>[]): string {
  return values
    .map((value) => {
      const content = value["content"] as { text?: string }[] | undefined;
      const delta = value["delta"] as { text?: string } | undefined;
      return (content ?? []).map(({ text }) => text ?? "").join("") + (delta?.text ?? "");
    })
    .join("");
}

/** What ends before any content, or has none, by what the vendor sends in its own framing. */
const USELESS: readonly (readonly [what: string, behaviour: Behaviour])[] = [
  [
    "a page instead of an answer",
    verbatim({ status: 200, contentType: "text/html", body: "<html>" }),
  ],
  [
    "an error that says 200",
    verbatim({ status: 200, body: '{"error":"overloaded","message":"overloaded"}' }),
  ],
  ["nothing", verbatim({ status: 200, body: "" })],
  ["an empty answer", answer({ text: "" })],
  ["a failure", failure(503)],
  ["an end before its answer", cutAfter(0)],
];

describe.each(VENDORS)("$vendor", ({ vendor, model }) => {
  test.each(
    USELESS.flatMap(([what, behaviour]) => [
      { what, behaviour, isStream: false },
      { what, behaviour, isStream: true },
    ]),
  )("that gives $what is passed on (stream: $isStream)", async ({ behaviour, isStream }) => {
    bench.upstream.always(model, behaviour);
    const { status, text } = await ask(`${vendor}-first`, isStream);
    expect(status).toBe(200);
    expect(text).toBe("From the fallback.");
  });

  test("that breaks off amid its answer ends the stream with an error", async () => {
    bench.upstream.always(model, cutAfter(2, { text: "One two three four." }));
    const { text, end } = await ask(`${vendor}/${model}`, true);
    expect(text).toBe("One two");
    expect(end).toBe("error");
  });

  test("whose stream holds what nobody can read loses nothing else", async () => {
    const junk = { cohere: 'data: {"oops\n\n', ollama: '{"oops\n', mistral: 'data: {"oops\n\n' };
    const insert = { afterTokens: 2, text: junk[vendor] };
    bench.upstream.always(model, answer({ text: "One two three." }, { insert }));
    const { text, end } = await ask(`${vendor}/${model}`, true);
    expect(text).toBe("One two three.");
    expect(end).toBe("message_stop");
  });

  test("whose stream is cut at every byte says the same", async () => {
    bench.upstream.always(model, answer({ text: "Ünï 🐈 cödé." }, { pieceBytes: 1 }));
    expect((await ask(`${vendor}/${model}`, true)).text).toBe("Ünï 🐈 cödé.");
  });
});

test("an error line of Ollama's amid its answer ends the stream with that error", async () => {
  bench.upstream.always(
    "llama-hostile",
    frames(() => [
      frame({ message: { role: "assistant", content: "One" }, done: false }),
      frame({ error: "llama runner process has terminated" }),
    ]),
  );
  const { text, end } = await ask("ollama/llama-hostile", true);
  expect(text).toBe("One");
  expect(end).toBe("error");
});

test("events of Cohere's that nobody knows yet are let be", async () => {
  bench.upstream.always(
    "command-r-hostile",
    frames(() => [
      frame({ type: "message-start", id: "x", delta: {} }),
      frame({ type: "debug", prompt: "…" }),
      frame({ type: "content-start", index: 0 }),
      frame({ type: "content-delta", index: 0, delta: { message: { content: { text: "Hi." } } } }),
      frame({ type: "brand-new", delta: { message: { content: { text: "Never." } } } }),
      frame({ type: "message-end", delta: { finish_reason: "BRAND_NEW" } }),
    ]),
  );
  const { text, end } = await ask("cohere/command-r-hostile", true);
  expect(text).toBe("Hi.");
  expect(end).toBe("message_stop");
});
