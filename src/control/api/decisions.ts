// Resource "decisions": where each exchange went and why.

import { z } from "zod";
import { REASONS } from "#core/decision.ts";
import { GatewayError } from "#core/errors.ts";
import { timeRange } from "../reports/time-range.ts";
import { NAME, TIME, TIME_TEXT, USD } from "./fields.ts";
import { PAGE_QUERY, pageOf } from "./pages.ts";
import { type AdminRoute, NO_BODY, NO_QUERY, route } from "./route.ts";

const REASON = z.object({
  code: z.string().describe(`One of ${Object.keys(REASONS).join(", ")}.`),
  detail: z.string(),
});

const ATTEMPT = z.looseObject({
  target: z.string(),
  key: z.string().describe("Id of the provider's credential, never the credential."),
  status: z.number().int().describe("Of the upstream; 0 when it gave none."),
  outcome: z.string(),
  started_at: TIME_TEXT,
  first_token_ms: z.number().nullable(),
  duration_ms: z.number(),
  usage: z.looseObject({}),
  cost_usd: USD.nullable(),
});

const DECISION = z.looseObject({
  id: z.string(),
  request_id: z.string(),
  at: TIME_TEXT,
  caller: z.looseObject({}),
  facts: z.looseObject({}).nullable(),
  label: z.string().nullable(),
  rule: z.string().nullable(),
  outcome: z.string(),
  code: z.string().optional(),
  route: z.array(z.object({ target: z.string(), score: z.number(), because: z.array(REASON) })),
  rejected: z.array(z.object({ target: z.string(), because: z.array(REASON) })),
  attempts: z.array(ATTEMPT),
  usage: z.looseObject({}),
  cost_usd: USD.nullable(),
  expected_usd: USD.nullable(),
  worst_usd: USD.nullable(),
  notices: z.array(z.string()),
  snapshot: z.string(),
  draw: z.number().nullable(),
  session: z.string().nullable(),
  parent: z.string().nullable(),
});

const FILTER = NAME.default("").describe("Exact.");

const listDecisions = route({
  id: "listDecisions",
  method: "GET",
  path: "/admin/v1/decisions",
  permission: "admin:read",
  reach: "tenant",
  summary: "Decision records, newest first, by default of the last 24 hours.",
  status: 200,
  query: z.strictObject({
    ...PAGE_QUERY,
    from: TIME.optional().describe("Inclusive."),
    to: TIME.optional().describe("Exclusive."),
    tenant: FILTER,
    model: FILTER,
    target: FILTER,
    outcome: FILTER,
  }),
  body: NO_BODY,
  response: pageOf(DECISION),
  async handle({ query, principal }, { records, clock }) {
    const { from, to, ...filters } = query;
    const range = timeRange(from, to, clock.now());
    const page = await records.decisions({ ...filters, ...range, tenants: principal.tenants });
    return { body: { data: [...page.data], next_cursor: page.next_cursor } };
  },
});

const getDecision = route({
  id: "getDecision",
  method: "GET",
  path: "/admin/v1/decisions/{id}",
  permission: "admin:read",
  reach: "tenant",
  summary: "One decision record by the id in `x-sluice-decision` or `x-request-id`.",
  status: 200,
  query: NO_QUERY,
  body: NO_BODY,
  response: DECISION,
  async handle({ params, principal }, { records }) {
    const found = await records.decision(params["id"] ?? "", principal.tenants);
    if (found === undefined) throw new GatewayError("not_found", "No decision has this id.");
    return { body: found };
  },
});

/** Routes of the resource. */
export const DECISION_ROUTES: readonly AdminRoute[] = [listDecisions, getDecision];
