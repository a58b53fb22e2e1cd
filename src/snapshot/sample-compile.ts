// A small world for tests of documents: variables, files, a catalogue, the real provider kinds.

import type { Catalogue, Rates } from "#core/pricing.ts";
import { tokenRates } from "#core/pricing.ts";
import { PROVIDER_KINDS } from "#providers/list.ts";
import type { CompileOptions, CompileResult, CompileSettings } from "./compile.ts";
import { compileDocument } from "./compile.ts";
import type { ConfigIssue } from "./document/issue.ts";
import type { References } from "./document/references.ts";
import type { Snapshot } from "./snapshot.ts";

const OFFERED: ReadonlyMap<string, readonly string[]> = new Map([
  ["openai", ["gpt-5", "gpt-5-mini", "shared-model"]],
  ["anthropic", ["claude-haiku-4-5", "shared-model"]],
  ["demo", ["echo", "json", "slow", "flaky", "rate-limited"]],
]);

const CATALOGUE_RATES: Rates = {
  base: tokenRates({ input: 250_000n, cacheRead: 25_000n, output: 2_000_000n }),
  tiers: [
    { aboveInputTokens: 200_000, rates: tokenRates({ input: 500_000n, output: 3_000_000n }) },
  ],
  serverTools: {},
  version: "catalogue:2026-09-23",
};

/** Knows a handful of models; all but `shared-model` have the same price. */
export const SAMPLE_CATALOGUE: Catalogue = {
  version: "catalogue:2026-09-23",
  knows: (kind, model) => OFFERED.get(kind)?.includes(model) ?? false,
  models: (kind) => OFFERED.get(kind) ?? [],
  rates: (kind, model) =>
    OFFERED.get(kind)?.includes(model) && model !== "shared-model" ? CATALOGUE_RATES : undefined,
  limits: (_kind, model) =>
    model === "gpt-5" || model === "gpt-5-mini"
      ? { inputTokens: 400_000, outputTokens: 128_000 }
      : { inputTokens: 0, outputTokens: 0 },
};

/** References out of two plain records. */
export function sampleReferences(
  variables: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>> = {},
): References {
  return {
    env: (name) => (Object.hasOwn(variables, name) ? variables[name] : undefined),
    file: (path) => (Object.hasOwn(files, path) ? files[path] : undefined),
  };
}

/** The sample catalogue and the real provider kinds. */
export function sampleSettings(references: References): CompileSettings {
  return { references, catalogue: SAMPLE_CATALOGUE, providerKinds: PROVIDER_KINDS };
}

/** Compiles as a start-up file unless told otherwise. */
export function sampleCompile(text: string, options: Partial<CompileOptions> = {}): CompileResult {
  return compileDocument(text, {
    origin: { kind: "file", path: "sluice.yaml" },
    ...sampleSettings(sampleReferences({ OPENAI_API_KEY: "sk-real-openai-1" })),
    nowMs: Date.UTC(2026, 9, 1),
    version: 0,
    ...options,
  });
}

/** The snapshot of a document that must compile. */
export function sampleSnapshot(text: string, options: Partial<CompileOptions> = {}): Snapshot {
  const result = sampleCompile(text, options);
  if (result.ok) return result.snapshot;
  throw new Error(`the document should compile: ${JSON.stringify(result.errors)}`);
}

/** The errors of a document, in the order of the text. */
export function sampleErrors(
  text: string,
  options: Partial<CompileOptions> = {},
): readonly ConfigIssue[] {
  const result = sampleCompile(text, options);
  return result.ok ? [] : result.errors;
}
