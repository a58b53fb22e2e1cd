// Errors as vendors write them, for every status, and where in a reply they can stand. Written after the
// vendors' documents of November 2026.

import type { DialectId } from "#core/facts.ts";
import type { Json, JsonObject } from "#core/json.ts";

/** What a client must make of a status that an upstream gave (the contract's table of errors). */
export interface ExpectedError {
  readonly status: number;
  readonly code: string;
}

const UPSTREAM_FAILED = { status: 502, code: "upstream_failed" } as const;

/** Statuses and what they mean to the client of a gateway. */
export const STATUSES: ReadonlyMap<number, ExpectedError> = new Map([
  [400, { status: 400, code: "upstream_rejected" }],
  [401, { status: 502, code: "upstream_misconfigured" }],
  [402, { status: 502, code: "upstream_misconfigured" }],
  [403, { status: 502, code: "upstream_misconfigured" }],
  [404, { status: 502, code: "upstream_misconfigured" }],
  [408, UPSTREAM_FAILED],
  [409, { status: 409, code: "upstream_rejected" }],
  [413, { status: 413, code: "upstream_rejected" }],
  [422, { status: 422, code: "upstream_rejected" }],
  [429, { status: 429, code: "upstream_rate_limited" }],
  [498, { status: 503, code: "upstream_overloaded" }],
  [500, UPSTREAM_FAILED],
  [502, UPSTREAM_FAILED],
  [503, { status: 503, code: "upstream_overloaded" }],
  [504, UPSTREAM_FAILED],
  [529, { status: 503, code: "upstream_overloaded" }],
]);

export const MESSAGE = "Too long by 7 tokens.";

/** Bodies by whose they are; any upstream may have any of them before it. */
export const BODIES: Readonly<Record<string, (status: number) => Json | undefined>> = {
  openai: () => ({
    error: { message: MESSAGE, type: "invalid_request_error", param: null, code: "some_code" },
  }),
  anthropic: () => ({
    type: "error",
    error: { type: "api_error", message: MESSAGE },
    request_id: "req_1",
  }),
  google: (status) => ({ error: { code: status, message: MESSAGE, status: "ODD", details: [] } }),
  "google, in a list": (status) => [{ error: { code: status, message: MESSAGE, status: "ODD" } }],
  amazon: () => ({ message: MESSAGE }),
  cohere: () => ({ id: "1", message: MESSAGE }),
  mistral: () => ({
    object: "error",
    message: MESSAGE,
    type: "invalid",
    param: null,
    code: "3001",
  }),
  fastapi: () => ({ detail: [{ loc: ["body", "messages"], msg: MESSAGE, type: "value_error" }] }),
  openrouter: (status) => ({ error: { code: status, message: MESSAGE, metadata: {} } }),
  ollama: () => ({ error: MESSAGE }),
  "no JSON": () => undefined,
};

/** Bodies whose message every dialect finds. */
export const UNDERSTOOD: ReadonlySet<string> = new Set(["openai", "anthropic", "google"]);

/** An error inside a stream in the words of each dialect, by the class that it stands for. */
export const STREAM_ERRORS: Readonly<
  Record<DialectId, Readonly<Partial<Record<keyof typeof STREAM_CODES, JsonObject>>>>
> = {
  "openai-chat": {
    overloaded: { error: { message: MESSAGE, type: "server_error", code: 503 } },
    limited: { error: { message: MESSAGE, type: "tokens", code: "rate_limit_exceeded" } },
    failed: { error: { message: MESSAGE, type: "server_error", code: null } },
  },
  "openai-responses": {
    overloaded: { type: "error", code: "server_is_overloaded", message: MESSAGE, param: null },
    limited: { type: "error", code: "rate_limit_exceeded", message: MESSAGE, param: null },
    failed: { type: "error", code: "server_error", message: MESSAGE, param: null },
  },
  "anthropic-messages": {
    overloaded: { type: "error", error: { type: "overloaded_error", message: MESSAGE } },
    limited: { type: "error", error: { type: "rate_limit_error", message: MESSAGE } },
    failed: { type: "error", error: { type: "api_error", message: MESSAGE } },
  },
  "gemini-generate": {
    overloaded: { error: { code: 503, message: MESSAGE, status: "UNAVAILABLE" } },
    limited: { error: { code: 429, message: MESSAGE, status: "RESOURCE_EXHAUSTED" } },
    failed: { error: { code: 500, message: MESSAGE, status: "INTERNAL" } },
  },
  // The type stands for the name of the frame.
  "bedrock-converse": {
    overloaded: { type: "exception:serviceUnavailableException", message: MESSAGE },
    limited: { type: "exception:throttlingException", message: MESSAGE },
    failed: { type: "exception:internalServerException", message: MESSAGE },
  },
  "ollama-chat": {
    failed: { error: MESSAGE },
  },
};

/** The code that each class of a stream's error ends in. */
export const STREAM_CODES = {
  overloaded: "upstream_overloaded",
  limited: "upstream_rate_limited",
  failed: "upstream_failed",
} as const;
