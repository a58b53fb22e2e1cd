// Kinds, credentials and headers of `providers:`.

import { didYouMean } from "../document/did-you-mean.ts";
import type { WrittenProvider } from "../document/document.ts";
import type { DocumentPath } from "../document/issue.ts";
import { checkBaseUrl } from "./base-url-check.ts";
import type { CheckContext } from "./check-context.ts";
import { checkCredentials, LITERAL_SECRET } from "./credential-checks.ts";
import { checkSettings } from "./setting-checks.ts";

/** Headers that Sluice or the connection owns, and those that carry credentials. */
const OWNED_HEADERS: ReadonlySet<string> = new Set([
  "accept-encoding",
  "api-key",
  "authorization",
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "cookie",
  "expect",
  "host",
  "idempotency-key",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "traceparent",
  "tracestate",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "x-amz-content-sha256",
  "x-amz-date",
  "x-amz-security-token",
  "x-api-key",
  "x-goog-api-key",
]);

/** Checks the `providers` section. */
export function checkProviders(context: CheckContext): void {
  const entries = Object.entries(context.document.providers);
  for (const [name, provider] of entries) {
    const path = ["providers", name];
    const kind = context.kinds.get(provider.kind);
    if (kind === undefined) {
      reportKind(path, provider.kind, context);
      continue;
    }
    checkCredentials(path, provider, kind, context);
    checkSettings(path, provider, kind, context);
    checkBaseUrl([...path, "base_url"], provider, kind, context);
    checkHeaders([...path, "headers"], provider.headers, context);
    if (kind.transport === "demo") refuseUnused(path, provider, context);
  }
  for (const [name, { kind }] of context.leftOut) {
    if (!context.kinds.has(kind)) reportKind(["providers", name], kind, context);
  }
  if (entries.length === 0 && context.leftOut.size === 0) {
    context.warnings.atKey(["providers"], {
      code: "missing_key",
      message: "The document names no provider: no call can be served.",
    });
  }
}

function reportKind(path: DocumentPath, kind: string, context: CheckContext): void {
  const place = [...path, "kind"];
  const known = [...context.kinds.keys()];
  const near = didYouMean(kind, known);
  context.errors.atValue(place, {
    code: "unknown_name",
    message: `Unknown provider kind \`${kind.slice(0, 60)}\`.`,
    hint: near === "" ? `Available are ${known.map((id) => `\`${id}\``).join(", ")}.` : near,
  });
}

function checkHeaders(
  path: DocumentPath,
  headers: Readonly<Record<string, string>>,
  context: CheckContext,
): void {
  const seen = new Set<string>();
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    const problem = headerProblem(lower, value, seen);
    seen.add(lower);
    if (problem !== "") {
      context.errors.atKey([...path, name], { code: "invalid_value", message: problem });
    } else if (context.origin.kind === "api" && mayHoldSecret(lower, value)) {
      context.errors.atValue([...path, name], LITERAL_SECRET);
    }
  }
}

/** By its name, or by how keys of vendors begin. */
function mayHoldSecret(name: string, value: string): boolean {
  return (
    /(?:^|[-_.])(?:auth\w*|credentials?|(?:api)?key|password|secret|token)(?:[-_.]|$)/.test(name) ||
    /\b(?:bearer |basic |(?:sk|pk|rk|gsk|xai|AIza|AKIA|ya29)[-_]?[\w-]{12,})/i.test(value)
  );
}

function headerProblem(name: string, value: string, seen: ReadonlySet<string>): string {
  if (!/^[a-z0-9!#$%&'*+.^_`|~-]{1,128}$/.test(name)) return "This is not the name of a header.";
  if (seen.has(name)) return `The header \`${name}\` stands twice; letter case does not count.`;
  if (OWNED_HEADERS.has(name))
    return `The header \`${name}\` is set by Sluice itself or by the connection.`;
  if (name.startsWith("x-sluice-")) return "Headers `x-sluice-…` never go to an upstream.";
  if (!/^[\x20-\x7e]*$/.test(value) || value !== value.trim()) {
    return `The value of the header \`${name}\` holds signs that no header can carry, or spaces around it.`;
  }
  return "";
}

/** The demo provider would ignore these. */
function refuseUnused(path: DocumentPath, provider: WrittenProvider, context: CheckContext): void {
  const unused = (["api_key", "api_keys", "base_url"] as const).filter(
    (name) => provider[name] !== undefined,
  );
  if (Object.keys(provider.headers).length > 0) {
    context.errors.atKey([...path, "headers"], unusedFinding("headers"));
  }
  for (const name of unused) context.errors.atKey([...path, name], unusedFinding(name));
}

function unusedFinding(name: string) {
  return {
    code: "conflict",
    message: `The demo provider answers inside the gateway and has no use for \`${name}\`.`,
  } as const;
}
