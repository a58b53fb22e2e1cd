// The headers that Sluice adds to answers, for the reference page. Their making is in
// response-headers.ts; a test holds the two together.

/** One header as the reference describes it. */
export interface HeaderRow {
  readonly name: string;
  readonly when: string;
  readonly meaning: string;
  readonly example: string;
}

/** Response headers, in the order of the reference page. */
export const RESPONSE_HEADERS: readonly HeaderRow[] = [
  row(
    "x-sluice-decision",
    "calls",
    "Id of the decision; opens the record in the admin API.",
    "dec_01k…",
  ),
  row(
    "x-request-id",
    "all but probes and metrics",
    "Ours, never the client's or the upstream's.",
    "req_01k…",
  ),
  row(
    "x-sluice-snapshot",
    "calls",
    "Hash of the configuration in force for this call.",
    "9f2c4e61a0b3d587",
  ),
  row("x-sluice-target", "a target answered", "Who answered.", "openai/gpt-5-mini"),
  row("x-sluice-attempts", "calls", "How many upstream attempts there were.", "2"),
  row(
    "x-sluice-cost-usd",
    "whole replies with a known price",
    "Exact cost in dollars.",
    "0.054399",
  ),
  row("x-sluice-cache", "calls", "What the cache did; off until it is built.", "off"),
  row(
    "x-sluice-notices",
    "something was degraded",
    "What was dropped, clamped, defaulted, estimated, emulated, converted or has no price, as kind:subject.",
    "dropped:logit_bias, estimated:usage",
  ),
  row("x-sluice-error", "errors", "The error code, one of the error reference.", "unknown_model"),
  row(
    "server-timing",
    "calls",
    "Milliseconds inside the gateway and waiting for upstreams.",
    "gateway;dur=0.41, upstream;dur=312.20",
  ),
  row("retry-after", "a later try makes sense", "Seconds to wait.", "7"),
  row(
    "x-should-retry",
    "errors after Sluice's own retries",
    "false: the client's own retries would only repeat them.",
    "false",
  ),
  row("x-upstream-request-id", "the upstream sent one", "The upstream's own id.", "req_abc"),
  row(
    "x-upstream-ratelimit-*",
    "the upstream sent some",
    "Vendor rate headers, renamed so that no client takes them for its own.",
    "x-upstream-ratelimit-remaining-tokens: 149984",
  ),
];

/** Request headers that are read and never sent upstream. */
export const CREDENTIAL_HEADERS: readonly HeaderRow[] = [
  row("authorization", "one of these", "Bearer and a Sluice key.", "Bearer sk-sluice-…"),
  row("x-api-key", "one of these", "A Sluice key, as Anthropic clients send it.", "sk-sluice-…"),
  row("x-goog-api-key", "one of these", "A Sluice key, as Google clients send it.", "sk-sluice-…"),
  row("api-key", "one of these", "A Sluice key, as Azure clients send it.", "sk-sluice-…"),
];

function row(name: string, when: string, meaning: string, example: string): HeaderRow {
  return Object.freeze({ name, when, meaning, example });
}
