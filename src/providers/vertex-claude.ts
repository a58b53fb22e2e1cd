// Claude on Vertex AI: Anthropic's own form, but for the model in the path, a version in the body, and betas that
// only Anthropic's own platform knows (platform.claude.com and docs.cloud.google.com, Claude on Vertex AI, 2026-11).

import type { DialectId } from "#core/facts.ts";
import { all, withCapabilities } from "#core/features.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { asObject } from "#core/json.ts";
import type { BodyEdits, ModelTraits } from "#dialects/dialect.ts";
import { scopeEdits } from "./cache-scope.ts";
import type { OutletCall } from "./provider.ts";
import { ANTHROPIC_FAMILIES } from "./traits/anthropic.ts";
import { traitsOf } from "./traits/families.ts";

const ANTHROPIC_VERSION = "vertex-2023-10-16";
const BETA_HEADER = "anthropic-beta";

/**
 * Beginnings of betas that Vertex answers with 400 "Unexpected value(s)": what they were for is there without
 * them, or not there at all. All others go along, known or not (issues of Claude Code and of gateways, 2026-11).
 */
const FOREIGN_BETAS = [
  "adaptive-thinking-",
  "effort-",
  "fast-mode-",
  "files-api-",
  "message-batches-",
  "oauth-",
  "prompt-caching-",
  "skills-",
  "structured-outputs-",
];
/** Refused where tokens are counted, wanted where the tool runs. */
const FOREIGN_WHEN_COUNTING = [...FOREIGN_BETAS, "web-search-"];

/** One beta was split up before it came to Vertex: of its tools, searching among tools is there. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ["advanced-tool-use-2025-11-20", "tool-search-tool-2025-10-19"],
]);

/** True for Claude by its name. */
export function isClaude(model: string): boolean {
  return /^claude/i.test(model);
}

/** The model stands in the path alone. */
export function generateEdits(body: JsonObject, call: OutletCall): BodyEdits {
  return new Map<string, Json | undefined>([
    ...countEdits(body, call, FOREIGN_BETAS),
    ["model", undefined],
  ]);
}

/** The model of a counting call stands in the body. */
export function countEdits(
  body: JsonObject,
  { headers, notice }: OutletCall,
  foreign: readonly string[] = FOREIGN_WHEN_COUNTING,
): BodyEdits {
  for (const beta of betasOf(headers)) {
    if (isForeign(beta, foreign)) notice("dropped", `${BETA_HEADER}.${beta.slice(0, 64)}`);
  }
  return new Map([["anthropic_version", ANTHROPIC_VERSION], ...scopeEdits(body)]);
}

/** Google's own refusals come before Anthropic's, in a form of their own: quotas, permissions, names. */
export function faultDialect(body: Json | undefined): DialectId | undefined {
  const outer = asObject(Array.isArray(body) ? body[0] : body);
  const code = asObject(outer?.["error"])?.["code"];
  return typeof code === "number" ? "gemini-generate" : undefined;
}

/** See `Endpoint.headers`. */
export function generateHeaders(headers: Readonly<Record<string, string>>) {
  return knownHeaders(headers, FOREIGN_BETAS);
}

/** See `Endpoint.headers`. */
export function countHeaders(headers: Readonly<Record<string, string>>) {
  return knownHeaders(headers, FOREIGN_WHEN_COUNTING);
}

function knownHeaders(
  headers: Readonly<Record<string, string>>,
  foreign: readonly string[],
): Readonly<Record<string, string>> {
  const betas = betasOf(headers);
  if (betas.length === 0) return headers;
  const known = betas
    .filter((beta) => !isForeign(beta, foreign))
    .map((beta) => RENAMED.get(beta) ?? beta);
  const { [BETA_HEADER]: _betas, ...rest } = headers;
  return known.length === 0 ? rest : { ...rest, [BETA_HEADER]: [...new Set(known)].join(",") };
}

function betasOf(headers: Readonly<Record<string, string>>): readonly string[] {
  return (headers[BETA_HEADER] ?? "")
    .split(",")
    .map((beta) => beta.trim())
    .filter((beta) => beta !== "");
}

function isForeign(beta: string, foreign: readonly string[]): boolean {
  return foreign.some((start) => beta.startsWith(start));
}

/**
 * Structured outputs are there for some models, and switched off by a policy of the organization until somebody
 * allows them; so they are emulated unless the document's `capabilities` says that they are native. Files of
 * Anthropic's are not there at all.
 */
const ELSEWHERE = {
  features: { ...all("emulated", "json_schema"), ...all("none", "strict_tools") },
};

/** What the models can do here. */
export function claudeTraits(model: string): ModelTraits {
  return withCapabilities(traitsOf(ANTHROPIC_FAMILIES, model), ELSEWHERE);
}

/** Before the 4.5 generation every place cost the same. */
const ONE_PRICE = /^claude-(?:[123]|instant|(?:opus|sonnet)-4(?:-1)?(?:@|$)|4-(?:opus|sonnet))/i;

/** Regional and multi-region endpoints cost a tenth more (platform.claude.com, pricing, 2026-11). */
export function claudeSurcharge(model: string, location: string | undefined): number {
  return isClaude(model) && location !== "global" && !ONE_PRICE.test(model) ? 10 : 0;
}
