// `plans:` — what callers may do.

import { z } from "zod";
import { key, later } from "./key-facts.ts";
import { NAME } from "./quantities.ts";

/** Names that a caller may ask for. */
export const allowedNames = z.array(z.string().min(1).max(256)).max(10_000);

/** One entry under `plans`. */
const planEntry = z.strictObject({
  models: key(allowedNames.optional(), {
    description: "Names that may be asked for, exactly as written; an empty list allows none.",
    fallback: "all names",
    example: ["assistant", "small"],
  }),
  passthrough: key(z.array(z.string().min(1).max(640)).max(1000).prefault([]), {
    description:
      "What of `/passthrough` callers of the plan may use: the name of a provider for all paths that it lists, or the name and one of them. Models are not checked there.",
    example: ["openai POST /v1/audio/transcriptions"],
  }),
  limits: later("Limits on requests, tokens and concurrency."),
  budget: later("A budget in dollars or tokens."),
  budgets: later("Several budgets."),
  per_key: later("Limits that each key gets a copy of."),
  per_user: later("Limits and budget that each user gets a copy of."),
});

/** The `plans` section. */
export const plansSection = z.record(z.string().regex(NAME), planEntry);
