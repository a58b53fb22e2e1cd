// Whole replies: read, judged, then passed on as they came or translated.

import type { JsonObject } from "#core/json.ts";
import { isJsonObject } from "#core/json.ts";
import type { Notice } from "#core/notices.ts";
import type { ReplyFindings } from "#dialects/dialect.ts";
import type { Exchange } from "../exchange.ts";
import type { GatewayDependencies } from "../gateway-dependencies.ts";
import type { Attempt } from "../upstream/attempt.ts";
import { AttemptFailure, failureOfFault, parsed } from "../upstream/attempt-failure.ts";
import { readReply } from "../upstream/read-body.ts";
import { type ReadReply, readWholeReply, type WholeOrder } from "./read-whole-reply.ts";

/** A good reply, ready for the client. */
export interface WholeReply {
  readonly payload: Uint8Array | Blob;
  readonly findings: ReplyFindings;
}

/** Replies beyond this many bytes are read on a worker thread. */
const LARGE_REPLY_BYTES = 1_000_000;

/**
 * Reads the reply of an opened attempt and judges it.
 * @throws AttemptFailure when it is an error, empty or not of the dialect
 */
export async function judgeWhole(
  exchange: Exchange,
  attempt: Attempt,
  dependencies: GatewayDependencies,
): Promise<WholeReply> {
  const { reply } = attempt;
  if (reply === undefined) throw new Error("The attempt is not open.");
  const { maxReplyBytes } = exchange.snapshot.server;
  const { bytes, isWhole } = await readReply(reply, maxReplyBytes);
  if (!isWhole) throw tooLarge(maxReplyBytes, reply.status);
  const read = await seen(readIt(exchange, attempt, bytes, dependencies), dependencies);
  const { findings } = read;
  if (findings.fault !== undefined) throw failureOfFault(findings.fault, reply.status);
  if (findings.empty) {
    const used = findings.usage;
    throw new AttemptFailure("empty", "The reply has no content.", { status: reply.status, used });
  }
  attempt.markFirstToken();
  for (const notice of read.notices) exchange.notice(...splitNotice(notice));
  return { payload: read.payload, findings };
}

function tooLarge(limitBytes: number, status: number): AttemptFailure {
  const limit = Math.floor(limitBytes / 2 ** 20);
  const message = `The reply is larger than ${limit} MB (server.max_reply_mb). Ask for less, or for a stream.`;
  return new AttemptFailure("reply_too_large", message, { status });
}

/** The attempt fails as if the upstream were at fault, but a fault of ours must be seen. */
async function seen<Value>(work: Promise<Value>, { emit }: GatewayDependencies): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    emit({ type: "fault-caught", where: "reply", error });
    throw error;
  }
}

async function readIt(
  exchange: Exchange,
  attempt: Attempt,
  bytes: Uint8Array,
  dependencies: GatewayDependencies,
): Promise<ReadReply> {
  const { facts, route, requestId } = exchange;
  if (facts === undefined) throw new Error("A reply needs the facts of its call.");
  const order: WholeOrder = {
    upstream: attempt.dialect.id,
    client: exchange.dialect.id,
    operation: route.operation,
    facts,
    requestId,
    nowSeconds: Math.floor(dependencies.clock.now() / 1000),
  };
  if (bytes.length <= LARGE_REPLY_BYTES) {
    const json = parsed(bytes);
    return readWholeReply(order, json, bytes);
  }
  const input = order as unknown as JsonObject;
  const done = await dependencies.workbench.run("read-reply", input, bytes);
  if (!isJsonObject(done.output)) throw new Error("The worker gave no findings.");
  const { findings, notices } = done.output as unknown as Omit<ReadReply, "payload">;
  return { findings, notices, payload: done.body };
}

function splitNotice(notice: Notice): [Parameters<Exchange["notice"]>[0], string] {
  const colon = notice.indexOf(":");
  return [notice.slice(0, colon) as Parameters<Exchange["notice"]>[0], notice.slice(colon + 1)];
}
