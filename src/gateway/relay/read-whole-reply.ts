// What a whole reply says, and what of it goes to the client. Pure: runs on the event loop for small
// replies and on a worker thread for large ones.

import { isJsonObject, type JsonObject } from "#core/json.ts";
import type { Notice } from "#core/notices.ts";
import { restoreReply } from "#dialects/adapt/restore-reply.ts";
import type { ReplyFindings } from "#dialects/dialect.ts";
import { dialectOf } from "#dialects/list.ts";
import type { NeutralReply } from "#dialects/neutral.ts";
import { parsed } from "../upstream/attempt-failure.ts";
import { type ReplyPiece, readVectorReply } from "./read-vector-reply.ts";
import { estimatedUsage } from "./used.ts";
import type { ReadReply, WholeOrder } from "./whole-order.ts";

const TEXT = new TextEncoder();
const NO_NOTICES: readonly Notice[] = [];

/** Reads a reply. In the same dialect the payload is the very bytes that came. */
export function readWholeReply(order: WholeOrder, bytes: Uint8Array): ReadReply {
  if (order.operation === "embed" || order.operation === "rerank") {
    return readVectorReply(order, piecesOf(order, bytes), bytes);
  }
  const json = parsed(bytes);
  const upstream = dialectOf(order.upstream);
  const findings = upstream.inspect(json, order.operation);
  const isGood = findings.fault === undefined && !findings.empty;
  if (order.upstream === order.client || !isGood || !isJsonObject(json)) {
    return { findings, notices: NO_NOTICES, payload: bytes };
  }
  if (order.operation === "count_tokens") {
    const count = upstream.translation?.count?.countOf(json) ?? 0;
    const answer = dialectOf(order.client).countReply(count);
    return { findings, notices: NO_NOTICES, payload: TEXT.encode(JSON.stringify(answer)) };
  }
  return { findings, ...writeReply(order, neutralOf(order, json, findings)) };
}

/** A reply that is not for the client yet. */
export interface NeutralRead {
  readonly findings: ReplyFindings;
  /** Undefined when there is none that is good. */
  readonly reply: NeutralReply | undefined;
}

/** Reads a reply whose answer has to be looked at. */
export function readNeutralReply(order: WholeOrder, bytes: Uint8Array): NeutralRead {
  const json = parsed(bytes);
  const findings = dialectOf(order.upstream).inspect(json, order.operation);
  const isGood = findings.fault === undefined && !findings.empty && isJsonObject(json);
  return { findings, reply: isGood ? neutralOf(order, json, findings) : undefined };
}

function neutralOf(order: WholeOrder, json: JsonObject, findings: ReplyFindings): NeutralReply {
  const { upstream, client, model, restoring, inputTokens } = order;
  const { translation } = dialectOf(upstream);
  if (translation === undefined) throw new Error(`${upstream} cannot be translated to ${client}.`);
  const read = translation.replyToNeutral(json);
  const told = read.model === "" ? { ...read, model } : read;
  const usage = findings.usage ?? estimatedUsage(inputTokens, findings.textLength);
  const reply = told.usage === undefined ? { ...told, usage } : told;
  return restoring === undefined ? reply : restoreReply(reply, restoring);
}

/** The reply as the client's dialect has it. */
export function writeReply(
  order: WholeOrder,
  reply: NeutralReply,
): Pick<ReadReply, "notices" | "payload"> {
  const { facts, requestId, nowSeconds, upstream, client } = order;
  const { translation } = dialectOf(client);
  if (translation === undefined) throw new Error(`${upstream} cannot be translated to ${client}.`);
  const notices: Notice[] = [];
  const written = translation.replyFromNeutral(reply, {
    facts,
    framing: "sse",
    requestId,
    nowSeconds,
    notice: (kind, subject) => notices.push(`${kind}:${subject}`),
  });
  return { notices, payload: TEXT.encode(JSON.stringify(written)) };
}

function piecesOf({ split, headUsage }: WholeOrder, bytes: Uint8Array): ReplyPiece[] {
  if (split === undefined) {
    return [{ json: parsed(bytes), positions: undefined, headUsage: headUsage?.[0] }];
  }
  let start = 0;
  return split.sizes.map((size, index) => {
    const json = parsed(bytes.subarray(start, start + size));
    start += size;
    return { json, positions: split.positions[index], headUsage: headUsage?.[index] };
  });
}
