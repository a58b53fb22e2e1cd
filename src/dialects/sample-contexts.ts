// Contexts for tests of dialects: what the gateway would hand in, with the notices kept for looking at.

import type { CallFacts } from "#core/facts.ts";
import type { Notice } from "#core/notices.ts";
import type { ClientContext, Framing, ModelTraits, UpstreamContext } from "./dialect.ts";

/** Facts of a plain call, with what the test cares about put in. */
export function sampleFacts(given: Partial<CallFacts> = {}): CallFacts {
  return {
    operation: "generate",
    dialect: "sample",
    model: "sample-model",
    stream: false,
    wantsUsage: false,
    textLength: 0,
    maxOutputTokens: 0,
    choices: 1,
    messageCount: 1,
    toolCount: 0,
    imageCount: 0,
    audioCount: 0,
    fileCount: 0,
    hasSchema: false,
    reasoning: false,
    user: "",
    metadata: {},
    ...given,
  };
}

/** Traits of a model that can do everything. */
export function sampleTraits(given: Partial<ModelTraits> = {}): ModelTraits {
  return {
    reasoning: "effort",
    outputCapField: "max_completion_tokens",
    defaultOutputTokens: 4096,
    ...given,
  };
}

/** A context that writes for a client and keeps its notices. */
export function sampleClient(
  facts: Partial<CallFacts> = {},
  framing: Framing = "sse",
): ClientContext & { readonly notices: readonly Notice[] } {
  const notices: Notice[] = [];
  return {
    facts: sampleFacts(facts),
    framing,
    requestId: "req_sample",
    nowSeconds: 1_800_000_000,
    notices,
    notice: (kind, subject) => notices.push(`${kind}:${subject}`),
  };
}

/** A context that writes for an upstream and keeps its notices. */
export function sampleUpstream(
  given: { traits?: Partial<ModelTraits>; model?: string; stateOrigins?: Iterable<string> } = {},
): UpstreamContext & { readonly notices: readonly Notice[] } {
  const notices: Notice[] = [];
  return {
    model: given.model ?? "sample-model",
    stateOrigins: new Set(given.stateOrigins),
    traits: sampleTraits(given.traits),
    notices,
    notice: (kind, subject) => notices.push(`${kind}:${subject}`),
  };
}
