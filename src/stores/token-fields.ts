// Usage in the outward spelling: the token fields of contract section 8, everywhere the same.

import type { JsonObject } from "#core/json.ts";
import type { Usage } from "#core/usage.ts";

/** The counters of a usage that are sums of integers, in the order in which rows show them. */
export const TOKEN_COUNTERS = [
  "inputTokens",
  "cacheReadTokens",
  "cacheWrite5mTokens",
  "cacheWrite1hTokens",
  "outputTokens",
  "reasoningTokens",
  "inputAudioTokens",
  "inputImageTokens",
  "outputAudioTokens",
  "outputImageTokens",
] as const satisfies readonly (keyof Usage)[];

/** One counter of a usage. */
export type TokenCounter = (typeof TOKEN_COUNTERS)[number];

/** The outward name of each counter, which is also the name of its column. */
export const TOKEN_FIELDS = {
  inputTokens: "input_tokens",
  cacheReadTokens: "cache_read_tokens",
  cacheWrite5mTokens: "cache_write_5m_tokens",
  cacheWrite1hTokens: "cache_write_1h_tokens",
  outputTokens: "output_tokens",
  reasoningTokens: "reasoning_tokens",
  inputAudioTokens: "input_audio_tokens",
  inputImageTokens: "input_image_tokens",
  outputAudioTokens: "output_audio_tokens",
  outputImageTokens: "output_image_tokens",
} as const satisfies Record<TokenCounter, string>;

/** A usage as the admin API shows it. */
export function usageView(used: Usage): JsonObject {
  const view: JsonObject = {};
  for (const counter of TOKEN_COUNTERS) view[TOKEN_FIELDS[counter]] = used[counter];
  view["server_tool_requests"] = { ...used.serverToolRequests };
  view["source"] = used.source;
  return view;
}
