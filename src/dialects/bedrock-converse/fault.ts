// Errors in Amazon's form: a message in the body, the type in a header or, inside a stream, in the name
// of the frame.

import type { GatewayError } from "#core/errors.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { asNumber, asObject, asString } from "#core/json.ts";
import type { HeaderFields } from "#core/ports/transport.ts";
import { EXCEPTION_PREFIX } from "#wire/aws-event-stream.ts";
import { readRetryAfter } from "#wire/retry-after.ts";
import { sseFrame } from "#wire/sse.ts";
import type { UpstreamFault } from "../neutral.ts";

/** Statuses of the vendor's error types (API reference of Converse, common errors of AWS, 2026-11). */
const STATUSES: ReadonlyMap<string, number> = new Map([
  ["ValidationException", 400],
  ["AccessDeniedException", 403],
  ["ResourceNotFoundException", 404],
  ["ModelTimeoutException", 408],
  ["ModelErrorException", 424],
  ["ModelStreamErrorException", 424],
  ["ThrottlingException", 429],
  ["ModelNotReadyException", 429],
  ["InternalServerException", 500],
  ["InternalFailure", 500],
  ["ServiceUnavailableException", 503],
  ["ServiceUnavailable", 503],
]);

/**
 * Types whose status hides what they mean: keys that are no good come as 400 too, quotas as 400, and a
 * model that is to blame as 424.
 */
const MEANINGS: ReadonlyMap<string, number> = new Map([
  ["UnrecognizedClientException", 401],
  ["InvalidSignatureException", 401],
  ["IncompleteSignatureException", 401],
  ["IncompleteSignature", 401],
  ["InvalidClientTokenId", 401],
  ["MissingAuthenticationToken", 401],
  ["MissingAuthenticationTokenException", 401],
  ["SignatureDoesNotMatch", 401],
  ["ExpiredToken", 401],
  ["ExpiredTokenException", 401],
  ["RequestExpired", 401],
  ["OptInRequired", 403],
  ["NotAuthorized", 403],
  ["ServiceQuotaExceededException", 429],
  ["TooManyRequestsException", 429],
  ["ModelErrorException", 500],
  ["ModelStreamErrorException", 500],
]);

/** True for the name of a frame that is an error. */
export function isFaultName(name: string): boolean {
  return name.startsWith(EXCEPTION_PREFIX) || /Exception$/.test(name);
}

/** Reads an error frame. @param name of the frame: `exception:throttlingException` */
export function readFaultFrame(name: string, data: JsonObject): UpstreamFault {
  const bare = name.startsWith(EXCEPTION_PREFIX) ? name.slice(EXCEPTION_PREFIX.length) : name;
  return faultOf(0, bare, data);
}

/** Reads the error of a reply with an error status; see `Dialect.readFault`. */
export function readFault(
  status: number,
  body: Json | undefined,
  headers: HeaderFields,
): UpstreamFault {
  const retryAfterMs = readRetryAfter(headers);
  const outer = asObject(body) ?? {};
  const type = headers.get("x-amzn-errortype") ?? typeIn(outer) ?? "";
  return {
    ...faultOf(status, type, outer),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** The error that a body tells of which came as a reply; undefined when it tells of none. */
export function faultInBody(body: JsonObject): UpstreamFault | undefined {
  const type = typeIn(body);
  if (body["output"] !== undefined) return undefined;
  return type === undefined && messageIn(body) === undefined
    ? undefined
    : faultOf(0, type ?? "", body);
}

/** Our own error in this dialect. */
export function fault(error: GatewayError, requestId: string): JsonObject {
  const { param, details } = error.extras;
  return {
    message: error.message,
    __type: typeFor(error.status),
    code: error.code,
    requestId,
    ...(param !== undefined && { param }),
    ...(details !== undefined && { details: details as Json }),
  };
}

/** Our own error as the last event of a stream. */
export function faultFrames(error: GatewayError, requestId: string): string {
  const type = typeFor(error.status);
  const name = `${EXCEPTION_PREFIX}${type.charAt(0).toLowerCase()}${type.slice(1)}`;
  return sseFrame(JSON.stringify(fault(error, requestId)), name);
}

/** `com.amazon.coral#ThrottlingException:http://…`, `throttlingException`: all the same type. */
function plainType(text: string): string {
  const name = text.replace(/:.*$/s, "").replace(/^.*#/s, "").trim();
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function faultOf(status: number, type: string, body: JsonObject): UpstreamFault {
  const code = plainType(type);
  const original = asNumber(body["originalStatusCode"]);
  const known = status === 0 ? (original ?? STATUSES.get(code) ?? 0) : status;
  const meant = MEANINGS.get(code);
  return {
    status: original === undefined && meant !== undefined ? meant : known,
    code,
    message: messageIn(body) ?? describe(status, code),
  };
}

function typeIn(body: JsonObject): string | undefined {
  return asString(body["__type"]) ?? asString(body["code"]);
}

function messageIn(body: JsonObject): string | undefined {
  const candidates = [
    body["message"],
    body["Message"],
    body["originalMessage"],
    body["errorMessage"],
    asObject(body["error"])?.["message"],
  ];
  return candidates.map(asString).find((text) => text !== undefined && text !== "");
}

function typeFor(status: number): string {
  for (const [type, own] of STATUSES) if (own === status) return type;
  return status >= 500 ? "InternalServerException" : "ValidationException";
}

function describe(status: number, code: string): string {
  if (code !== "") return `The upstream reported ${code} without a message.`;
  if (status === 0) return "The upstream reported an error without a message.";
  return `The upstream answered with status ${status} and no error message.`;
}
