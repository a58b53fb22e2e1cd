// Whole replies: read, judged, then passed on as they came or translated.

import type { JsonObject } from "#core/json.ts";
import { isJsonObject } from "#core/json.ts";
import type { Notice } from "#core/notices.ts";
import type { UpstreamReply } from "#core/ports/transport.ts";
import type { AnswerPlan } from "#dialects/adapt/restoring.ts";
import type { ReplyFindings } from "#dialects/dialect.ts";
import { joinBytes } from "#wire/join-bytes.ts";
import type { Exchange } from "../exchange.ts";
import type { GatewayDependencies } from "../gateway-dependencies.ts";
import type { Split } from "../stages/shape.ts";
import type { Attempt } from "../upstream/attempt.ts";
import { AttemptFailure, failureOfFault } from "../upstream/attempt-failure.ts";
import { readReply } from "../upstream/read-body.ts";
import { holdAnswer } from "./hold-answer.ts";
import {
  type NeutralRead,
  readNeutralReply,
  readWholeReply,
  writeReply,
} from "./read-whole-reply.ts";
import { splitReplies } from "./split-replies.ts";
import { usageOf } from "./used.ts";
import type { ReadReply, WholeOrder } from "./whole-order.ts";

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
  const taken = await take(exchange, attempt, reply);
  const plan = attempt.restoring?.answer;
  if (plan !== undefined) return judgeHeld(exchange, attempt, { taken, plan }, dependencies);
  const read = await readSeen(exchange, attempt, taken, dependencies);
  const { findings } = read;
  if (findings.fault !== undefined) {
    throw failureOfFault(findings.fault, reply.status, findings.usage);
  }
  if (findings.empty) {
    const used = findings.usage;
    throw new AttemptFailure("empty", "The reply has no content.", { status: reply.status, used });
  }
  attempt.markFirstToken();
  for (const notice of read.notices) exchange.notice(...splitNotice(notice));
  return { payload: read.payload, findings };
}

/** Judges a reply whose answer has to be looked at before the client gets it. */
async function judgeHeld(
  exchange: Exchange,
  attempt: Attempt,
  { taken, plan }: { readonly taken: Taken; readonly plan: AnswerPlan },
  dependencies: GatewayDependencies,
): Promise<WholeReply> {
  const order = orderOf(exchange, attempt, taken.parts, dependencies);
  const { findings, reply } = await seen(readHeld(order, taken, dependencies), dependencies);
  const status = attempt.reply?.status ?? 0;
  if (findings.fault !== undefined) throw failureOfFault(findings.fault, status);
  const used = usageOf(exchange, findings.usage, findings.textLength);
  if (findings.empty || reply === undefined) {
    throw new AttemptFailure("empty", "The reply has no content.", { status, used });
  }
  attempt.markFirstToken();
  const held = await holdAnswer({ reply, plan, status, used }, dependencies);
  const { payload, notices } = writeReply(order, held);
  for (const notice of notices) exchange.notice(...splitNotice(notice));
  return { payload, findings };
}

async function readHeld(
  order: WholeOrder,
  { bytes }: Taken,
  dependencies: GatewayDependencies,
): Promise<NeutralRead> {
  if (bytes.length <= LARGE_REPLY_BYTES) return readNeutralReply(order, bytes);
  const input = order as unknown as JsonObject;
  const { output } = await dependencies.workbench.run("read-neutral", input, bytes);
  return output as unknown as NeutralRead;
}

/** What came, and how it has to be read. */
interface Taken {
  readonly bytes: Uint8Array;
  readonly parts: Pick<WholeOrder, "split" | "headUsage">;
}

const NO_PARTS: Taken["parts"] = Object.freeze({});

async function take(exchange: Exchange, attempt: Attempt, reply: UpstreamReply): Promise<Taken> {
  const { maxReplyBytes } = exchange.snapshot.server;
  const { split } = attempt;
  if (split !== undefined) return takeSplit(exchange, attempt, split);
  const { bytes, isWhole } = await readReply(reply, maxReplyBytes);
  if (!isWhole) throw tooLarge(maxReplyBytes, reply.status);
  const told = attempt.dialect.usageOfHead?.(reply.headers);
  return { bytes, parts: told === undefined ? NO_PARTS : { headUsage: [told] } };
}

async function takeSplit(exchange: Exchange, attempt: Attempt, split: Split): Promise<Taken> {
  const { maxReplyBytes } = exchange.snapshot.server;
  let left = maxReplyBytes;
  const read = async (each: UpstreamReply) => {
    const { bytes, isWhole } = await readReply(each, left);
    left -= bytes.length;
    if (!isWhole || left < 0) throw tooLarge(maxReplyBytes, each.status);
    return { bytes, headers: each.headers };
  };
  const inputTokens = exchange.sensed?.inputTokens ?? 0;
  const pieces = await splitReplies(attempt, split, { read, inputTokens });
  const sizes = pieces.map(({ bytes }) => bytes.length);
  return {
    bytes: joinBytes(
      pieces.map(({ bytes }) => bytes),
      maxReplyBytes - left,
    ),
    parts: {
      split: { sizes, positions: split.positions },
      headUsage: pieces.map(({ headers }) => attempt.dialect.usageOfHead?.(headers)),
    },
  };
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

/** Small replies are read at once: most calls come through here, and each wait costs something. */
function readSeen(
  exchange: Exchange,
  attempt: Attempt,
  { bytes, parts }: Taken,
  dependencies: GatewayDependencies,
): ReadReply | Promise<ReadReply> {
  const order = orderOf(exchange, attempt, parts, dependencies);
  if (bytes.length > LARGE_REPLY_BYTES) {
    return seen(readOnThread(order, bytes, dependencies), dependencies);
  }
  try {
    return readWholeReply(order, bytes);
  } catch (error) {
    dependencies.emit({ type: "fault-caught", where: "reply", error });
    throw error;
  }
}

async function readOnThread(
  order: WholeOrder,
  bytes: Uint8Array,
  dependencies: GatewayDependencies,
): Promise<ReadReply> {
  const input = order as unknown as JsonObject;
  const done = await dependencies.workbench.run("read-reply", input, bytes);
  if (!isJsonObject(done.output)) throw new Error("The worker gave no findings.");
  const { findings, notices } = done.output as unknown as Omit<ReadReply, "payload">;
  return { findings, notices, payload: done.body };
}

function orderOf(
  exchange: Exchange,
  attempt: Attempt,
  parts: Taken["parts"],
  dependencies: GatewayDependencies,
): WholeOrder {
  const { facts, route, requestId } = exchange;
  if (facts === undefined) throw new Error("A reply needs the facts of its call.");
  const order: { -readonly [Key in keyof WholeOrder]: WholeOrder[Key] } = {
    upstream: attempt.dialect.id,
    client: exchange.dialect.id,
    operation: route.operation,
    facts,
    requestId,
    nowSeconds: Math.floor(dependencies.clock.now() / 1000),
    inputTokens: exchange.sensed?.inputTokens ?? 0,
    model: attempt.target.model,
  };
  if (attempt.restoring !== undefined) order.restoring = attempt.restoring;
  if (attempt.documents !== undefined) order.documents = attempt.documents;
  return parts === NO_PARTS ? order : { ...order, ...parts };
}

function splitNotice(notice: Notice): [Parameters<Exchange["notice"]>[0], string] {
  const colon = notice.indexOf(":");
  return [notice.slice(0, colon) as Parameters<Exchange["notice"]>[0], notice.slice(colon + 1)];
}
