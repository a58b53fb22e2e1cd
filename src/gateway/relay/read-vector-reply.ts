// What the replies to an embedding or reranking call say, and what of them goes to the client. A batch
// that was cut has several replies; they become one.

import type { Json, JsonObject } from "#core/json.ts";
import { isJsonObject } from "#core/json.ts";
import type { Notice } from "#core/notices.ts";
import { addUsage, type Usage } from "#core/usage.ts";
import type { Dialect, ReplyFindings } from "#dialects/dialect.ts";
import { MalformedReply } from "#dialects/embedding.ts";
import { dialectOf } from "#dialects/list.ts";
import type { EmbeddingVector, NeutralEmbeddingReply } from "#dialects/neutral-embedding.ts";
import { checkResults, withDocuments } from "#dialects/reranking.ts";
import { checkVectors } from "#dialects/vectors/check.ts";
import type { ReadReply, WholeOrder } from "./whole-order.ts";

/** The reply to one of the requests of a call. */
export interface ReplyPiece {
  readonly json: Json | undefined;
  /** Places of its inputs in the call; undefined = all of them, in order. */
  readonly positions: readonly number[] | undefined;
  /** What the head told, where a vendor tells it there. */
  readonly headUsage: Usage | undefined;
}

const TEXT = new TextEncoder();

/**
 * Reads the replies.
 * @param bytes of the only reply, for the client when nothing has to be written anew
 */
export function readVectorReply(
  order: WholeOrder,
  pieces: readonly ReplyPiece[],
  bytes: Uint8Array,
): ReadReply {
  const upstream = dialectOf(order.upstream);
  const found = pieces.map(({ json }) => upstream.inspect(json, order.operation));
  const bad = found.find(({ fault, empty }) => fault !== undefined || empty);
  if (bad !== undefined) return { findings: bad, notices: [], payload: bytes };
  const [first] = found;
  if (first === undefined) throw new Error("A call has at least one reply.");
  const told = pieces.map(({ headUsage }, index) => found[index]?.usage ?? headUsage);
  const findings: ReplyFindings = { ...first, usage: sumOf(told) };
  try {
    const { written, notices } = answered(order, upstream, { pieces, usage: findings.usage });
    const payload = written === undefined ? bytes : TEXT.encode(JSON.stringify(written));
    return { findings, notices, payload };
  } catch (thrown) {
    if (!(thrown instanceof MalformedReply)) throw thrown;
    const fault = { status: 0, code: thrown.code, message: thrown.message };
    return { findings: { ...findings, stop: "error", fault }, notices: [], payload: bytes };
  }
}

interface Replies {
  readonly pieces: readonly ReplyPiece[];
  readonly usage: Usage | undefined;
}

interface Written {
  /** Undefined: the bytes are right as they came. */
  readonly written: JsonObject | undefined;
  readonly notices: readonly Notice[];
}

function answered(order: WholeOrder, upstream: Dialect, replies: Replies): Written {
  return order.operation === "rerank"
    ? rankedAnswer(order, upstream, replies)
    : embeddedAnswer(order, upstream, replies);
}

/** @throws MalformedReply */
function embeddedAnswer(order: WholeOrder, upstream: Dialect, { pieces, usage }: Replies): Written {
  const { facts } = order;
  const client = dialectOf(order.client).embedding;
  const { embedding } = upstream;
  if (embedding === undefined || client === undefined) throw untranslatable(order);
  const read = pieces.map(({ json }) => embedding.replyToNeutral(json));
  const vectors = inPlace(read, pieces);
  checkVectors(vectors, facts.messageCount, facts.vectors);
  if (order.upstream === order.client && pieces.length === 1) {
    const json = pieces[0]?.json;
    const written = isJsonObject(json) ? embedding.reencoded?.(json, facts) : undefined;
    return { written, notices: written === undefined ? [] : ["converted:encoding_format"] };
  }
  const { id = "", model = "" } = read[0] ?? {};
  const context = { facts, estimatedInputTokens: order.inputTokens };
  const whole = { id, model: model === "" ? order.model : model, vectors, usage };
  return { written: client.replyFromNeutral(whole, context), notices: [] };
}

/** @throws MalformedReply when a request of the batch did not get a vector for each of its inputs */
function inPlace(
  replies: readonly NeutralEmbeddingReply[],
  pieces: readonly ReplyPiece[],
): EmbeddingVector[] {
  const placed: EmbeddingVector[] = [];
  for (const [index, { vectors }] of replies.entries()) {
    const positions = pieces[index]?.positions;
    if (positions === undefined) return [...vectors];
    checkVectors(vectors, positions.length, undefined);
    for (const [place, vector] of vectors.entries()) {
      const position = positions[place];
      if (position !== undefined) placed[position] = vector;
    }
  }
  return placed;
}

/** @throws MalformedReply */
function rankedAnswer(order: WholeOrder, upstream: Dialect, { pieces, usage }: Replies): Written {
  const client = dialectOf(order.client).reranking;
  const { reranking } = upstream;
  if (reranking === undefined || client === undefined) throw untranslatable(order);
  const reply = reranking.replyToNeutral(pieces[0]?.json);
  checkResults(reply.results, order.facts.messageCount);
  if (order.upstream === order.client) return { written: undefined, notices: [] };
  const results = withDocuments(reply.results, order.documents ?? []);
  const model = reply.model === "" ? order.model : reply.model;
  const whole = { ...reply, model, results, usage };
  const written = client.replyFromNeutral(whole, { facts: order.facts });
  return { written, notices: [] };
}

function untranslatable({ upstream, client }: WholeOrder): Error {
  return new Error(`${upstream} cannot be translated to ${client}.`);
}

/** Undefined as soon as one is unknown: a part of the truth would be taken for all of it. */
function sumOf(told: readonly (Usage | undefined)[]): Usage | undefined {
  let sum: Usage | undefined;
  for (const used of told) {
    if (used === undefined) return undefined;
    sum = sum === undefined ? used : addUsage(sum, used);
  }
  return sum;
}
