// Recorded requests of every way in, written for vendors that imitate OpenAI: each is taken by what is
// known of the vendor's own checks, or refused before anything is sent.

import { describe, expect, test } from "bun:test";
import { GatewayError } from "#core/errors.ts";
import { asArray, asObject, type JsonObject } from "#core/json.ts";
import { providerKindOf } from "#providers/list.ts";
import { CORNERS, type Corner, neutralOf, writtenFor } from "./corners.ts";
import { hasCorpus, NO_CORPUS } from "./recordings.ts";
import { mistralChatOrder, mistralChatRequest } from "./rules/mistral-chat.ts";
import { loadSamples, type SampledRequest } from "./samples.ts";

if (!hasCorpus) console.warn(NO_CORPUS);
/** Calls in the chat dialect itself pass through unwritten. */
const requests = loadSamples().requests.filter(
  ({ status, dialect }) => status === 200 && dialect !== "openai-chat",
);
const chat = CORNERS.find(({ id }) => id === "openai-chat");

/** Kinds with a model each, and what is known of their checks. */
const VENDORS: readonly (readonly [
  kind: string,
  model: string,
  faultsOf: (body: JsonObject) => readonly string[],
])[] = [
  ["mistral", "mistral-large-latest", mistralFaults],
  ["mistral", "mistral-medium-latest", mistralFaults],
  ["groq", "llama-3.3-70b-versatile", groqFaults],
  ["groq", "openai/gpt-oss-120b", groqFaults],
  ["deepseek", "deepseek-chat", deepseekFaults],
  ["xai", "grok-4", (body) => given(body, ["stop", "presence_penalty", "reasoning_effort"])],
  ["openrouter", "any/model", (body) => given(body, ["reasoning_effort"])],
  ["moonshot", "kimi-k2.6", (body) => given(body, ["reasoning_effort", "seed"])],
  ["openai-compatible", "any", (body) => given(body, ["max_completion_tokens", "top_k"])],
];

function mistralFaults(body: JsonObject): string[] {
  const parsed = mistralChatRequest.safeParse(body);
  const issues = parsed.success ? [] : parsed.error.issues;
  return [
    ...issues.map(({ path, message }) => `${path.join(".")}: ${message}`),
    ...mistralChatOrder(body),
  ];
}

/** Each of these is a 400 (console.groq.com/docs/openai, November 2026). */
function groqFaults(body: JsonObject): string[] {
  const named = messagesOf(body).some((message) => message["name"] !== undefined);
  const isPlural = body["n"] !== undefined && body["n"] !== 1;
  const members = given(body, ["logprobs", "logit_bias", "top_logprobs", "metadata"]);
  return [...members, ...(named ? ["messages.name"] : []), ...(isPlural ? ["n"] : [])];
}

/** Turns with calls must have thoughts; no pictures are read. */
function deepseekFaults(body: JsonObject): string[] {
  const unthought = messagesOf(body).some(
    (message) => message["tool_calls"] !== undefined && !message["reasoning_content"],
  );
  const pictured = JSON.stringify(body["messages"]).includes('"image_url"');
  return [
    ...given(body, ["reasoning", "n", "seed"]),
    ...(unthought ? ["reasoning_content"] : []),
    ...(pictured ? ["image_url"] : []),
  ];
}

function given(body: JsonObject, members: readonly string[]): string[] {
  return members.filter((member) => body[member] !== undefined);
}

function messagesOf(body: JsonObject): JsonObject[] {
  return asArray(body["messages"]).map((message) => asObject(message) ?? {});
}

describe.skipIf(!hasCorpus)("recorded requests for vendors that imitate OpenAI", () => {
  test.each(VENDORS)("%s takes them for %s", (kind, model, faultsOf) => {
    const counts = { taken: 0, refused: 0 };
    const faults: string[] = [];
    for (const request of requests) {
      const body = bodyFor(request, { kind, model });
      if (body === undefined) {
        counts.refused += 1;
        continue;
      }
      counts.taken += 1;
      for (const fault of faultsOf(body)) faults.push(`${request.name}: ${fault}`);
    }
    console.log(`${kind} ${model}: ${counts.taken} taken, ${counts.refused} refused`);
    expect(faults).toEqual([]);
    expect(counts.taken).toBeGreaterThan(300);
  });
});

/** The body for a vendor; undefined when the request is refused. */
function bodyFor(
  request: SampledRequest,
  target: { readonly kind: string; readonly model: string },
): JsonObject | undefined {
  const from = CORNERS.find(({ id }) => id === request.dialect);
  if (from === undefined || chat === undefined) return undefined;
  expect(providerKindOf(target.kind).speaks[chat.id]).toBeDefined();
  return written(from, chat, request, target);
}

function written(
  from: Corner,
  to: Corner,
  request: SampledRequest,
  target: { readonly kind: string; readonly model: string },
): JsonObject | undefined {
  try {
    return writtenFor(to, neutralOf(from, request), target).body;
  } catch (error) {
    if (error instanceof GatewayError) return undefined;
    throw error;
  }
}
