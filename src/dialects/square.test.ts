// The square: the same conversation in each dialect, written by hand, through the neutral form into each
// other dialect and back. What is compared is what the vendors' words mean, spelled out below.

import { describe, expect, test } from "bun:test";
import type { JsonObject } from "#core/json.ts";
import type { Usage } from "#core/usage.ts";
import { totalInputTokens } from "#core/usage.ts";
import { CORNERS, type Corner, type ReplyName } from "#support/square-corners.ts";
import type { CallHints } from "./dialect.ts";
import type { NeutralChoice, NeutralRequest, Part } from "./neutral.ts";
import { sampleClient, sampleUpstream } from "./sample-contexts.ts";
import { collectStream, decodeStream, encodeStream, grammarFaults } from "./sample-streams.ts";

const EDGES = [...CORNERS].flatMap(([from, one]) =>
  [...CORNERS].filter(([to]) => to !== from).map(([to, other]) => ({ from, to, one, other })),
);
const REPLY_EDGES = EDGES.flatMap((edge) =>
  (["text", "reasoning", "calls", "limit", "filtered"] as const).map((name) => ({ ...edge, name })),
).filter(({ name, one, other }) => name !== "filtered" || !(one.lacksFilter ?? other.lacksFilter));

/** Bodies of Gemini do not name the model; its path does. */
function hintsFor(body: JsonObject): CallHints {
  const model = body["model"] === undefined ? "sample-model" : "";
  return { operation: "generate", model, stream: undefined };
}

function readRequest(corner: Corner, body: JsonObject): NeutralRequest {
  return corner.translation.requestToNeutral(body, corner.dialect.read(body, hintsFor(body)));
}

function writeRequest(corner: Corner, request: NeutralRequest) {
  const upstream = sampleUpstream({ traits: corner.traits, stateOrigins: [corner.dialect.id] });
  return { body: corner.translation.requestFromNeutral(request, upstream), upstream };
}

// What a request means.

function turnView(parts: readonly Part[], callNames: Map<string, unknown>) {
  const results = parts.filter((part) => part.kind === "tool-result");
  for (const part of parts) {
    if (part.kind === "tool-call") callNames.set(part.id, JSON.parse(part.argumentsJson));
  }
  return {
    text: textOf(parts, "text"),
    images: parts.flatMap((part) => (part.kind === "image" ? [part.source] : [])),
    calls: callsOf(parts),
    // Ids differ from dialect to dialect; what counts is which call a result answers.
    results: results.map((part) => ({
      answers: callNames.get(part.callId),
      name: part.name,
      text: textOf(part.content, "text"),
    })),
  };
}

function requestView(request: NeutralRequest) {
  const callNames = new Map<string, unknown>();
  const merged: { role: string; parts: Part[] }[] = [];
  for (const turn of request.turns) {
    const last = merged.at(-1);
    if (last?.role === turn.role) last.parts.push(...turn.parts);
    else merged.push({ role: turn.role, parts: [...turn.parts] });
  }
  return {
    instructions: textOf(request.instructions, "text"),
    turns: merged.map(({ role, parts }) => ({ role, ...turnView(parts, callNames) })),
    tools: request.tools.map((tool) => [tool.name, tool.description]),
    weather: request.tools[0]?.parameters,
    toolChoice: request.toolChoice,
    maxOutputTokens: request.maxOutputTokens,
    sampling: request.sampling,
  };
}

function textOf(parts: readonly Part[], kind: "text" | "reasoning" | "refusal"): string {
  return parts.flatMap((part) => (part.kind === kind ? [part.text] : [])).join("");
}

function callsOf(parts: readonly Part[]): unknown[] {
  return parts.flatMap((part) =>
    part.kind === "tool-call" ? [{ [part.name]: JSON.parse(part.argumentsJson) }] : [],
  );
}

const OSLO = { get_weather: { place: "Oslo" } };
const ROME = { get_weather: { place: "Rome" } };
const NOTHING = { text: "", images: [], calls: [], results: [] };
const CONVERSATION = {
  instructions: "You are terse.",
  turns: [
    {
      ...NOTHING,
      role: "user",
      text: "What is in the picture, and how is the weather in Oslo and Rome?",
      images: [{ from: "base64", mediaType: "image/png", data: "iVBORw0KGgoAAAANSUhEUg==" }],
    },
    { ...NOTHING, role: "assistant", text: "I will look it up.", calls: [OSLO, ROME] },
    {
      ...NOTHING,
      role: "user",
      text: "Thanks. And tomorrow?",
      results: [
        { answers: { place: "Oslo" }, name: "get_weather", text: "rain" },
        { answers: { place: "Rome" }, name: "get_weather", text: "sun" },
      ],
    },
  ],
  tools: [
    ["get_weather", "Weather of a place."],
    ["get_time", "The time."],
  ],
  weather: {
    type: "object",
    properties: { place: { type: "string", description: "A town." } },
    required: ["place"],
  },
  toolChoice: { mode: "required" },
  maxOutputTokens: 2000,
  sampling: { temperature: 0.5, stop: ["END"] },
};

/** What may be said between these corners. */
function conversation(...corners: readonly Corner[]) {
  const { stop: _stop, ...sampling } = CONVERSATION.sampling;
  return {
    ...CONVERSATION,
    ...(corners.some(({ lacksStop }) => lacksStop) && { sampling }),
    ...(corners.some(({ lacksForcedCalls }) => lacksForcedCalls) && { toolChoice: undefined }),
  };
}

/** The request as it can be put to the other corner at all. */
function sayable(one: Corner, other: Corner): NeutralRequest {
  const { toolChoice, ...request } = readRequest(one, one.request);
  const { stop: _stop, ...sampling } = request.sampling;
  return {
    ...request,
    ...(toolChoice !== undefined && !other.lacksForcedCalls && { toolChoice }),
    ...(other.lacksStop && { sampling }),
  };
}

describe("a request", () => {
  test.each([...CORNERS])("is understood in %s", (_id, corner) => {
    expect<unknown>(requestView(readRequest(corner, corner.request))).toEqual(conversation(corner));
  });

  test.each(EDGES)("means the same from $from in $to, and again in $from", ({ one, other }) => {
    const there = writeRequest(other, sayable(one, other));
    const arrived = readRequest(other, there.body);
    expect<unknown>(requestView(arrived)).toEqual(conversation(one, other));
    expect(there.upstream.notices.filter((notice) => notice.startsWith("dropped:"))).toEqual([]);
    const back = writeRequest(one, arrived);
    expect<unknown>(requestView(readRequest(one, back.body))).toEqual(conversation(one, other));
  });

  test.each(EDGES)("asks for reasoning and a schema from $from in $to", ({ one, other }) => {
    const { body } = writeRequest(other, readRequest(one, one.schemaRequest));
    const arrived = readRequest(other, body);
    if (other.lacksEfforts) expect(arrived.reasoning).toBeDefined();
    else if (!one.lacksEfforts) expect(arrived.reasoning).toMatchObject({ effort: "high" });
    expect(arrived.responseFormat).toMatchObject({
      kind: "schema",
      schema: { properties: { temperature: { type: "number" } }, required: ["temperature"] },
    });
  });
});

// What a reply means.

function replyView(choice: NeutralChoice | undefined, usage: Usage | undefined) {
  const parts = choice?.parts ?? [];
  return {
    text: textOf(parts, "text"),
    reasoning: textOf(parts, "reasoning"),
    calls: callsOf(parts),
    stop: choice?.stop === "refusal" ? "content_filter" : choice?.stop,
    usage: usage && {
      input: totalInputTokens(usage),
      cacheRead: usage.cacheReadTokens,
      output: usage.outputTokens,
      reasoning: usage.reasoningTokens,
    },
  };
}

const USED = { input: 100, cacheRead: 40, output: 30, reasoning: 10 };
const ANSWER = { text: "", reasoning: "", calls: [] as unknown[], usage: USED };
const ANSWERS: Readonly<Record<ReplyName, ReturnType<typeof replyView>>> = {
  text: { ...ANSWER, text: "It is a cat. 🐈", stop: "end" },
  reasoning: { ...ANSWER, reasoning: "Let me see.", text: "42", stop: "end" },
  calls: { ...ANSWER, text: "I will look.", calls: [OSLO, ROME], stop: "tool_call" },
  limit: { ...ANSWER, text: "It is a", stop: "max_tokens" },
  // A model that refuses and a filter that blocks are one thing to most dialects.
  filtered: { ...ANSWER, stop: "content_filter" },
};

/** What the answer says, as far as these corners can all tell it. */
function answer(name: ReplyName, ...corners: readonly Corner[]) {
  const told = ANSWERS[name];
  if (!corners.some(({ hidesReasoningTokens }) => hidesReasoningTokens)) return told;
  return { ...told, usage: { ...USED, reasoning: 0 } };
}

function viewOfReply(corner: Corner, body: JsonObject) {
  const reply = corner.translation.replyToNeutral(body);
  return replyView(reply.choices[0], reply.usage);
}

function viewOfStream(corner: Corner, text: string) {
  const events = decodeStream(corner.translation, text);
  expect(grammarFaults(events)).toEqual([]);
  const collected = collectStream(events);
  expect(collected.marks).toEqual(["message-ended"]);
  return { events, view: replyView(collected.choices[0], collected.usage) };
}

function streamClient(corner: Corner) {
  return sampleClient({ stream: true, wantsUsage: true, dialect: corner.dialect.id });
}

describe("a reply", () => {
  test.each(REPLY_EDGES)("of $from means the same in $to: $name", ({ one, other, name }) => {
    const body = one.replies[name];
    expect(viewOfReply(one, body)).toEqual(answer(name, one));
    const client = sampleClient({ dialect: other.dialect.id });
    const there = other.translation.replyFromNeutral(one.translation.replyToNeutral(body), client);
    expect(viewOfReply(other, there)).toEqual(answer(name, one, other));
    const back = one.translation.replyFromNeutral(other.translation.replyToNeutral(there), client);
    expect(viewOfReply(one, back)).toEqual(answer(name, one, other));
  });

  test.each(REPLY_EDGES)("in a stream of $from means the same in $to: $name", (edge) => {
    const { one, other, name } = edge;
    const text = one.streams[name].map((frame) => `${frame}\n\n`).join("");
    const first = viewOfStream(one, text);
    expect(first.view).toEqual(answer(name, one));
    const there = encodeStream(other.translation, first.events, streamClient(other));
    const arrived = viewOfStream(other, there);
    expect(arrived.view).toEqual(answer(name, one, other));
    const back = encodeStream(one.translation, arrived.events, streamClient(one));
    expect(viewOfStream(one, back).view).toEqual(answer(name, one, other));
  });
});

/** A client puts the pieces of a stream together and keeps the whole as history. */
function keptByClient(corner: Corner, text: string): JsonObject {
  if (corner.keep !== undefined) {
    const frames = text.split("\n\n").filter((frame) => frame.startsWith("data: {"));
    return corner.keep(frames.map((frame) => JSON.parse(frame.slice("data: ".length))));
  }
  const { choices, usage } = collectStream(decodeStream(corner.translation, text));
  const reply = { origin: corner.dialect.id, id: "", model: "", createdAt: 0, choices, usage };
  return corner.translation.replyFromNeutral(reply, sampleClient());
}

const STATE_EDGES = REPLY_EDGES.filter(({ one, name }) => one.state[name] !== undefined);
const CLIENT_EDGES = STATE_EDGES.filter(({ other }) => !other.isOutOnly);

describe("the state of a vendor", () => {
  test.each(CLIENT_EDGES)("of $from comes back through clients of $to: $name", (edge) => {
    const { one, other, name } = edge;
    const reply = one.translation.replyToNeutral(one.replies[name]);
    const given = other.translation.replyFromNeutral(reply, sampleClient());
    const next = readRequest(other, other.next(given));
    const sent = JSON.stringify(writeRequest(one, next).body);
    for (const state of one.state[name] ?? []) expect(sent).toContain(state);
  });

  test.each(CLIENT_EDGES)("of $from comes back through streams of $to: $name", (edge) => {
    const { one, other, name } = edge;
    const text = one.streams[name].map((frame) => `${frame}\n\n`).join("");
    const events = decodeStream(one.translation, text);
    const there = encodeStream(other.translation, events, streamClient(other));
    const next = readRequest(other, other.next(keptByClient(other, there)));
    const sent = JSON.stringify(writeRequest(one, next).body);
    for (const state of one.state[name] ?? []) expect(sent).toContain(state);
  });

  test.each(STATE_EDGES)("of $from is not sent to $to: $name", ({ one, other, name }) => {
    const reply = one.translation.replyToNeutral(one.replies[name]);
    const given = one.translation.replyFromNeutral(reply, sampleClient());
    const { body, upstream } = writeRequest(other, readRequest(one, one.next(given)));
    for (const state of one.state[name] ?? []) expect(JSON.stringify(body)).not.toContain(state);
    expect(upstream.notices.some((notice) => notice.startsWith("dropped:"))).toBe(true);
  });
});
