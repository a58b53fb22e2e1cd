// What a call used, in disjoint counters, whatever the vendor's own way of counting is.

import type { Json } from "./json.ts";

/**
 * Token counters of one attempt. `inputTokens`, `cacheReadTokens`, the two cache writes and
 * `outputTokens` are disjoint and their sum is the total. The fields named after a part
 * (`reasoningTokens`, `…AudioTokens`, `…ImageTokens`) are shares of input or output, never added again.
 */
export interface Usage {
  /** Input tokens that were neither read from nor written to a cache. */
  readonly inputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWrite5mTokens: number;
  readonly cacheWrite1hTokens: number;
  /** Output tokens, reasoning included. */
  readonly outputTokens: number;
  /** The share of `outputTokens` that was reasoning. */
  readonly reasoningTokens: number;
  /** The share of `inputTokens` that was audio. */
  readonly inputAudioTokens: number;
  /** The share of `inputTokens` that was images. */
  readonly inputImageTokens: number;
  /**
   * Shares of `cacheReadTokens`, where the vendor tells them. They decide what the attempt costs; records
   * keep the sum alone.
   */
  readonly cacheReadAudioTokens?: number;
  readonly cacheReadImageTokens?: number;
  /** The share of `outputTokens` that was audio. */
  readonly outputAudioTokens: number;
  /** The share of `outputTokens` that was images. */
  readonly outputImageTokens: number;
  /** Calls of tools that the vendor ran and bills apart, by the vendor's name: `{ web_search: 2 }`. */
  readonly serverToolRequests: Readonly<Record<string, number>>;
  /** `estimated` when the upstream told nothing and Sluice counted itself. */
  readonly source: "provider" | "estimated";
  /** Set when the vendor served the call at a tier whose prices are not those of its list. */
  readonly isAtOtherTier?: true;
}

/** What vendors call the tier that their price lists are about. */
const LISTED_TIERS: ReadonlySet<string> = new Set([
  ...["", "auto", "default", "standard", "on_demand"],
  ...["unspecified", "traffic_type_unspecified"],
]);

/** The mark of counters of another tier: priority costs more than the list says, flex and batch less. */
export function atTier(...tiers: readonly (Json | undefined)[]): { readonly isAtOtherTier?: true } {
  const isOther = tiers.some((tier) => {
    return typeof tier === "string" && !LISTED_TIERS.has(tier.toLowerCase());
  });
  return isOther ? { isAtOtherTier: true } : {};
}

const NO_TOOLS: Readonly<Record<string, number>> = Object.freeze({});

/** Counters that say: nothing was used. */
export const NO_USAGE: Usage = Object.freeze(usage({}));

/** Fills the counters that are not given with 0. */
export function usage(counters: Partial<Usage>): Usage {
  return {
    inputTokens: counters.inputTokens ?? 0,
    cacheReadTokens: counters.cacheReadTokens ?? 0,
    cacheWrite5mTokens: counters.cacheWrite5mTokens ?? 0,
    cacheWrite1hTokens: counters.cacheWrite1hTokens ?? 0,
    outputTokens: counters.outputTokens ?? 0,
    reasoningTokens: counters.reasoningTokens ?? 0,
    inputAudioTokens: counters.inputAudioTokens ?? 0,
    inputImageTokens: counters.inputImageTokens ?? 0,
    outputAudioTokens: counters.outputAudioTokens ?? 0,
    outputImageTokens: counters.outputImageTokens ?? 0,
    ...cacheShares(counters.cacheReadAudioTokens ?? 0, counters.cacheReadImageTokens ?? 0),
    serverToolRequests: counters.serverToolRequests ?? NO_TOOLS,
    source: counters.source ?? "provider",
    ...(counters.isAtOtherTier && { isAtOtherTier: true as const }),
  };
}

function cacheShares(audio: number, image: number): Partial<Usage> {
  if (audio === 0 && image === 0) return {};
  return { cacheReadAudioTokens: audio, cacheReadImageTokens: image };
}

/** All input classes together: what OpenAI and Gemini call prompt tokens. */
export function totalInputTokens(used: Usage): number {
  return (
    used.inputTokens + used.cacheReadTokens + used.cacheWrite5mTokens + used.cacheWrite1hTokens
  );
}

/** Input of every class and output. */
export function totalTokens(used: Usage): number {
  return totalInputTokens(used) + used.outputTokens;
}

/** The sum of two usages, for an exchange with several billed attempts. Estimated wins as source. */
export function addUsage(left: Usage, right: Usage): Usage {
  const tools: Record<string, number> = { ...left.serverToolRequests };
  for (const [name, count] of Object.entries(right.serverToolRequests)) {
    tools[name] = (tools[name] ?? 0) + count;
  }
  return {
    inputTokens: left.inputTokens + right.inputTokens,
    cacheReadTokens: left.cacheReadTokens + right.cacheReadTokens,
    cacheWrite5mTokens: left.cacheWrite5mTokens + right.cacheWrite5mTokens,
    cacheWrite1hTokens: left.cacheWrite1hTokens + right.cacheWrite1hTokens,
    outputTokens: left.outputTokens + right.outputTokens,
    reasoningTokens: left.reasoningTokens + right.reasoningTokens,
    inputAudioTokens: left.inputAudioTokens + right.inputAudioTokens,
    inputImageTokens: left.inputImageTokens + right.inputImageTokens,
    outputAudioTokens: left.outputAudioTokens + right.outputAudioTokens,
    outputImageTokens: left.outputImageTokens + right.outputImageTokens,
    ...cacheShares(
      (left.cacheReadAudioTokens ?? 0) + (right.cacheReadAudioTokens ?? 0),
      (left.cacheReadImageTokens ?? 0) + (right.cacheReadImageTokens ?? 0),
    ),
    serverToolRequests: tools,
    source: left.source === "estimated" || right.source === "estimated" ? "estimated" : "provider",
    ...((left.isAtOtherTier || right.isAtOtherTier) && { isAtOtherTier: true as const }),
  };
}
