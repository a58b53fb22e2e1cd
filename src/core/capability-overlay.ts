// What operators know of models, laid over what the provider kinds know: cell by cell, the document wins.

import { type Capabilities, type ModelLimits, withCapabilities } from "./features.ts";

/** Names of limits in the document. */
export const LIMIT_FIELDS = {
  context_tokens: "contextTokens",
  max_output_tokens: "maxOutputTokens",
  max_temperature: "maxTemperature",
  max_stop_sequences: "stopSequences",
  max_tools: "tools",
  max_images: "images",
  max_image_base64_bytes: "imageBase64Bytes",
  min_thinking_tokens: "minThinkingTokens",
  max_thinking_tokens: "maxThinkingTokens",
} as const satisfies Record<string, keyof ModelLimits>;
export type LimitField = keyof typeof LIMIT_FIELDS;

/** What the table says of a provider's model. */
export type CapabilityLookup = (provider: string, model: string) => Capabilities;

/** What the look-up puts together. */
export interface OverlaidCapabilities {
  /** The kind's own row, by the provider's name and what the model's name stands for. */
  readonly known: CapabilityLookup;
  /** `provider/model` or `provider/*` -> what the document says. */
  readonly overrides: ReadonlyMap<string, Capabilities>;
}

/** Rows kept; callers choose model names, so that the memory needs a bound. */
const MAX_REMEMBERED = 4096;

/** One look-up over document and kinds. `provider/model` wins over `provider/*`, both over the kind. */
export function capabilitiesWithOverlay(parts: OverlaidCapabilities): CapabilityLookup {
  const { known, overrides } = parts;
  const remembered = new Map<string, Capabilities>();
  return (provider, model) => {
    const name = `${provider}/${model}`;
    const kept = remembered.get(name);
    if (kept !== undefined) return kept;
    const general = overrides.get(`${provider}/*`) ?? {};
    const exact = overrides.get(name) ?? {};
    const { features, limits } = known(provider, model);
    const row = withCapabilities(
      withCapabilities({ features: features ?? {}, limits: limits ?? {} }, general),
      exact,
    );
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(name, row);
    return row;
  };
}
