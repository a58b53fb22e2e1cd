// Errors in Cohere's form: `{id, message}`, in a body or inside a stream.

import type { GatewayError } from "#core/errors.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { asObject, asString } from "#core/json.ts";
import type { HeaderFields } from "#core/ports/transport.ts";
import { readRetryAfter } from "#wire/retry-after.ts";
import { sseFrame } from "#wire/sse.ts";
import { MALFORMED_REPLY, type UpstreamFault } from "../neutral.ts";

/** An error reply. Its code is the status: Cohere has no other. */
export function readFault(
  status: number,
  body: Json | undefined,
  headers: HeaderFields,
): UpstreamFault {
  const reply = asObject(body);
  const retryAfterMs = readRetryAfter(headers);
  const message = messageOf(reply) ?? `The upstream answered ${status} without a message.`;
  return {
    status,
    code: asString(reply?.["code"]) ?? "",
    message,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** An error in a body that says 200; undefined when it is an answer. */
export function readInlineFault(body: JsonObject): UpstreamFault | undefined {
  if (asObject(body["message"]) !== undefined || body["type"] !== undefined) return undefined;
  const message = messageOf(body);
  if (message === undefined) return undefined;
  return { status: 0, code: asString(body["code"]) ?? "", message };
}

/** What is not of this dialect at all. */
export function malformed(message: string): UpstreamFault {
  return { status: 0, code: MALFORMED_REPLY, message };
}

/** Proxies in front of the API answer with `error`. */
function messageOf(body: JsonObject | undefined): string | undefined {
  const error = body?.["error"];
  return asString(body?.["message"]) ?? asString(error) ?? asString(asObject(error)?.["message"]);
}

/** Our own error. */
export function writeFault(error: GatewayError, requestId: string): JsonObject {
  const details = (error.extras.details ?? null) as Json;
  return { id: requestId, message: error.message, code: error.code, details };
}

/** Our own error in a stream. Nothing follows. */
export function writeFaultFrames(error: GatewayError, requestId: string): string {
  return sseFrame(JSON.stringify(writeFault(error, requestId)), "error");
}

/** A vendor's error in a stream. */
export function writeUpstreamFault(fault: UpstreamFault): string {
  return sseFrame(JSON.stringify({ message: fault.message, code: fault.code }), "error");
}
