// Lists: `limit` and `cursor` in, `data` and `next_cursor` out.

import { z } from "zod";
import { invalidRequest } from "#core/errors.ts";
import type { JsonObject } from "#core/json.ts";
import type { Page } from "#core/ports/record-store.ts";

/** Query fields of every list. */
export const PAGE_QUERY = {
  limit: z.coerce.number().int().min(1).max(1000).default(100).describe("Rows a page."),
  cursor: z.string().max(2000).default("").describe("`next_cursor` of the page before."),
};

/** The answer of a list of such rows. */
export function pageOf(row: z.ZodType): z.ZodType {
  return z.object({ data: z.array(row), next_cursor: z.string().nullable() });
}

/**
 * Cuts a page out of rows that are all in memory.
 * @param nameOf tells rows apart; the cursor names the last row of the page before
 */
export function cutPage<Row>(
  rows: readonly Row[],
  query: { readonly limit: number; readonly cursor: string },
  nameOf: (row: Row) => string,
  viewOf: (row: Row) => JsonObject,
): Page {
  let start = 0;
  if (query.cursor !== "") {
    const last = Buffer.from(query.cursor, "base64url").toString("utf8");
    start = rows.findIndex((row) => nameOf(row) === last) + 1;
    if (start === 0) throw invalidRequest("cursor", "The cursor does not belong to this list.");
  }
  const shown = rows.slice(start, start + query.limit);
  const last = shown.at(-1);
  const isMore = start + query.limit < rows.length;
  return {
    data: shown.map(viewOf),
    next_cursor:
      isMore && last !== undefined ? Buffer.from(nameOf(last)).toString("base64url") : null,
  };
}
