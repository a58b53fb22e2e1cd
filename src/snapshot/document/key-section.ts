// `keys:` — keys of callers that the document itself holds.

import { z } from "zod";
import { key, later } from "./key-facts.ts";
import { allowedNames } from "./plan-section.ts";
import { nameText, secretText } from "./quantities.ts";

/** Fewest characters of a key that people choose themselves. */
export const MIN_KEY_LENGTH = 24;

/** One entry under `keys`. */
const keyEntry = z.strictObject({
  name: key(nameText, {
    description: "Name of the key in records; unique.",
    example: "acme-chatbot",
  }),
  tenant: key(z.string().prefault("default"), {
    description: "Tenant that the key belongs to. `default` always exists.",
    example: "acme",
  }),
  project: key(z.string().optional(), {
    description: "Project of the tenant.",
    fallback: "none",
    example: "chatbot",
  }),
  plan: key(z.string().optional(), {
    description: "Plan of this key.",
    fallback: "the tenant's plan",
    example: "standard",
  }),
  models: key(allowedNames.optional(), {
    description: "Names that this key may ask for, within those of its plan.",
    fallback: "those of the plan",
    example: ["assistant"],
  }),
  tags: key(z.array(z.string().min(1).max(64)).max(32).prefault([]), {
    description: "Words that usage can be grouped by.",
    example: ["web"],
  }),
  value: key(secretText(512), {
    description: `The key itself, at least ${MIN_KEY_LENGTH} characters.`,
    example: `\${env:ACME_KEY}`,
    secret: true,
  }),
  expires_at: later("When the key stops being valid."),
  budget: later("A budget of the key."),
  budgets: later("Several budgets of the key."),
  limits: later("Limits of the key."),
});

/** The `keys` section. */
export const keysSection = z.array(keyEntry).max(10_000);
