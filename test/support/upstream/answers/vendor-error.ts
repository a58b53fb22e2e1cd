// Errors in each vendor's own words.

import type { JsonObject } from "#core/json.ts";
import type { UpstreamDialect } from "../endpoint.ts";

const ANTHROPIC_TYPES: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  529: "overloaded_error",
};

const GEMINI_STATUSES: Readonly<Record<number, string>> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  429: "RESOURCE_EXHAUSTED",
  503: "UNAVAILABLE",
};

const OPENAI_TYPES: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "invalid_request_error",
  404: "invalid_request_error",
  429: "rate_limit_exceeded",
};

/** The error body that the vendor of this dialect would send. */
export function vendorError(dialect: UpstreamDialect, status: number, message: string): JsonObject {
  if (dialect === "anthropic-messages") {
    const type = ANTHROPIC_TYPES[status] ?? "api_error";
    return { type: "error", error: { type, message }, request_id: "req_scripted" };
  }
  if (dialect === "bedrock-converse") return { message };
  if (dialect === "cohere-chat") return { id: "5ea4f1f6", message };
  if (dialect === "ollama-chat") return { error: message };
  if (dialect === "gemini-generate")
    return { error: { code: status, message, status: GEMINI_STATUSES[status] ?? "INTERNAL" } };
  return {
    error: { message, type: OPENAI_TYPES[status] ?? "server_error", param: null, code: null },
  };
}
