// Recorded embedding and reranking exchanges: through the gateway in OpenAI's form the vendor is asked what
// was recorded, and the client gets the very vectors that the vendor made, in their order.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asObject, asString } from "#core/json.ts";
import { dialectOf } from "#dialects/list.ts";
import { vectorUpstream } from "#dialects/vectors/contract.ts";
import { ANY_MODEL, type RecordedReply, replay, verbatim } from "#support/upstream/upstream.ts";
import { post, startVectorBench, vectorsOf } from "../gateway/vector-bench.ts";
import { sentBody, usageOf, type VendorBench } from "../gateway/vendor-bench.ts";
import { hasCorpus, NO_CORPUS } from "./recordings.ts";

if (!hasCorpus) console.warn(NO_CORPUS);
const ROOT = process.env["SLUICE_CORPUS"] ?? "";

interface Recorded {
  readonly name: string;
  readonly path: string;
  readonly body: JsonObject;
  readonly reply: RecordedReply;
}

/** Recordings of a folder whose requests are for vectors. */
function recorded(folder: string): Recorded[] {
  const path = join(ROOT, "exchanges", folder);
  if (!hasCorpus || !existsSync(path)) return [];
  return readdirSync(path)
    .sort()
    .flatMap((file) => {
      const { request, response } = JSON.parse(readFileSync(join(path, file), "utf8"));
      const body = asObject(request.body.json);
      const isOne = body !== undefined && /embed/i.test(`${request.path}${body["model"]}`);
      return isOne
        ? [{ name: `${folder}/${file}`, path: request.path, body, reply: response }]
        : [];
    });
}

/** The numbers in a recorded reply, read without the gateway's own readers. */
function floatsIn(json: unknown): number[][] {
  const found: number[][] = [];
  const walk = (value: unknown, key: string): void => {
    if (typeof value === "string" && key === "embedding") {
      const bytes = Buffer.from(value, "base64");
      found.push(Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readFloatLE(at * 4)));
    } else if (Array.isArray(value) && value.length > 8 && typeof value[0] === "number") {
      found.push(value);
    } else if (Array.isArray(value)) {
      for (const item of value) walk(item, "");
    } else if (typeof value === "object" && value !== null) {
      for (const [name, item] of Object.entries(value)) {
        // Titan writes its one vector twice.
        if (name !== "embeddingsByType") walk(item, name);
      }
    }
  };
  walk(json, "");
  return found;
}

/** The same JSON without what is null: clients write it for what they do not ask. */
function withoutNulls(value: Json | undefined): Json {
  if (Array.isArray(value)) return value.map(withoutNulls);
  const object = asObject(value);
  if (object === undefined) return value ?? null;
  const kept = Object.entries(object).filter(([, item]) => item !== null && item !== undefined);
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutNulls(item)]));
}

/** The recorded request as a caller of OpenAI's form would write it. */
function inOpenaiForm({ path, body }: Recorded): JsonObject {
  const modelInPath = /model(?:s)?\/([^/:]+(?:%3A\d+)?)[:/]/.exec(path)?.[1] ?? "";
  const [gemini] = asArray(body["requests"]).map(asObject);
  if (gemini !== undefined) {
    return {
      model: `gem/${modelInPath}`,
      input: asArray(body["requests"]).map((request) => {
        const [part] = asArray(asObject(asObject(request)?.["content"])?.["parts"]);
        return asObject(part)?.["text"] ?? "";
      }),
      input_type: gemini["taskType"],
      dimensions: gemini["outputDimensionality"],
      truncate: true,
    };
  }
  const nova = asObject(body["singleEmbeddingParams"]);
  const text = asObject(nova?.["text"]);
  const provider = modelInPath !== "" ? "bed" : path === "/v2/embed" ? "coh" : "voy";
  const input = body["texts"] ?? body["input"] ?? [body["inputText"] ?? text?.["value"] ?? ""];
  return {
    model: `${provider}/${modelInPath === "" ? body["model"] : decodeURIComponent(modelInPath)}`,
    input,
    input_type: body["input_type"] ?? nova?.["embeddingPurpose"],
    dimensions: body["output_dimension"] ?? body["dimensions"],
    truncate: body["truncate"] ?? body["truncation"] ?? text?.["truncationMode"],
    ...(body["normalize"] !== undefined && { normalize: body["normalize"] }),
    ...(body["encoding_format"] !== undefined && { encoding_format: body["encoding_format"] }),
  };
}

const OWN: Readonly<Record<string, string>> = {
  "cohere-embeddings": "cohere-embeddings",
  "voyage-embeddings": "voyage-embeddings",
  "gemini-embeddings": "gemini-embed-batch",
  "bedrock-invoke": "bedrock-embeddings",
};

let bench: VendorBench;

describe.skipIf(!hasCorpus)("recorded vectors", () => {
  beforeAll(async () => {
    bench = await startVectorBench();
  });
  afterAll(() => bench?.stop());

  describe.each(Object.keys(OWN))("of %s", (folder) => {
    const all = recorded(folder);
    const good = all.filter(({ reply }) => reply.status === 200);

    test("there are some", () => {
      expect(all.length).toBeGreaterThan(0);
      console.log(`${folder}: ${all.length} recordings, ${good.length} of them answered`);
    });

    test.each(all)("$name is read and written again as it was", ({ path, body, reply }) => {
      const { embedding, inspect } = dialectOf(OWN[folder] ?? "");
      if (embedding === undefined) throw new Error("The dialect makes no vectors.");
      const inPath = /models?\/([^/:]+(?:%3A\d+)?)[:/]/.exec(path)?.[1];
      const model = decodeURIComponent(inPath ?? String(body["model"]));
      const neutral = embedding.requestToNeutral(body, model);
      const upstream = vectorUpstream({ model });
      expect(withoutNulls(embedding.requestFromNeutral(neutral, upstream))).toEqual(
        withoutNulls(body),
      );
      expect(upstream.notices).toEqual([]);
      if (reply.status !== 200) return;
      expect(inspect(reply.body.json as Json, "embed").fault).toBeUndefined();
    });

    test.each(good)("$name comes to OpenAI's form number for number", async (recording) => {
      bench.upstream.clear();
      bench.upstream.always(ANY_MODEL, replay(recording.reply));
      const wanted = floatsIn(recording.reply.body.json);
      expect(wanted.length).toBeGreaterThan(0);
      const asked = inOpenaiForm(recording);
      const floats = await post(bench, "/v1/embeddings", { ...asked, encoding_format: "float" });
      expect(floats.status).toBe(200);
      expect(vectorsOf(floats.body)).toEqual(wanted);
      const text = await post(bench, "/v1/embeddings", { ...asked, encoding_format: "base64" });
      expect(vectorsOf(text.body)).toEqual(
        wanted.map((vector) => Buffer.from(new Float32Array(vector).buffer).toString("base64")),
      );
      const usage = asObject(text.body["usage"]);
      const row = usageOf(await bench.lastDecision());
      expect(row["input_tokens"] ?? 0).toBe(usage?.["prompt_tokens"] ?? -1);
      expect(toldIn(recording.reply.body.json)).toContain(Number(row["input_tokens"] ?? 0));
    });

    test.each(good)("$name asks the vendor what was recorded", async (recording) => {
      bench.upstream.clear();
      bench.upstream.always(ANY_MODEL, replay(recording.reply));
      await post(bench, "/v1/embeddings", inOpenaiForm(recording));
      expect(withoutNulls(sentBody(bench.lastRequest()))).toEqual(withoutNulls(recording.body));
      expect(bench.lastRequest().target).toEndWith(recording.path);
    });

    const bad = all.filter(({ reply }) => reply.status !== 200);
    test.each(bad)("$name keeps its error's class and words", async (recording) => {
      bench.upstream.clear();
      bench.upstream.always(ANY_MODEL, replay(recording.reply));
      const reply = await post(bench, "/v1/embeddings", inOpenaiForm(recording));
      const json = asObject(recording.reply.body.json) ?? {};
      const message = asString(json["message"]) ?? asString(asObject(json["error"])?.["message"]);
      expect(asObject(reply.body["error"])?.["message"]).toContain(message);
      // A model that the caller chose itself is the caller's mistake.
      expect(reply.status).toBe(recording.reply.status);
    });
  });

  test.each(recorded("gemini-embeddings"))("$name passes through as it is", async (recording) => {
    bench.upstream.clear();
    bench.upstream.always(ANY_MODEL, replay(recording.reply));
    const path = recording.path.replace("/models/", "/models/gem/");
    const reply = await post(bench, path, recording.body);
    expect(reply.body).toEqual(recording.reply.body.json as JsonObject);
    expect(reply.status).toBe(recording.reply.status);
    expect(sentBody(bench.lastRequest())).toEqual(recording.body);
  });

  test("Vertex AI's predictions come in order", async () => {
    const text = readReply("google-vertex/google-vertex-embedding.json");
    bench.upstream.clear();
    bench.upstream.always(ANY_MODEL, verbatim({ status: 200, body: text }));
    const body = { model: "ver/text-embedding-005", input: ["a", "b"], encoding_format: "float" };
    const reply = await post(bench, "/v1/embeddings", body);
    const wanted = asArray(asObject(JSON.parse(text))?.["predictions"]).map(
      (entry) => asObject(asObject(entry)?.["embeddings"])?.["values"],
    );
    expect(vectorsOf(reply.body)).toEqual(wanted);
    expect(reply.body["usage"]).toEqual({ prompt_tokens: 11, total_tokens: 11 });
  });

  test("Voyage's ranking comes with its scores", async () => {
    const text = readReply("voyage/voyage-reranking.1.json");
    bench.upstream.clear();
    bench.upstream.always(ANY_MODEL, verbatim({ status: 200, body: text }));
    const body = { model: "voy/rerank-2.5", query: "q", documents: ["a", "b"] };
    const reply = await post(bench, "/v1/rerank", body);
    expect(reply.body["results"]).toEqual(asObject(JSON.parse(text))?.["data"] as Json);
    expect(usageOf(await bench.lastDecision())).toEqual({ input_tokens: 12 });
  });
});

function readReply(name: string): string {
  return readFileSync(join(ROOT, "replies", name), "utf8");
}

/** Whatever a recorded reply tells as tokens; anything where it tells nothing. */
function toldIn(json: unknown): number[] {
  const text = JSON.stringify(json, (_key, value) =>
    Array.isArray(value) && typeof value[0] === "number" ? [] : value,
  );
  const counters = /"(?:total_tokens|input_tokens|promptTokenCount|inputTextTokenCount)":(\d+)/g;
  const told = [...text.matchAll(counters)].map((match) => Number(match[1]));
  return told.length > 0 ? told : Array.from({ length: 100 }, (_, count) => count);
}
