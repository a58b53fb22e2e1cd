// Resource "targets": what this process has lately seen of each upstream.

import { z } from "zod";
import { cutPage, PAGE_QUERY, pageOf } from "./pages.ts";
import { type AdminRoute, NO_BODY, route } from "./route.ts";

const ROW = z.object({
  target: z.string(),
  key: z.string().describe("Id of the provider's credential."),
  breaker: z.string(),
  samples: z.number().int(),
  first_token_p50_ms: z.number().nullable(),
  first_token_p95_ms: z.number().nullable(),
  tokens_per_second: z.number().nullable(),
  error_rate: z.number().nullable(),
  in_flight: z.number().int(),
});

const listTargets = route({
  id: "listTargets",
  method: "GET",
  path: "/admin/v1/targets",
  permission: "admin:read",
  reach: "installation",
  summary: "Live state of the targets: breaker, latencies, error rate, calls in flight.",
  status: 200,
  query: z.strictObject(PAGE_QUERY),
  body: NO_BODY,
  response: pageOf(ROW),
  async handle({ query }, { targets }) {
    const name = (row: { readonly [name: string]: unknown }) => `${row["target"]}#${row["key"]}`;
    const page = cutPage(targets(), query, name, (row) => row);
    return { body: { ...page, data: [...page.data] } };
  },
});

/** Routes of the resource. */
export const TARGET_ROUTES: readonly AdminRoute[] = [listTargets];
