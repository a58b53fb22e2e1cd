// What a whole reply says, and what of it goes to the client. Pure: runs on the event loop for small
// replies and on a worker thread for large ones.

import type { CallFacts, DialectId, Operation } from "#core/facts.ts";
import type { Json } from "#core/json.ts";
import { isJsonObject } from "#core/json.ts";
import type { Notice } from "#core/notices.ts";
import type { ReplyFindings } from "#dialects/dialect.ts";
import { dialectOf } from "#dialects/list.ts";

/** Plain data, so that it can cross to a worker thread. */
export interface WholeOrder {
  readonly upstream: DialectId;
  readonly client: DialectId;
  readonly operation: Operation;
  readonly facts: CallFacts;
  readonly requestId: string;
  readonly nowSeconds: number;
}

export interface ReadReply {
  readonly findings: ReplyFindings;
  readonly notices: readonly Notice[];
  /** For the client; without meaning when the findings are bad. */
  readonly payload: Uint8Array | Blob;
}

const TEXT = new TextEncoder();
const NO_NOTICES: readonly Notice[] = [];

/** Reads a reply. In the same dialect the payload is the very bytes that came. */
export function readWholeReply(
  order: WholeOrder,
  json: Json | undefined,
  bytes: Uint8Array,
): ReadReply {
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
  const notices: Notice[] = [];
  const written = to.replyFromNeutral(from.replyToNeutral(json), {
    facts: order.facts,
    framing: "sse",
    requestId: order.requestId,
    nowSeconds: order.nowSeconds,
    notice: (kind, subject) => notices.push(`${kind}:${subject}`),
  });
  return { findings, notices, payload: TEXT.encode(JSON.stringify(written)) };
}
