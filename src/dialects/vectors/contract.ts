// What every dialect of embeddings or rerankings must keep beside the contract of all dialects; each runs
// it from its own test file.

import { describe, expect, test } from "bun:test";
import { GatewayError } from "#core/errors.ts";
import type { CallFacts } from "#core/facts.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { isJsonObject } from "#core/json.ts";
import type { Notice } from "#core/notices.ts";
import { type DialectSamples, dialectContract, type RequestSample } from "../contract.ts";
import type { CallHints, Dialect } from "../dialect.ts";
import {
  type EmbeddingTraits,
  type EmbeddingTranslation,
  type EmbeddingUpstreamContext,
  MalformedReply,
} from "../embedding.ts";
import type { NeutralEmbeddingRequest } from "../neutral-embedding.ts";
import type { RerankTranslation } from "../reranking.ts";
import { numbersOf } from "./bytes.ts";

const UNKNOWN_FIELD = "sluice_contract_unknown";

/** A context that writes for an upstream and keeps its notices. */
export function vectorUpstream(
  given: { model?: string; traits?: EmbeddingTraits } = {},
): EmbeddingUpstreamContext & { readonly notices: readonly Notice[] } {
  const notices: Notice[] = [];
  const { model = "sample-model", traits = {} } = given;
  return {
    model,
    standsFor: model,
    traits,
    notices,
    notice: (kind, subject) => notices.push(`${kind}:${subject}`),
  };
}

/** Samples of a dialect without streams. */
export type VectorSamples = Omit<DialectSamples, "streams">;

/** Declares the tests, those of all dialects among them. */
export function vectorContract(dialect: Dialect, samples: VectorSamples): void {
  dialectContract(dialect, { ...samples, streams: [] });
  const { embedding, reranking } = dialect;
  describe(`${dialect.id} keeps the contract of vectors`, () => {
    test.each(samples.requests)("announces what it cannot carry: $name", (sample) => {
      const upstream = vectorUpstream({ model: modelOf(sample) });
      const body = { ...sample.body, [UNKNOWN_FIELD]: { a: 1 } };
      const written =
        embedding === undefined
          ? reranking?.requestFromNeutral(foreign(reranking.requestToNeutral(body)), upstream)
          : embedding.requestFromNeutral(
              foreign(embedding.requestToNeutral(body, modelOf(sample))),
              upstream,
            );
      expect(upstream.notices).toContain(`dropped:${UNKNOWN_FIELD}`);
      expect(JSON.stringify(written)).not.toContain(UNKNOWN_FIELD);
    });
    if (embedding !== undefined) embeddingTests(dialect, embedding, samples);
    if (reranking !== undefined) rerankTests(reranking, samples);
  });
}

function modelOf(sample: RequestSample): string {
  const { model } = sample.body;
  return sample.hints?.model || (typeof model === "string" ? model : "sample-model");
}

function foreign<Request extends { readonly origin: string }>(request: Request): Request {
  return { ...request, origin: "elsewhere" };
}

function embeddingTests(
  dialect: Dialect,
  embedding: EmbeddingTranslation,
  samples: VectorSamples,
): void {
  test.each(samples.requests)("reads back the request that it wrote: $name", (sample) => {
    const model = modelOf(sample);
    const first = embedding.requestToNeutral(sample.body, model);
    const written = embedding.requestFromNeutral(first, vectorUpstream({ model }));
    expect(carried(embedding.requestToNeutral(written, model))).toEqual(carried(first));
  });

  test.each(samples.requests)("counts the inputs that it reads: $name", (sample) => {
    const { inputs } = embedding.requestToNeutral(sample.body, modelOf(sample));
    expect(factsOf(dialect, sample).messageCount).toBe(inputs.length);
    expect(embedding.limits(modelOf(sample)).maxInputs).toBeGreaterThanOrEqual(inputs.length);
  });

  test.each(samples.replies)("reads back the vectors that it wrote: $name", (sample) => {
    const first = embedding.replyToNeutral(sample.body);
    expect(first.vectors.length).toBeGreaterThan(0);
    const facts = samples.requests[0] && factsOf(dialect, samples.requests[0]);
    if (facts === undefined) throw new Error("There is no sample of a request.");
    const plain: CallFacts = {
      ...facts,
      vectors: { encoding: "float", numbers: "float", dimensions: 0 },
    };
    const written = embedding.replyFromNeutral(first, { facts: plain, estimatedInputTokens: 9 });
    const second = embedding.replyToNeutral(JSON.parse(JSON.stringify(written)));
    const values = (reply: typeof first) =>
      reply.vectors.map((vector) => [...numbersOf(vector, "float")]);
    expect(values(second)).toEqual(values(first));
    expect(dialect.inspect(sample.body, "embed")).toMatchObject({ empty: false, fault: undefined });
  });

  test("takes every malformed reply for malformed, never crashes", () => {
    for (const sample of samples.replies) {
      for (const body of damaged(sample.body))
        expectMalformed(() => embedding.replyToNeutral(body));
    }
  });

  test("answers every malformed request with an error for the caller", () => {
    for (const sample of samples.requests) {
      for (const body of damaged(sample.body)) {
        expectRefusal(() => {
          const request = embedding.requestToNeutral(body, modelOf(sample));
          embedding.requestFromNeutral(request, vectorUpstream({ model: modelOf(sample) }));
        });
      }
    }
  });
}

function rerankTests(reranking: RerankTranslation, samples: VectorSamples): void {
  test.each(samples.requests)("reads back the request that it wrote: $name", (sample) => {
    const first = reranking.requestToNeutral(sample.body);
    const written = reranking.requestFromNeutral(first, vectorUpstream({ model: first.model }));
    expect(reranking.requestToNeutral(written)).toEqual(first);
  });

  test.each(samples.replies)("reads back the results that it wrote: $name", (sample) => {
    const first = reranking.replyToNeutral(sample.body);
    const facts = { model: first.model } as CallFacts;
    const written = JSON.parse(JSON.stringify(reranking.replyFromNeutral(first, { facts })));
    expect(reranking.replyToNeutral(written)).toEqual(first);
  });

  test("takes every malformed reply for malformed, never crashes", () => {
    for (const sample of samples.replies) {
      for (const body of damaged(sample.body))
        expectMalformed(() => reranking.replyToNeutral(body));
    }
  });
}

function factsOf(dialect: Dialect, sample: RequestSample): CallFacts {
  const hints: CallHints = { operation: "embed", model: "", stream: undefined, ...sample.hints };
  return dialect.read(sample.body, hints);
}

function carried(request: NeutralEmbeddingRequest): object {
  const { extras: _extras, ...rest } = request;
  // A list of one is the same as one.
  return { ...rest, inputs: rest.inputs.map(({ path: _path, ...input }) => input) };
}

const STRANGE: readonly Json[] = [null, -1, -0.5, "", "x", true, [], {}, [[1]], [null]];

function* damaged(body: JsonObject): Generator<JsonObject> {
  for (const path of pathsOf(body, [])) {
    for (const value of STRANGE) {
      const copy: JsonObject = structuredClone(body);
      replaceAt(copy, path, value);
      yield copy;
    }
  }
}

type Path = readonly (string | number)[];

function pathsOf(value: Json | undefined, path: Path): Path[] {
  const entries: [string | number, Json | undefined][] = Array.isArray(value)
    ? [...value.entries()]
    : isJsonObject(value)
      ? Object.entries(value)
      : [];
  return entries.flatMap(([key, item]) => [[...path, key], ...pathsOf(item, [...path, key])]);
}

function replaceAt(body: JsonObject, path: Path, value: Json): void {
  let place = body as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) place = place[key] as Record<string | number, unknown>;
  const last = path.at(-1);
  if (last !== undefined) place[last] = value;
}

function expectMalformed(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedReply);
  }
}

function expectRefusal(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    expect(["invalid_request", "unsupported_feature"]).toContain(error.code);
  }
}
