// What a whole reply says, and what of it goes to the client. Pure: runs on the event loop for small
// replies and on a worker thread for large ones.

import { isJsonObject } from "#core/json.ts";
import type { Notice } from "#core/notices.ts";
import { restoreReply } from "#dialects/adapt/restore-reply.ts";
import { dialectOf } from "#dialects/list.ts";
import { parsed } from "../upstream/attempt-failure.ts";
import { type ReplyPiece, readVectorReply } from "./read-vector-reply.ts";
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
  const from = upstream.translation;
  const to = dialectOf(order.client).translation;
  if (from === undefined || to === undefined) {
    throw new Error(`${order.upstream} cannot be translated to ${order.client}.`);
  }
  if (order.operation === "count_tokens") {
    const answer = dialectOf(order.client).countReply(from.count?.countOf(json) ?? 0);
    return { findings, notices: NO_NOTICES, payload: TEXT.encode(JSON.stringify(answer)) };
  }
  const notices: Notice[] = [];
  const read = from.replyToNeutral(json);
  const { restoring } = order;
  const reply = restoring === undefined ? read : restoreReply(read, restoring);
  const written = to.replyFromNeutral(reply, {
    facts: order.facts,
    framing: "sse",
    requestId: order.requestId,
    nowSeconds: order.nowSeconds,
    notice: (kind, subject) => notices.push(`${kind}:${subject}`),
  });
  return { findings, notices, payload: TEXT.encode(JSON.stringify(written)) };
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
