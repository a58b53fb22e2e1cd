// Errors as Google reports them, read and written (google.rpc.Status, contract section 7).

import type { GatewayError } from "#core/errors.ts";
import { vendorTypes } from "#core/errors.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { isJsonObject } from "#core/json.ts";
import type { HeaderFields } from "#core/ports/transport.ts";
import { readRetryAfter } from "#wire/retry-after.ts";
import type { Framing } from "../dialect.ts";
import { MALFORMED_REPLY, type UpstreamFault } from "../neutral.ts";
import type { Fields } from "./fields.ts";
import { replyFields } from "./fields.ts";

const DETAIL = "type.googleapis.com/google.rpc.";
/** Google says 400 to these, but they are the key's fault and not the request's. */
const KEY_REASONS: ReadonlySet<string> = new Set([
  "API_KEY_INVALID",
  "API_KEY_EXPIRED",
  "API_KEY_SERVICE_BLOCKED",
]);

/** The object that holds an `error`, also out of the array that a stream without SSE wraps it in. */
export function errorIn(body: Json | undefined): JsonObject | undefined {
  const items = Array.isArray(body) ? body : [body];
  return items.find((item): item is JsonObject => {
    return isJsonObject(item) && item["error"] !== undefined && item["error"] !== null;
  });
}

/** A fault for what is no reply of this dialect. */
export function malformed(message: string): UpstreamFault {
  return { status: 0, code: MALFORMED_REPLY, message };
}

/**
 * Reads an upstream's error.
 * @param status the HTTP status, 0 inside a 200; then the body's own counts
 */
export function readFault(
  status: number,
  body: Json | undefined,
  headers: HeaderFields,
): UpstreamFault {
  const holder = errorIn(body);
  const error = holder && replyFields(holder).object("error");
  const details = error?.objects("details") ?? [];
  const reason = detailOf(details, "ErrorInfo")?.string("reason") ?? "";
  const ownStatus = status === 0 ? (error?.integer("code") ?? 0) : status;
  const retryAfterMs =
    delayMs(detailOf(details, "RetryInfo")?.string("retryDelay")) ?? readRetryAfter(headers);
  const plainText = holder?.["error"];
  return {
    status: KEY_REASONS.has(reason) && ownStatus === 400 ? 401 : ownStatus,
    code: error?.string("status") ?? reason,
    message:
      error?.string("message") ??
      (typeof plainText === "string" ? plainText : "The upstream gave no reason."),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

function detailOf(details: readonly Fields[], name: string): Fields | undefined {
  return details.find((detail) => detail.string("@type") === DETAIL + name);
}

/** A protobuf duration: `34.4s`. */
function delayMs(text: string | undefined): number | undefined {
  const match = /^(\d{1,9}(?:\.\d{1,9})?)s$/.exec(text ?? "");
  return match === null ? undefined : Math.round(Number(match[1]) * 1000);
}

/** Our own error. `metadata` of ErrorInfo holds strings only, so that details stand in it as JSON. */
export function writeFault(error: GatewayError, requestId: string): JsonObject {
  const { param, details, retryAfterSeconds, status } = error.extras;
  const metadata = {
    request_id: requestId,
    ...(param !== undefined && { param }),
    ...(details !== undefined && { details: JSON.stringify(details) }),
  };
  const entries: JsonObject[] = [
    { "@type": `${DETAIL}ErrorInfo`, reason: error.code, domain: "sluice", metadata },
  ];
  if (retryAfterSeconds !== undefined) {
    entries.push({ "@type": `${DETAIL}RetryInfo`, retryDelay: `${retryAfterSeconds}s` });
  }
  return {
    error: {
      code: error.status,
      message: error.message,
      status: status === undefined ? error.row.geminiStatus : vendorTypes(status).geminiStatus,
      details: entries,
    },
  };
}

/** Where the frames of an error go, and what stands before them. */
export interface FaultPlace {
  readonly framing: Framing;
  /** False when nothing but white space has gone out, so that no array is open yet. */
  readonly hasContent: boolean;
}

/** Our own error as the last frame of a stream, with what the head of the response could not say. */
export function writeFaultFrames(
  error: GatewayError,
  requestId: string,
  { framing, hasContent }: FaultPlace,
): string {
  const { sluice } = error.extras;
  const fault = writeFault(error, requestId);
  const text = JSON.stringify(sluice === undefined ? fault : { ...fault, sluice });
  if (framing === "sse") return `data: ${text}\n\n`;
  return `${hasContent ? "," : "["}${text}]`;
}
