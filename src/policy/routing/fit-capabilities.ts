// What a call needs of a model, and whether the table knows that it is not there. What is unknown counts
// as there: the vendor decides.

import type { CallFacts, SensedFacts } from "#core/facts.ts";
import type { Capabilities, Feature } from "#core/features.ts";

/** Features without which a call would be another call, with the fact that asks for each. */
const NEEDS: readonly (readonly [Feature, (facts: CallFacts) => boolean])[] = [
  ["tools", ({ toolCount }) => toolCount > 0],
  ["images", ({ imageCount }) => imageCount > 0],
  ["audio", ({ audioCount }) => audioCount > 0],
  ["files", ({ fileCount }) => fileCount > 0],
  ["n", ({ choices }) => choices > 1],
];

/** The features that a call needs and the model is known to lack. */
export function missingFeatures(facts: CallFacts, capabilities: Capabilities): string[] {
  if (isPlain(facts)) return [];
  const needed = NEEDS.filter(([, asks]) => asks(facts)).map(([feature]) => feature);
  const { features = {}, limits = {} } = capabilities;
  const missing: string[] = needed.filter((feature) => features[feature] === "none");
  // The facts do not tell a schema from JSON mode: only who has neither is out.
  const hasNeither = features.json_schema === "none" && features.json_mode === "none";
  if (facts.hasSchema && hasNeither) missing.push("json_schema");
  if (facts.toolCount > (limits.tools ?? Number.POSITIVE_INFINITY)) {
    missing.push(`more than ${limits.tools} tools`);
  }
  if (facts.imageCount > (limits.images ?? Number.POSITIVE_INFINITY)) {
    missing.push(`more than ${limits.images} images`);
  }
  return missing;
}

/** True for most calls: text alone, and one answer; any model can do that. */
export function isPlain(facts: CallFacts): boolean {
  if (facts.operation !== "generate") return true;
  const { toolCount, imageCount, audioCount, fileCount, choices, hasSchema } = facts;
  return toolCount + imageCount + audioCount + fileCount === 0 && choices < 2 && !hasSchema;
}

/** The context of a model that is too small for a call; undefined when there is room, or nobody knows. */
export function tooLong(
  facts: CallFacts,
  { inputTokens }: SensedFacts,
  { limits }: Capabilities,
): number | undefined {
  const contextTokens = limits?.contextTokens;
  if (facts.operation !== "generate" || contextTokens === undefined) return undefined;
  return inputTokens > contextTokens ? contextTokens : undefined;
}
