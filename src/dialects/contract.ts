// The suite that every dialect runs from its own test file, with samples of its own.

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { ErrorCode } from "#core/errors.ts";
import { ERRORS, GatewayError } from "#core/errors.ts";
import type { CallFacts } from "#core/facts.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { isJsonObject } from "#core/json.ts";
import { applyEdits } from "#wire/edit-body.ts";
import { parseBody } from "#wire/json-body.ts";
import { SseSplitter } from "#wire/sse.ts";
import type { CallHints, Dialect, ModelTraits, Translation } from "./dialect.ts";
import type { NeutralChoice, NeutralReply, NeutralRequest, Part } from "./neutral.ts";
import { sampleClient, sampleUpstream } from "./sample-contexts.ts";
import { collectStream, decodeStream, encodeStream, grammarFaults } from "./sample-streams.ts";

/** A request as a client would send it. */
export interface RequestSample {
  readonly name: string;
  readonly body: JsonObject;
  /** What the path says; by default a `generate` call with everything in the body. */
  readonly hints?: Partial<CallHints>;
}

/** A whole reply as an upstream would send it. */
export interface ReplySample {
  readonly name: string;
  readonly body: JsonObject;
}

/** A whole stream as an upstream would send it, with the reply it would have been without streaming. */
export interface StreamSample {
  readonly name: string;
  /** SSE text. */
  readonly text: string;
  readonly whole?: JsonObject;
}

/** What the suite runs on. Give each feature of the dialect a sample. */
export interface DialectSamples {
  readonly requests: readonly RequestSample[];
  readonly replies: readonly ReplySample[];
  readonly streams: readonly StreamSample[];
  /** What the model is taken to be able to do when requests are written; by default everything. */
  readonly traits?: Partial<ModelTraits>;
  /** Requests that are wrong beyond repair, each with the path that the error has to name. */
  readonly refused?: readonly (RequestSample & { readonly path: string })[];
  /** Origins beside the dialect's own whose state the samples hold and expect back. */
  readonly stateOrigins?: readonly string[];
}

/** A field that no vendor has. */
const UNKNOWN_FIELD = "sluice_contract_unknown";

/** Declares the tests. Call it inside the dialect's own test file. */
export function dialectContract(dialect: Dialect, samples: DialectSamples): void {
  describe(`${dialect.id} keeps the contract of dialects`, () => {
    requestTests(dialect, samples);
    faultTests(dialect);
    hostileTests(dialect, samples);
    const { translation } = dialect;
    if (translation === undefined) return;
    requestTranslationTests(dialect, translation, samples);
    replyTests(dialect, translation, samples);
    streamTests(dialect, translation, samples);
  });
}

function factsOf(dialect: Dialect, sample: RequestSample, body = sample.body): CallFacts {
  const hints = { operation: "generate", model: "", stream: undefined, ...sample.hints } as const;
  return dialect.read(body, hints);
}

function requestTests(dialect: Dialect, samples: DialectSamples): void {
  test.each(samples.requests)("reads the model of a request: $name", (sample) => {
    const facts = factsOf(dialect, sample);
    expect(facts.dialect).toBe(dialect.id);
    expect(facts.model).not.toBe("");
  });

  test.each(samples.requests)("edits a body only where it may: $name", (sample) => {
    const facts = factsOf(dialect, sample);
    const body = parseBody(new TextEncoder().encode(JSON.stringify(sample.body)));
    const edits = dialect.edits(facts, "another-model", body.json);
    const edited: JsonObject = JSON.parse(applyEdits(body, edits));
    for (const key of Object.keys({ ...sample.body, ...edited })) {
      if (!edits.has(key)) expect(edited[key]).toEqual(sample.body[key]);
    }
    const nowAsked = factsOf(dialect, sample, edited).model;
    expect(nowAsked).toBe(sample.hints?.model ? facts.model : "another-model");
  });
}

function faultTests(dialect: Dialect): void {
  test.each(Object.keys(ERRORS) as ErrorCode[])("reports %s in its own form", (code) => {
    const error = new GatewayError(code, "Something is wrong here.", {
      param: "messages[0]",
      details: { scope: "tenant:acme" },
    });
    const body = dialect.fault(error, "req_sample");
    const text = JSON.stringify(body);
    expect(text).toContain(`"${code}"`);
    expect(text).toContain("Something is wrong here.");
    const fault = dialect.readFault(error.status, body, new Headers());
    expect(fault).toMatchObject({ status: error.status, message: "Something is wrong here." });
  });

  test("ends a stream with a fault that its decoder reads", () => {
    const error = new GatewayError("upstream_failed", "The stream broke off.");
    const frames = dialect.faultFrames(error, "req_sample", "sse");
    expect(new SseSplitter().push(new TextEncoder().encode(frames)).length).toBeGreaterThan(0);
    expect(frames.endsWith("\n\n")).toBe(true);
    expect(frames).not.toMatch(/\[DONE\]|message_stop|finish/i);
    if (dialect.translation === undefined) return;
    const events = decodeStream(dialect.translation, frames);
    expect(events.at(-1)).toMatchObject({
      type: "faulted",
      fault: { message: "The stream broke off." },
    });
  });

  test("keeps a connection alive with something that is no content", () => {
    const text = dialect.keepAlive("sse");
    expect(text.endsWith("\n\n")).toBe(true);
    if (dialect.translation !== undefined) {
      expect(decodeStream(dialect.translation, text)).toEqual([]);
    }
  });

  test("takes what is not a reply for a fault", () => {
    for (const operation of dialect.operations) {
      expect(dialect.inspect(undefined, operation).fault).toBeDefined();
      expect(dialect.inspect("<html>", operation).fault).toBeDefined();
    }
    const fault = dialect.readFault(502, undefined, new Headers({ "retry-after": "7" }));
    expect(fault).toMatchObject({ status: 502, retryAfterMs: 7000 });
  });
}

function requestTranslationTests(
  dialect: Dialect,
  translation: Translation,
  samples: DialectSamples,
): void {
  const generating = samples.requests.filter(
    (sample) => (sample.hints?.operation ?? "generate") === "generate",
  );
  const neutralOf = (sample: RequestSample, body = sample.body) =>
    translation.requestToNeutral(body, factsOf(dialect, sample, body));
  const stateOrigins = [dialect.id, ...(samples.stateOrigins ?? [])];
  const context = () => sampleUpstream({ traits: samples.traits ?? {}, stateOrigins });

  test.each(generating)("reads back the request that it wrote: $name", (sample) => {
    const first = neutralOf(sample);
    const written = translation.requestFromNeutral(first, context());
    const second = neutralOf(sample, written);
    expect(carried(second)).toEqual(carried(first));
  });

  test.each(generating)("announces what it cannot carry: $name", (sample) => {
    const neutral = neutralOf(sample, { ...sample.body, [UNKNOWN_FIELD]: { a: 1 } });
    expect(neutral.extras.get(UNKNOWN_FIELD)).toEqual({ a: 1 });
    const upstream = context();
    const written = translation.requestFromNeutral({ ...neutral, origin: "elsewhere" }, upstream);
    expect(upstream.notices).toContain(`dropped:${UNKNOWN_FIELD}`);
    expect(JSON.stringify(written)).not.toContain(UNKNOWN_FIELD);
  });

  if (samples.refused !== undefined) {
    test.each([...samples.refused])("refuses with the path to the fault: $name", (sample) => {
      const refusal = refusalOf(() => neutralOf(sample));
      expect(refusal).toMatchObject({ code: "invalid_request", extras: { param: sample.path } });
      expect(refusal?.message.length).toBeGreaterThan(10);
    });
  }

  test.each(generating)("never sends state to where it does not come from: $name", (sample) => {
    const marked = withStateOf(neutralOf(sample), "another-origin", "state-of-another-vendor");
    const written = translation.requestFromNeutral(marked, context());
    expect(JSON.stringify(written)).not.toContain("state-of-another-vendor");
  });
}

function refusalOf(run: () => unknown): GatewayError | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
  return undefined;
}

/** What the round trip of a request must keep: all but extras and the name of the model. */
function carried(request: NeutralRequest): Omit<NeutralRequest, "extras" | "model"> {
  const { extras: _extras, model: _model, ...rest } = request;
  return rest;
}

function withStateOf(request: NeutralRequest, origin: string, value: string): NeutralRequest {
  const turns = request.turns.map((turn) => ({
    ...turn,
    parts: turn.parts.map((part): Part => {
      if (part.kind === "vendor") return part;
      return { ...part, providerState: [{ origin, kind: "signature", value }] };
    }),
  }));
  return { ...request, turns };
}

function replyTests(dialect: Dialect, translation: Translation, samples: DialectSamples): void {
  test.each(samples.replies)("reads back the reply that it wrote: $name", (sample) => {
    const first = translation.replyToNeutral(sample.body);
    const written = translation.replyFromNeutral(first, sampleClient());
    const second = translation.replyToNeutral(written);
    expect(comparableReply(second)).toEqual(comparableReply(first));
  });

  test.each(samples.replies)("inspects a reply as it reads it: $name", (sample) => {
    const findings = dialect.inspect(sample.body, "generate");
    const neutral = translation.replyToNeutral(sample.body);
    expect(findings.usage).toEqual(neutral.usage);
    expect(findings.fault).toBeUndefined();
    expect(findings.stop).toBe(neutral.choices[0]?.stop ?? findings.stop);
  });
}

function comparableReply(reply: NeutralReply) {
  return { ...reply, choices: reply.choices.map(comparableChoice) };
}

/** A vendor's own word may be one of several for the same stop. */
function comparableChoice(choice: NeutralChoice): Omit<NeutralChoice, "vendorStop"> {
  const { vendorStop: _vendorStop, ...rest } = choice;
  return rest;
}

function streamTests(dialect: Dialect, translation: Translation, samples: DialectSamples): void {
  test.each(samples.streams)("keeps the grammar of events: $name", (sample) => {
    expect(grammarFaults(decodeStream(translation, sample.text))).toEqual([]);
  });

  test.each(samples.streams)("reads the same however it is cut: $name", (sample) => {
    const whole = decodeStream(translation, sample.text);
    const bytewise = Array.from({ length: sample.text.length * 4 }, (_, index) => index);
    expect(decodeStream(translation, sample.text, bytewise)).toEqual(whole);
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 12 }), (cuts) => {
        expect(decodeStream(translation, sample.text, cuts)).toEqual(whole);
      }),
      { numRuns: 20 },
    );
    const withCrLf = sample.text.replace(/\r?\n/g, "\r\n");
    expect(decodeStream(translation, withCrLf)).toEqual(whole);
  });

  test.each(samples.streams)("reads back the stream that it wrote: $name", (sample) => {
    const first = decodeStream(translation, sample.text);
    const client = sampleClient({ stream: true, wantsUsage: true, dialect: dialect.id });
    const written = encodeStream(translation, first, client);
    const second = decodeStream(translation, written);
    expect(grammarFaults(second)).toEqual([]);
    const [one, other] = [collectStream(first), collectStream(second)];
    expect(other.choices.map(comparableChoice)).toEqual(one.choices.map(comparableChoice));
    expect({ ...other, choices: [] }).toEqual({ ...one, choices: [] });
  });

  const pairs = samples.streams.flatMap(({ name, text, whole }) =>
    whole === undefined ? [] : [{ name, text, whole }],
  );
  test.each(pairs)("adds up to the whole reply: $name", ({ text, whole }) => {
    const collected = collectStream(decodeStream(translation, text));
    const reply = translation.replyToNeutral(whole);
    expect(collected.usage).toEqual(reply.usage);
    expect(collected.choices).toEqual(
      reply.choices.map(({ logprobs: _logprobs, ...choice }) => choice),
    );
    expect(collected.model).toBe(reply.model);
  });
}

const STRANGE: readonly Json[] = [null, 0, -1, 1.5, "", "x", true, [], {}, [[]], [null], { a: {} }];

function hostileTests(dialect: Dialect, samples: DialectSamples): void {
  const { translation } = dialect;
  test("answers every malformed request with an error for the caller, never with a crash", () => {
    for (const sample of samples.requests) {
      for (const body of mutations(sample.body)) {
        expectNoCrash(() => {
          const facts = factsOf(dialect, sample, body);
          dialect.edits(facts, "another-model", body);
          if (translation === undefined || facts.operation !== "generate") return;
          const upstream = sampleUpstream({ traits: samples.traits ?? {} });
          translation.requestFromNeutral(translation.requestToNeutral(body, facts), upstream);
        });
      }
    }
  });

  test("survives every malformed reply", () => {
    for (const sample of samples.replies) {
      for (const body of mutations(sample.body)) {
        for (const operation of dialect.operations) dialect.inspect(body, operation);
        dialect.readFault(500, body, new Headers());
        if (translation === undefined) continue;
        translation.replyFromNeutral(translation.replyToNeutral(body), sampleClient());
      }
    }
  });

  test("survives every malformed event", () => {
    if (translation === undefined) return;
    for (const sample of samples.streams) {
      for (const text of mutatedStreams(sample.text)) {
        const events = decodeStream(translation, text);
        encodeStream(translation, events, sampleClient({ stream: true, wantsUsage: true }));
      }
      const [first, ...rest] = decodeStream(translation, `data: {"oops\n\n${sample.text}`);
      expect(first?.type).toBe("unreadable");
      expect(rest).toEqual(decodeStream(translation, sample.text));
    }
  });
}

function expectNoCrash(run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    expect(["invalid_request", "unsupported_feature", "not_available"]).toContain(error.code);
  }
}

/** The body with each of its nodes in turn replaced by something strange, or removed. */
function* mutations(body: JsonObject): Generator<JsonObject> {
  const text = JSON.stringify(body);
  for (const path of pathsOf(body, [])) {
    const strange =
      STRANGE[(path.length * 7 + text.length + path.join("").length) % STRANGE.length];
    for (const value of [strange, ...STRANGE.slice(0, path.length < 4 ? STRANGE.length : 0)]) {
      const copy: JsonObject = JSON.parse(text);
      replaceAt(copy, path, value);
      yield copy;
    }
  }
}

function* mutatedStreams(text: string): Generator<string> {
  const frames = text.split("\n\n");
  for (const [position, frame] of frames.entries()) {
    const start = frame.indexOf("data: {");
    if (start === -1) continue;
    const data: JsonObject = JSON.parse(frame.slice(start + "data: ".length));
    for (const mutated of mutations(data)) {
      const line = `${frame.slice(0, start)}data: ${JSON.stringify(mutated)}`;
      yield frames.with(position, line).join("\n\n");
    }
  }
}

type Path = readonly (string | number)[];

function pathsOf(value: Json | undefined, path: Path): Path[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => [[...path, index], ...pathsOf(item, [...path, index])]);
  }
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => [
    [...path, key],
    ...pathsOf(item, [...path, key]),
  ]);
}

function replaceAt(root: JsonObject, path: Path, value: Json | undefined): void {
  let place: Json | undefined = root;
  for (const step of path.slice(0, -1)) place = memberOf(place, step);
  const last = path.at(-1) ?? "";
  if (Array.isArray(place) && typeof last === "number") place[last] = value ?? null;
  else if (isJsonObject(place)) place[String(last)] = value;
}

function memberOf(place: Json | undefined, step: string | number): Json | undefined {
  if (Array.isArray(place)) return typeof step === "number" ? place[step] : undefined;
  return isJsonObject(place) ? place[String(step)] : undefined;
}
