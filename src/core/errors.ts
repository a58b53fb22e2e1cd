// Every error that Sluice itself answers with, in one table. The reference page is made from it.

import type { JsonObject } from "./json.ts";

/** Who is at fault: the client, the gateway (its rules or its state), or an upstream. */
export type ErrorSource = "client" | "gateway" | "upstream";

/** What the caller may do with the same request. */
export type RetryAdvice = "never" | "later";

/** One row of the table. `anthropicType` and `geminiStatus` are the vendors' own closed lists. */
export interface ErrorRow {
  readonly status: number;
  readonly source: ErrorSource;
  readonly retry: RetryAdvice;
  readonly openaiType: string;
  readonly anthropicType: string;
  readonly geminiStatus: string;
  /** When it happens, for the reference page. */
  readonly when: string;
  /** What to do about it. */
  readonly hint: string;
}

/** Builds a row; vendor types follow from the status unless a row says otherwise. */
function row(
  status: number,
  source: ErrorSource,
  when: string,
  hint: string,
  options: { retry?: RetryAdvice } = {},
): ErrorRow {
  const vendor = vendorTypes(status);
  return { status, source, retry: options.retry ?? "never", when, hint, ...vendor };
}

/** The vendors' error types for an HTTP status, as their documentation lists them (2026-08). */
export function vendorTypes(
  status: number,
): Pick<ErrorRow, "openaiType" | "anthropicType" | "geminiStatus"> {
  return VENDOR_TYPES.get(status) ?? (status >= 500 ? SERVER_FAULT : CLIENT_FAULT);
}

function vendor(openaiType: string, anthropicType: string, geminiStatus: string) {
  return Object.freeze({ openaiType, anthropicType, geminiStatus });
}

const CLIENT_FAULT = vendor("invalid_request_error", "invalid_request_error", "INVALID_ARGUMENT");
const SERVER_FAULT = vendor("server_error", "api_error", "INTERNAL");
const VENDOR_TYPES = new Map([
  [401, vendor("authentication_error", "authentication_error", "UNAUTHENTICATED")],
  [402, vendor("insufficient_quota", "billing_error", "RESOURCE_EXHAUSTED")],
  [403, vendor("permission_error", "permission_error", "PERMISSION_DENIED")],
  [404, vendor("invalid_request_error", "not_found_error", "NOT_FOUND")],
  [409, vendor("invalid_request_error", "invalid_request_error", "ABORTED")],
  [413, vendor("invalid_request_error", "request_too_large", "INVALID_ARGUMENT")],
  [429, vendor("rate_limit_error", "rate_limit_error", "RESOURCE_EXHAUSTED")],
  [503, vendor("server_error", "overloaded_error", "UNAVAILABLE")],
  [504, vendor("server_error", "timeout_error", "DEADLINE_EXCEEDED")],
]);

/** All errors by code. */
export const ERRORS = {
  invalid_key: row(
    401,
    "client",
    "No credential, a wrong one, or two different ones in one call.",
    "Send one Sluice key, for example as `Authorization: Bearer sk-sluice-…`.",
  ),
  expired_key: row(
    401,
    "client",
    "The key was valid once.",
    "Ask for a new key, or use the one that replaced it.",
  ),
  model_not_allowed: row(
    403,
    "gateway",
    "The caller's plan or key does not list the model or route.",
    "Ask for one of the models in `GET /v1/models`.",
  ),
  unknown_model: row(
    404,
    "client",
    "No virtual model, provider or catalogue entry has the name.",
    "Use a name from `GET /v1/models`.",
  ),
  ambiguous_model: row(
    400,
    "client",
    "A bare model name that several providers know.",
    "Write `provider/model`.",
  ),
  unknown_route: row(404, "client", "No such path.", "See the list of endpoints."),
  method_not_allowed: row(
    405,
    "client",
    "The path exists, the method does not.",
    "Use the method in the `allow` header.",
  ),
  unsupported_encoding: row(
    415,
    "client",
    "The content type is not JSON, or the body is compressed.",
    "Send `content-type: application/json` without `content-encoding`.",
  ),
  invalid_request: row(
    400,
    "client",
    "Malformed JSON, wrong types, duplicate keys, too deep.",
    "Correct the field that the message names.",
  ),
  body_too_large: row(
    413,
    "client",
    "The body is larger than `server.max_body_mb`.",
    "Send less, or raise the limit.",
  ),
  not_available: row(
    400,
    "gateway",
    "The engine behind this key, header, field or path is not built yet.",
    "Leave it out; the reference lists what is available.",
  ),
  unsupported_feature: row(
    400,
    "client",
    "No target of the route can serve a feature that the request needs.",
    "Leave the feature out or ask for another model.",
  ),
  unpriced_model: row(
    403,
    "gateway",
    "The model has no known price and `unpriced_models` is `deny`.",
    "Add the model under `prices:`.",
  ),
  upstream_failed: row(
    502,
    "upstream",
    "All targets failed; the last one with a server error, a broken reply or no connection.",
    "See `details` for one entry an attempt.",
    { retry: "later" },
  ),
  upstream_timeout: row(
    504,
    "upstream",
    "All targets failed; the last one by a time limit.",
    "See `details`; raise the limit that it names, or try later.",
    { retry: "later" },
  ),
  upstream_overloaded: row(
    503,
    "upstream",
    "All targets failed; the last one said it is overloaded.",
    "Try again after `retry-after`.",
    { retry: "later" },
  ),
  upstream_rate_limited: row(
    429,
    "upstream",
    "All targets failed; the last one is rate limited for the configured key.",
    "Try again after `retry-after`, or add keys or targets.",
    { retry: "later" },
  ),
  upstream_misconfigured: row(
    502,
    "upstream",
    "The upstream refused the configured key, account or model (401, 402, 403, 404).",
    "Check the provider's key and model name in the configuration.",
  ),
  upstream_rejected: row(
    400,
    "client",
    "The upstream found fault with the request itself; the status is the upstream's.",
    "Correct the request as the message says.",
  ),
  overloaded: row(
    503,
    "gateway",
    "The gateway holds too many request bytes, or is draining.",
    "Try again after `retry-after`.",
    { retry: "later" },
  ),
  internal_error: row(
    500,
    "gateway",
    "A fault of the gateway's own.",
    "Report it with the request id.",
    { retry: "later" },
  ),
  forbidden: row(
    403,
    "gateway",
    "The admin credential lacks the permission, or is bound to tenants that this is not about.",
    "Use a credential that has the permission.",
  ),
  not_found: row(404, "client", "The admin API has no such object.", "List the objects first."),
  conflict: row(
    409,
    "client",
    "The object exists already or changed in the meantime.",
    "Read it again and repeat the call.",
  ),
  version_moved: row(
    412,
    "client",
    "`if-match` names another configuration version than the current one.",
    "Read the configuration again, then repeat the change.",
  ),
  invalid_config: row(
    422,
    "client",
    "The configuration document has errors; the one in force stays.",
    "Correct the places that `details` names.",
  ),
} as const satisfies Record<string, ErrorRow>;

/** The closed list of codes. */
export type ErrorCode = keyof typeof ERRORS;

/** What may go with an error beside its code. */
export interface ErrorExtras {
  /** Path of the field at fault, in the caller's own spelling: `messages[2].role`. */
  readonly param?: string;
  /** Facts for programs: attempts, scopes, configuration errors. Never a key. */
  readonly details?: JsonObject | readonly JsonObject[];
  /** Seconds for `retry-after`. */
  readonly retryAfterSeconds?: number;
  /** Another status than the table's, where the upstream decides it (`upstream_rejected`). */
  readonly status?: number;
  /** Extra response headers, for example `allow`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** For error events inside a stream: what the response headers could no longer say (contract 6). */
  readonly sluice?: JsonObject;
  /** What went wrong inside, for the log only. */
  readonly cause?: unknown;
}

/** The one error class of the gateway. Dialects turn it into their own form with `fault`. */
export class GatewayError extends Error {
  readonly code: ErrorCode;
  readonly extras: ErrorExtras;

  /**
   * @param code a row of the table
   * @param message one or two sentences for the caller: what is wrong, then what to do; no keys
   */
  constructor(code: ErrorCode, message: string, extras: ErrorExtras = {}) {
    super(message, extras.cause === undefined ? undefined : { cause: extras.cause });
    this.name = "GatewayError";
    this.code = code;
    this.extras = extras;
  }

  get row(): ErrorRow {
    return ERRORS[this.code];
  }

  /** The HTTP status of the answer. */
  get status(): number {
    return this.extras.status ?? this.row.status;
  }
}

/** A refusal of the caller's input, with the path of the field. */
export function invalidRequest(param: string, message: string): GatewayError {
  return new GatewayError("invalid_request", message, param === "" ? {} : { param });
}

/** Anything that was thrown, as a GatewayError; foreign errors become `internal_error`. */
export function toGatewayError(thrown: unknown): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  return new GatewayError("internal_error", "The gateway failed to handle this request.", {
    cause: thrown,
  });
}
