// `capabilities:` — what models can do, where the operator knows it better than Sluice.

import { z } from "zod";
import type { LimitField } from "#core/capability-overlay.ts";
import { FEATURES, type Feature, type FeatureRow } from "#core/features.ts";
import { key } from "./key-facts.ts";
import { TARGETS_NAME } from "./quantities.ts";

const WITH_EMULATION = ["native", "emulated", "none"] as const;
const PLAIN = ["native", "none"] as const;

const CONSEQUENCE = {
  dropped: "`none`: left out of translated requests, with a notice",
  refused: "`none`: such calls go to other targets, or are refused",
} as const;

function support({ title, withoutIt, canBeEmulated }: FeatureRow) {
  const standsIn = canBeEmulated ? " `emulated`: Sluice stands in for it." : "";
  return key(z.enum(canBeEmulated ? WITH_EMULATION : PLAIN).optional(), {
    description: `${title} ${CONSEQUENCE[withoutIt]}.${standsIn}`,
    fallback: "what Sluice knows of the model; unknown counts as `native`",
    example: canBeEmulated ? "emulated" : "none",
  });
}

function features(): Record<Feature, ReturnType<typeof support>> {
  const entries = Object.entries(FEATURES).map(([name, row]) => [name, support(row)]);
  return Object.fromEntries(entries) as Record<Feature, ReturnType<typeof support>>;
}

function limit(description: string, unit: string, example: number) {
  return key(z.int().min(1).max(100_000_000).optional(), {
    description,
    unit,
    fallback: "what Sluice knows of the model, else none",
    example,
  });
}

const limits = {
  context_tokens: limit(
    "Input and output together. Calls that are estimated to be longer go to targets with more room.",
    "tokens",
    8192,
  ),
  max_output_tokens: limit("Longest answer; higher wishes are lowered.", "tokens", 4096),
  max_temperature: key(z.number().positive().max(100).optional(), {
    description: "Highest temperature; higher wishes are lowered.",
    fallback: "what Sluice knows of the model, else none",
    example: 1,
  }),
  max_stop_sequences: limit("Stop sequences of one call; more are left out.", "sequences", 4),
  max_tools: limit("Tools of one call; more are refused.", "tools", 128),
  max_images: limit("Images of one call; more are refused.", "images", 20),
  max_image_base64_bytes: limit(
    "Size of one image as base64; larger ones are refused.",
    "bytes",
    5_242_880,
  ),
  min_thinking_tokens: limit("Smallest budget of reasoning.", "tokens", 1024),
  max_thinking_tokens: limit("Largest budget of reasoning.", "tokens", 32_000),
} satisfies Record<LimitField, z.ZodType>;

/** The `capabilities` section: `provider/model` or `provider/*`. */
export const capabilitiesSection = z.record(
  z.string().regex(TARGETS_NAME),
  z.strictObject({ ...features(), ...limits }),
);
