// The configuration document: all sections of the contract, those that are not served yet included.

import { z } from "zod";
import { capabilitiesSection } from "./capability-section.ts";
import { key, later } from "./key-facts.ts";
import { keysSection } from "./key-section.ts";
import { modelsSection } from "./model-section.ts";
import { plansSection } from "./plan-section.ts";
import { pricesSection, unpricedModelsKey } from "./price-section.ts";
import { providersSection } from "./provider-section.ts";
import { serverSection } from "./server-section.ts";
import {
  coordinationKey,
  coordinationLossKey,
  retentionSection,
  storageKey,
} from "./storage-section.ts";
import { tenantsSection } from "./tenant-section.ts";

/** The whole document. Strict: a name that is not here is a misspelling. */
export const documentSchema = z.strictObject({
  version: key(z.literal(1).prefault(1), {
    description: "Version of the document's form.",
    example: 1,
  }),
  server: key(serverSection.prefault({}), {
    description: "Addresses, sizes and times of the gateway process.",
  }),
  storage: storageKey,
  coordination: coordinationKey,
  coordination_loss: coordinationLossKey,
  retention: key(retentionSection.prefault({}), { description: "How long records are kept." }),
  providers: key(providersSection.prefault({}), {
    description: "Upstreams by name; the name is the first part of `provider/model`.",
  }),
  models: key(modelsSection.prefault({}), {
    description: "Virtual models by name: what applications ask for.",
  }),
  quality: later("Quality scores of targets by topic."),
  labels: later("Data-flow policy: what a request is, and which targets may see it."),
  rules: later("Routing and deny rules."),
  plans: key(plansSection.prefault({}), { description: "What callers may do, by name." }),
  tenants: key(tenantsSection.prefault({}), { description: "Tenants by name." }),
  keys: key(keysSection.prefault([]), {
    description: "Keys of callers. Others are made with `sluice keys create`.",
  }),
  prices: key(pricesSection.prefault({}), {
    description:
      "Prices by `provider/model` or `provider/*`; they win over the catalogue field by field.",
  }),
  capabilities: key(capabilitiesSection.prefault({}), {
    description:
      "What models can do, by `provider/model` or `provider/*`; wins over Sluice's own table feature by feature.",
    example: { "house/*": { images: "none", json_schema: "emulated", context_tokens: 8192 } },
  }),
  unpriced_models: unpricedModelsKey,
  tests: later("Policy tests that run before every apply."),
});

/** The document after validation: defaults filled in, durations in ms, sizes in bytes, prices in pico-dollars. */
export type SluiceDocument = z.output<typeof documentSchema>;

/** One entry of each section, validated. */
export type WrittenProvider = SluiceDocument["providers"][string];
export type WrittenModel = SluiceDocument["models"][string];
export type WrittenKey = SluiceDocument["keys"][number];
