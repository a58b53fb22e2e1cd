// Errors in Ollama's form: `{error}`, a text, in a body or as a line of a stream.

import type { GatewayError } from "#core/errors.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { asNumber, asObject, asString } from "#core/json.ts";
import { readRetryAfter } from "#wire/retry-after.ts";
import { sseFrame } from "#wire/sse.ts";
import { MALFORMED_REPLY, type UpstreamFault } from "../neutral.ts";

/** An error reply. */
export function readFault(status: number, body: Json | undefined, headers: Headers): UpstreamFault {
  const retryAfterMs = readRetryAfter(headers);
  const told = readInlineFault(asObject(body) ?? {});
  return {
    status,
    code: told?.code ?? "",
    message: told?.message ?? `The upstream answered ${status} without a message.`,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** An error in a body that says 200 or in a line of a stream; undefined when there is none. */
export function readInlineFault(body: JsonObject): UpstreamFault | undefined {
  const error = body["error"];
  if (error === undefined || error === null || error === false) return undefined;
  // Proxies in front of it write errors in OpenAI's form.
  const message = asString(error) ?? asString(asObject(error)?.["message"]);
  const status = asNumber(body["status"]) ?? 0;
  return {
    status: Number.isInteger(status) && status >= 400 && status <= 599 ? status : 0,
    code: asString(body["code"]) ?? asString(asObject(error)?.["code"]) ?? "",
    message: message ?? "The upstream reported an error.",
  };
}

/** What is not of this dialect at all. */
export function malformed(message: string): UpstreamFault {
  return { status: 0, code: MALFORMED_REPLY, message };
}

/** Our own error. */
export function writeFault(error: GatewayError): JsonObject {
  const details = (error.extras.details ?? null) as Json;
  return { error: error.message, code: error.code, details };
}

/** Our own error in a stream. Nothing follows. */
export function writeFaultFrames(error: GatewayError): string {
  return sseFrame(JSON.stringify(writeFault(error)));
}

/** A vendor's error in a stream. */
export function writeUpstreamFault(fault: UpstreamFault): string {
  return sseFrame(JSON.stringify({ error: fault.message, code: fault.code }));
}
