// `tenants:` — who the callers belong to.

import { z } from "zod";
import { key, later } from "./key-facts.ts";
import { NAME } from "./quantities.ts";

const projectEntry = z.strictObject({
  budget: later("A budget of the project."),
  budgets: later("Several budgets of the project."),
  limits: later("Limits of the project."),
  plan: later("A plan of the project's own."),
});

/** One entry under `tenants`. */
const tenantEntry = z.strictObject({
  plan: key(z.string().optional(), {
    description: "Plan of the tenant's keys, unless a key names its own.",
    fallback: "none: everything is allowed",
    example: "standard",
  }),
  time_zone: key(z.string().prefault("UTC"), {
    description: "IANA name of the zone that days and months are cut in.",
    example: "Europe/Berlin",
  }),
  projects: key(z.record(z.string().regex(NAME), projectEntry).prefault({}), {
    description: "Projects that keys may belong to, by name; write `{}` as the value.",
    example: { chatbot: {} },
  }),
  alerts: later("Where to tell of budgets that run out."),
  route: later("Static routing: the name that this tenant's name stands for."),
  budget: later("A budget of the tenant."),
  budgets: later("Several budgets of the tenant."),
  limits: later("Limits of the tenant."),
});

/** The `tenants` section. */
export const tenantsSection = z.record(z.string().regex(NAME), tenantEntry);
