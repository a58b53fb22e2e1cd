// Flags of Anthropic's betas on Bedrock, which takes them in the body and answers 400 "invalid beta flag" to
// each one that it does not know.

import type { JsonObject } from "#core/json.ts";
import { asArray, asString } from "#core/json.ts";
import type { OutletCall } from "./provider.ts";

const BETA_HEADER = "anthropic-beta";

/**
 * Beginnings of the flags that Bedrock takes (docs.aws.amazon.com/bedrock, Anthropic Claude Messages API, and
 * issues of gateways, 2026-11). A new version of a client brings new flags along, so those that are not here
 * are left out.
 */
const KNOWN = [
  "compact-",
  "computer-use-",
  "context-1m-",
  "context-management-",
  "dev-full-thinking-",
  "effort-",
  "fine-grained-tool-streaming-",
  "interleaved-thinking-",
  "output-128k-",
  "token-efficient-tools-",
  "tool-examples-",
  "tool-search-tool-",
];

/** One flag was split up before it came to Bedrock. */
const SPLIT: ReadonlyMap<string, readonly string[]> = new Map([
  ["advanced-tool-use-2025-11-20", ["tool-search-tool-2025-10-19", "tool-examples-2025-10-29"]],
]);

/**
 * The flags of a call, once each: those of the client's header that Bedrock knows, and whatever the body and
 * the document say themselves, since who writes there means Bedrock.
 */
export function betasOf(body: JsonObject, call: OutletCall): Set<string> {
  const betas = new Set<string>();
  const meant = new Set(flagsIn(call.documentHeaders?.[BETA_HEADER]));
  for (const beta of flagsIn(call.headers[BETA_HEADER])) {
    const parts = SPLIT.get(beta) ?? [beta];
    if (meant.has(beta) || parts.every(isKnown)) for (const part of parts) betas.add(part);
    else call.notice("dropped", `${BETA_HEADER}.${beta.slice(0, 64)}`);
  }
  for (const beta of meant) betas.add(beta);
  for (const beta of asArray(body["anthropic_beta"])) betas.add(asString(beta) ?? "");
  betas.delete("");
  return betas;
}

/** The headers without the flags, which stand in the body. */
export function withoutBetas(headers: Readonly<Record<string, string>>) {
  const { [BETA_HEADER]: _betas, ...rest } = headers;
  return rest;
}

function isKnown(beta: string): boolean {
  return KNOWN.some((start) => beta.startsWith(start));
}

function flagsIn(header: string | undefined): string[] {
  return (header ?? "")
    .split(",")
    .map((beta) => beta.trim())
    .filter((beta) => beta !== "");
}
