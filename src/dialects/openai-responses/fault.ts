// Errors of this API: in bodies as everywhere at OpenAI, in streams as an `error` event that is followed
// by the failed response.

import type { GatewayError } from "#core/errors.ts";
import type { JsonObject } from "#core/json.ts";
import { asObject, asString } from "#core/json.ts";
import type { UpstreamFault } from "../neutral.ts";
import { readInlineFault, writeFault } from "../openai-chat/fault.ts";
import { frame } from "./frame.ts";
import { responseShell } from "./response-shell.ts";

/**
 * The number of events that tell of our own error. They are written without the stream before them, and
 * must not come before any of its events.
 */
const AFTER_ALL_OTHERS = 1_000_000_000;

/** An error in a body that says 200, or in a response that failed; undefined when there is none. */
export function readBodyFault(body: JsonObject): UpstreamFault | undefined {
  const fault = readInlineFault(body);
  if (fault !== undefined) return fault;
  if (body["status"] !== "failed") return undefined;
  return { status: 0, code: "failed", message: "The upstream's response failed." };
}

/** An error event of a stream: its members stand in it, or in an `error` of its own. */
export function readEventFault(event: JsonObject, type: string): UpstreamFault | undefined {
  const response = asObject(event["response"]);
  if (type === "response.failed") return readBodyFault({ ...response, status: "failed" });
  if (type !== "error" && type !== "") return undefined;
  const inner = readInlineFault(event);
  if (inner !== undefined || type === "") return inner;
  const { type: _type, ...error } = event;
  const told = readInlineFault({ error });
  const message = asString(event["message"]) ?? "The upstream reported an error.";
  return { status: told?.status ?? 0, code: asString(event["code"]) ?? "", message };
}

/** Our own error in a stream that has begun. Nothing follows. */
export function writeFaultFrames(error: GatewayError, requestId: string): string {
  const { error: told } = writeFault(error);
  const sluice = { request_id: requestId, code: error.code, ...error.extras.sluice };
  return failureFrames(
    { code: error.code, message: error.message, error: told ?? null, sluice },
    { code: failureCode(error.code, error.status), requestId },
  );
}

/** Clients look for the members in either place, so the event has them in both. */
function failureFrames(
  told: { readonly code: string; readonly message: string } & JsonObject,
  failed: { readonly code: string; readonly requestId: string },
): string {
  const error = { code: failed.code, message: told.message };
  const response = {
    ...responseShell({ id: `resp_${failed.requestId.replace(/^req_/, "")}` }),
    status: "failed",
    error,
  };
  return (
    frame("error", { param: null, ...told }, AFTER_ALL_OTHERS) +
    frame("response.failed", { response }, AFTER_ALL_OTHERS + 1)
  );
}

/** OpenAI's own word where clients wait for it, else ours. */
function failureCode(code: string, status: number): string {
  return status === 429 ? "rate_limit_exceeded" : code;
}
