// Resource "usage": what was used and what it cost, grouped.

import { z } from "zod";
import { USAGE_GROUPS, type UsageGroup } from "#core/ports/record-store.ts";
import { timeRange } from "../reports/time-range.ts";
import { NAME, TIME, USD } from "./fields.ts";
import { PAGE_QUERY, pageOf } from "./pages.ts";
import { type AdminRoute, NO_BODY, route } from "./route.ts";

/** A sum: a number, or a decimal string where a number would not be exact. */
const SUM = z.union([z.number().int(), z.string()]);

/** Token fields of a row, everywhere the same and disjoint but for the shares. */
const TOKENS = {
  input_tokens: SUM.describe("Without what a cache gave or took."),
  cache_read_tokens: SUM,
  cache_write_5m_tokens: SUM,
  cache_write_1h_tokens: SUM,
  output_tokens: SUM.describe("Reasoning included."),
  reasoning_tokens: SUM.describe("A share of `output_tokens`."),
  input_audio_tokens: SUM.describe("A share of `input_tokens`."),
  input_image_tokens: SUM.describe("A share of `input_tokens`."),
  output_audio_tokens: SUM.describe("A share of `output_tokens`."),
  output_image_tokens: SUM.describe("A share of `output_tokens`."),
};

const GROUP_NAMES = Object.fromEntries(USAGE_GROUPS.map((name) => [name, z.string().optional()]));

const ROW = z.looseObject({
  ...GROUP_NAMES,
  requests: SUM.describe("Exchanges after authentication."),
  errors: SUM.describe("Answered with 400 or above, or broken on the way."),
  ...TOKENS,
  cost_usd: USD,
  unpriced_requests: SUM.describe("Exchanges whose price is unknown; `cost_usd` lacks them."),
});

const isGroup = (name: string): name is UsageGroup => USAGE_GROUPS.some((known) => known === name);

const GROUP_BY = z
  .string()
  .default("")
  .transform((text, context): UsageGroup[] => {
    const names = text === "" ? [] : text.split(",").map((name) => name.trim());
    const groups = names.filter(isGroup);
    if (groups.length < names.length || new Set(groups).size < groups.length) {
      const message = `must be different names out of ${USAGE_GROUPS.join(", ")}`;
      context.addIssue({ code: "custom", message });
    }
    return groups;
  })
  .describe(`Comma list out of ${USAGE_GROUPS.join(", ")}.`);

const usage = route({
  id: "getUsage",
  method: "GET",
  path: "/admin/v1/usage",
  permission: "admin:read",
  reach: "tenant",
  summary: "Requests, errors, tokens and cost, by default of the last 24 hours, grouped as asked.",
  status: 200,
  query: z.strictObject({
    ...PAGE_QUERY,
    from: TIME.optional().describe("Inclusive."),
    to: TIME.optional().describe("Exclusive."),
    group_by: GROUP_BY,
    time_zone: NAME.default("UTC").describe("IANA name that hours and days are cut in."),
  }),
  body: NO_BODY,
  response: pageOf(ROW),
  async handle({ query, principal }, { records, clock }) {
    const page = await records.usage({
      ...timeRange(query.from, query.to, clock.now()),
      groupBy: query.group_by,
      timeZone: query.time_zone,
      limit: query.limit,
      cursor: query.cursor,
      tenants: principal.tenants,
    });
    return { body: { data: [...page.data], next_cursor: page.next_cursor } };
  },
});

/** Routes of the resource. */
export const USAGE_ROUTES: readonly AdminRoute[] = [usage];
