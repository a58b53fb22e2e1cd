// Errors in Anthropic's form, read from upstreams and written for clients.

import type { GatewayError } from "#core/errors.ts";
import { vendorTypes } from "#core/errors.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { asObject, asString } from "#core/json.ts";
import type { HeaderFields } from "#core/ports/transport.ts";
import { readRetryAfter } from "#wire/retry-after.ts";
import type { UpstreamFault } from "../neutral.ts";
import { frame } from "./frame.ts";

/** Statuses that the vendor's error types stand for (vendor's documentation of errors, 2026-11). */
const STATUSES: ReadonlyMap<string, number> = new Map([
  ["invalid_request_error", 400],
  ["authentication_error", 401],
  ["billing_error", 402],
  ["permission_error", 403],
  ["not_found_error", 404],
  ["conflict_error", 409],
  ["request_too_large", 413],
  ["rate_limit_error", 429],
  ["api_error", 500],
  ["timeout_error", 504],
  ["overloaded_error", 529],
]);

/** True for a body that is an error and not a reply, whatever status it came with. */
export function isFaultBody(body: JsonObject): boolean {
  return body["type"] === "error" || (body["error"] !== undefined && body["error"] !== null);
}

/**
 * Reads an error body or the data of an `error` event.
 * @param status of the reply; 0 inside a stream or a 200, where the error's type tells it
 */
export function readFaultBody(status: number, body: Json | undefined): UpstreamFault {
  const outer = asObject(body) ?? {};
  const inner = asObject(outer["error"]) ?? outer;
  const type = asString(inner["type"]) ?? "";
  const code = type === "error" ? "" : type;
  return {
    status: status === 0 ? (STATUSES.get(code) ?? 0) : status,
    code,
    message: readMessage(outer, inner) ?? describe(status),
  };
}

/** Reads the error of a reply with an error status; see `Dialect.readFault`. */
export function readFault(
  status: number,
  body: Json | undefined,
  headers: HeaderFields,
): UpstreamFault {
  const retryAfterMs = readRetryAfter(headers);
  return { ...readFaultBody(status, body), ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

/** Our own error in this dialect (contract section 7). The path of a field goes into the details. */
export function fault(error: GatewayError, requestId: string): JsonObject {
  return {
    type: "error",
    error: {
      type: vendorTypes(error.status).anthropicType,
      message: error.message,
      code: error.code,
      ...writeDetails(error),
    },
    request_id: requestId,
  };
}

/** Our own error as the last event of a stream, with what the head of the response could not say. */
export function faultFrames(error: GatewayError, requestId: string): string {
  const { sluice } = error.extras;
  const body = fault(error, requestId);
  return frame("error", sluice === undefined ? body : { ...body, sluice });
}

function writeDetails(error: GatewayError): JsonObject {
  const { param, details } = error.extras;
  if (details === undefined) return { details: param === undefined ? null : { param } };
  if (isList(details)) return { details: [...details] };
  return { details: { ...(param !== undefined && { param }), ...details } };
}

function isList(details: JsonObject | readonly JsonObject[]): details is readonly JsonObject[] {
  return Array.isArray(details);
}

/** Servers that imitate Anthropic put their message in one of a few places. */
function readMessage(outer: JsonObject, inner: JsonObject): string | undefined {
  const candidates = [inner["message"], outer["message"], outer["error"], outer["detail"]];
  return candidates.map(asString).find((text) => text !== undefined && text !== "");
}

function describe(status: number): string {
  if (status === 0) return "The upstream reported an error without a message.";
  return `The upstream answered with status ${status} and no error message.`;
}
