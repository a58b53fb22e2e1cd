// Errors in OpenAI's form: those of upstreams as they and their imitators write them, and our own.

import type { GatewayError } from "#core/errors.ts";
import { vendorTypes } from "#core/errors.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asNumber, asObject, asString } from "#core/json.ts";
import type { HeaderFields } from "#core/ports/transport.ts";
import { readRetryAfter } from "#wire/retry-after.ts";
import { sseFrame } from "#wire/sse.ts";
import { MALFORMED_REPLY, type UpstreamFault } from "../neutral.ts";

/** An error reply. Understands OpenAI's form, flat ones (Mistral, Cohere) and lists of them (FastAPI). */
export function readFault(
  status: number,
  body: Json | undefined,
  headers: HeaderFields,
): UpstreamFault {
  const fault = readFaultBody(body) ?? {
    code: "",
    message: `The upstream answered ${status} without a message.`,
  };
  const retryAfterMs = readRetryAfter(headers) ?? retryInMessage(fault.message);
  return { status, ...fault, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

/** An error object in a body that says 200, or in an event of a stream; undefined when there is none. */
export function readInlineFault(body: JsonObject): UpstreamFault | undefined {
  const error = body["error"];
  if (error === undefined || error === null || error === false) return undefined;
  const fault = readFaultBody(body) ?? { code: "", message: "The upstream reported an error." };
  return { status: statusOf(asObject(error) ?? {}), ...fault };
}

/** What is not of this dialect at all. */
export function malformed(message: string): UpstreamFault {
  return { status: 0, code: MALFORMED_REPLY, message };
}

/** Our own error. */
export function writeFault(error: GatewayError): JsonObject {
  return {
    error: {
      message: error.message,
      type: vendorTypes(error.status).openaiType,
      param: error.extras.param ?? null,
      code: error.code,
      details: (error.extras.details ?? null) as Json,
    },
  };
}

/** Our own error in a stream. Nothing follows: a stream that broke off has no `[DONE]`. */
export function writeFaultFrames(error: GatewayError, requestId: string): string {
  const sluice = { request_id: requestId, code: error.code, ...error.extras.sluice };
  return sseFrame(JSON.stringify({ ...writeFault(error), sluice }));
}

/** A vendor's error in a stream, for a client of ours. */
export function writeUpstreamFault(fault: UpstreamFault): string {
  const type = vendorTypes(fault.status === 0 ? 502 : fault.status).openaiType;
  return sseFrame(
    JSON.stringify({ error: { message: fault.message, type, param: null, code: fault.code } }),
  );
}

function readFaultBody(
  body: Json | undefined,
): Pick<UpstreamFault, "code" | "message"> | undefined {
  // Google's imitation wraps its errors in a list.
  const outer = asObject(body) ?? asObject(asArray(body)[0]);
  if (outer === undefined) return undefined;
  const text = asString(outer["error"]);
  if (text !== undefined) return { code: asString(outer["code"]) ?? "", message: text };
  const error = asObject(outer["error"]) ?? outer;
  const message = messageOf(error) ?? asString(asArray(outer["error"])[0]);
  if (message === undefined) return undefined;
  const code = asString(error["code"]) ?? asString(error["type"]) ?? asNumber(error["code"]);
  return { code: String(code ?? ""), message: withCause(message, error) };
}

/** A text; or what FastAPI found, which Mistral puts into `message`, others into `detail`. */
function messageOf(error: JsonObject): string | undefined {
  const { message, detail } = error;
  if (typeof message === "string") return message;
  return detailOf(asObject(message)?.["detail"] ?? message) ?? detailOf(detail);
}

/** FastAPI: a text, or a list of what is wrong where. */
function detailOf(detail: Json | undefined): string | undefined {
  const first = asObject(asArray(detail)[0]);
  const found = asString(detail) ?? asString(first?.["msg"]);
  const place = asArray(first?.["loc"]).filter((step) => typeof step !== "object");
  return found === undefined || place.length === 0 ? found : `${found} (${place.join(".")})`;
}

/** OpenRouter puts what the vendor behind it said into `metadata.raw`. */
function withCause(message: string, error: JsonObject): string {
  const raw = asString(asObject(error["metadata"])?.["raw"]);
  return raw === undefined || raw === "" ? message : `${message}: ${raw}`;
}

/** Codes and types by which OpenAI and its imitators say in a stream what a status would have said. */
const STATUS_OF_WORD: ReadonlyMap<string, number> = new Map([
  ["rate_limit_exceeded", 429],
  ["rate_limit_error", 429],
  ["insufficient_quota", 429],
  ["server_is_overloaded", 503],
  ["engine_overloaded", 503],
  ["overloaded_error", 503],
  ["service_unavailable", 503],
  ["slow_down", 503],
]);

function statusOf(error: JsonObject): number {
  const status = asNumber(error["status_code"]) ?? asNumber(error["code"]);
  if (status === undefined) {
    const named = STATUS_OF_WORD.get(asString(error["code"]) ?? "");
    return named ?? STATUS_OF_WORD.get(asString(error["type"]) ?? "") ?? 0;
  }
  return Number.isInteger(status) && status >= 400 && status <= 599 ? status : 0;
}

const TRY_AGAIN = /try again in (\d+(?:\.\d+)?)(ms|s|m)\b/i;
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

/** OpenAI and Groq: `Please try again in 1.3s`. */
function retryInMessage(message: string): number | undefined {
  const [, amount = "", unit = ""] = TRY_AGAIN.exec(message) ?? [];
  const unitMs = UNIT_MS[unit.toLowerCase()];
  return unitMs === undefined ? undefined : Math.ceil(Number(amount) * unitMs);
}
