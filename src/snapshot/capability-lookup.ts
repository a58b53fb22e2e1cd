// What models can do: the kinds' own tables with the document's `capabilities` laid over them.

import {
  type CapabilityLookup,
  capabilitiesWithOverlay,
  LIMIT_FIELDS,
  type LimitField,
} from "#core/capability-overlay.ts";
import { type Capabilities, FEATURES, type Feature, type Support } from "#core/features.ts";
import type { SluiceDocument } from "./document/document.ts";
import type { PriceSources } from "./price-lookup.ts";

/** The one way to ask what a target can do. */
export function capabilityLookup(
  document: SluiceDocument,
  { catalogue, providerKinds }: PriceSources,
): CapabilityLookup {
  return capabilitiesWithOverlay({
    overrides: capabilityOverrides(document.capabilities),
    known: (provider, model) => {
      const written = document.providers[provider];
      const kind = providerKinds.get(written?.kind ?? "");
      const deployments = written?.deployments ?? {};
      const standsFor = Object.hasOwn(deployments, model) ? (deployments[model] ?? model) : model;
      const { features = {}, limits = {} } = kind?.traits?.(standsFor) ?? {};
      const { inputTokens, outputTokens } = catalogue.limits(kind?.catalogueId ?? "", standsFor);
      return {
        features,
        limits: {
          ...(inputTokens > 0 && { contextTokens: inputTokens }),
          ...(outputTokens > 0 && { maxOutputTokens: outputTokens }),
          ...limits,
        },
      };
    },
  });
}

/** The section in the form that the look-up reads. */
function capabilityOverrides(
  section: SluiceDocument["capabilities"],
): ReadonlyMap<string, Capabilities> {
  return new Map(Object.entries(section).map(([name, entry]) => [name, overrideOf(entry)]));
}

function overrideOf(entry: SluiceDocument["capabilities"][string]): Capabilities {
  const features: Partial<Record<Feature, Support>> = {};
  for (const name of Object.keys(FEATURES) as Feature[]) {
    const support = entry[name];
    if (support !== undefined) features[name] = support;
  }
  const limits: Record<string, number> = {};
  for (const name of Object.keys(LIMIT_FIELDS) as LimitField[]) {
    const value = entry[name];
    if (value !== undefined) limits[LIMIT_FIELDS[name]] = value;
  }
  return { features, limits };
}
