// The well-behaved answer, and the ways in which its delivery can go wrong.

import { gzipSync } from "node:zlib";
import { answerSpec, type PartialAnswer } from "../answers/answer-spec.ts";
import type { Frame } from "../answers/frame.ts";
import { frameBytes } from "../answers/frame-bytes.ts";
import { streamAnswer, wholeAnswer } from "../answers/vendor-answer.ts";
import { vendorError } from "../answers/vendor-error.ts";
import type { Behaviour } from "../behaviour.ts";
import { bytesOf, joined } from "../bytes.ts";
import { framingOf, type UpstreamFraming } from "../endpoint.ts";
import type { Gate } from "../gate.ts";
import type { RecordedRequest } from "../recorded-request.ts";
import type { ReplyWriter } from "../reply-writer.ts";
import type { HeaderPair } from "../request-reader.ts";

/** How an answer travels. Everything left out is done right. */
export interface Delivery {
  /** Nothing at all is written before this gate opens. */
  readonly firstByteGate?: Gate;
  /** After the head and this many content tokens the stream waits for the gate (0 = before any frame). */
  readonly hold?: { readonly afterTokens: number; readonly gate: Gate };
  /** Closes (or resets) the connection after this many content tokens, or amid a whole body. */
  readonly cut?: { readonly afterTokens: number; readonly reset?: boolean };
  /** Puts text or bytes into the stream, as they are, after this many content tokens (0 = before any frame). */
  readonly insert?: {
    readonly afterTokens: number;
    readonly text: string | Uint8Array;
    readonly isLast?: boolean;
  };
  /** Sends every usage frame twice. */
  readonly usageTwice?: boolean;
  /** Line ending of the stream. */
  readonly newline?: "\n" | "\r\n" | "\r";
  /** Cuts the body into network writes of this many bytes. */
  readonly pieceBytes?: number;
  /** Compresses the body although nobody asked for it. */
  readonly gzip?: boolean;
  /** Added to the true content length of a whole body. */
  readonly lengthError?: number;
  readonly headers?: readonly HeaderPair[];
}

/** Answers as the vendor would, with what the spec changes, delivered as told. */
export function answer(partial: PartialAnswer = {}, delivery: Delivery = {}): Behaviour {
  const spec = answerSpec(partial);
  return async (request, reply) => {
    await delivery.firstByteGate?.pass();
    if (request.endpoint.isStream) {
      const framing = framingOf(request.target);
      return sendStream({ all: streamAnswer(request, spec), framing }, reply, delivery);
    }
    const body = wholeAnswer(request, spec);
    const known = body ?? vendorError(request.endpoint.dialect, 404, `No path ${request.target}`);
    const status = body === undefined ? 404 : 200;
    const whole = { text: JSON.stringify(known), contentType: "application/json", status };
    return sendWhole(whole, reply, delivery);
  };
}

/** Sends these frames instead of an answer. */
export function frames(
  make: (request: RecordedRequest) => readonly Frame[],
  delivery: Delivery = {},
): Behaviour {
  return async (request, reply) => {
    await delivery.firstByteGate?.pass();
    return sendStream({ all: make(request), framing: framingOf(request.target) }, reply, delivery);
  };
}

/** A body that is sent as one piece of known length. */
interface WholeBody {
  readonly text: string | Uint8Array;
  readonly contentType: string;
  readonly status: number;
}

async function sendWhole(whole: WholeBody, reply: ReplyWriter, delivery: Delivery): Promise<void> {
  const plain = typeof whole.text === "string" ? bytesOf(whole.text) : whole.text;
  const body = delivery.gzip === true ? gzipSync(plain) : plain;
  const length = body.length + (delivery.lengthError ?? 0);
  const headers = headersOf(whole.contentType, delivery);
  await reply.head(whole.status, headers, { by: "length", length });
  if (delivery.cut !== undefined) {
    await reply.write(body.subarray(0, body.length >> 1));
    return cutOff(reply, delivery.cut);
  }
  await inPieces(body, reply, delivery);
  // With a wrong length the reply cannot be followed by another one.
  return delivery.lengthError === undefined ? reply.finish() : reply.cut();
}

async function sendStream(
  { all, framing }: { readonly all: readonly Frame[]; readonly framing: UpstreamFraming },
  reply: ReplyWriter,
  delivery: Delivery,
): Promise<void> {
  const pieces = all.map((each) => frameBytes(each, framing, delivery.newline ?? "\n"));
  const contentType = CONTENT_TYPES[framing];
  if (delivery.gzip === true || delivery.lengthError !== undefined)
    return sendWhole({ text: joined(pieces), contentType, status: 200 }, reply, delivery);
  await reply.head(200, headersOf(contentType, delivery), { by: "chunks" });
  let tokens = 0;
  if (await isEndedAt(tokens, reply, delivery)) return;
  for (const [index, each] of all.entries()) {
    if (reply.isOver) return;
    const bytes = pieces[index] ?? new Uint8Array(0);
    await inPieces(bytes, reply, delivery);
    if (each.isUsage && delivery.usageTwice === true) await inPieces(bytes, reply, delivery);
    if (!each.isContent) continue;
    tokens += 1;
    if (await isEndedAt(tokens, reply, delivery)) return;
  }
  return reply.finish();
}

const CONTENT_TYPES: Readonly<Record<UpstreamFraming, string>> = {
  sse: "text/event-stream; charset=utf-8",
  aws: "application/vnd.amazon.eventstream",
  "aws-chunks": "application/vnd.amazon.eventstream",
  lines: "application/x-ndjson",
};

/** Does what is due after this many tokens. True when the stream is over by it. */
async function isEndedAt(
  tokens: number,
  reply: ReplyWriter,
  { hold, insert, cut }: Delivery,
): Promise<boolean> {
  if (insert?.afterTokens === tokens) {
    await reply.write(insert.text);
    if (insert.isLast === true) {
      await reply.finish();
      return true;
    }
  }
  if (hold?.afterTokens === tokens) await hold.gate.pass();
  if (cut?.afterTokens !== tokens) return false;
  await cutOff(reply, cut);
  return true;
}

async function cutOff(reply: ReplyWriter, cut: NonNullable<Delivery["cut"]>): Promise<void> {
  if (cut.reset === true) reply.reset();
  else await reply.cut();
}

async function inPieces(
  bytes: Uint8Array,
  reply: ReplyWriter,
  { pieceBytes }: Delivery,
): Promise<void> {
  const size = pieceBytes ?? bytes.length;
  for (let offset = 0; offset < bytes.length && !reply.isOver; offset += size)
    await reply.write(bytes.subarray(offset, offset + size));
}

function headersOf(contentType: string, { gzip, headers }: Delivery): HeaderPair[] {
  return [
    ["content-type", contentType],
    ...(gzip === true ? [["content-encoding", "gzip"] as const] : []),
    ["x-request-id", "req_scripted"],
    ...(headers ?? []),
  ];
}
