// Cursors of paged lists: where the last page ended, opaque to callers.

import { invalidRequest } from "#core/errors.ts";

/** A place in an ordered list: the ordering values of the last row seen. */
export type CursorValues = readonly (string | number)[];

/** Writes a cursor. `list` names the list and its grouping, so that cursors are not mixed up. */
export function encodeCursor(list: string, values: CursorValues): string {
  return Buffer.from(JSON.stringify([list, ...values])).toString("base64url");
}

/**
 * Reads a cursor that `encodeCursor` wrote for the same list.
 * @param kinds the type of each value
 * @returns undefined for the empty cursor of a first page
 * @throws GatewayError `invalid_request` for anything else
 */
export function decodeCursor(
  list: string,
  cursor: string,
  kinds: readonly ("string" | "number")[],
): CursorValues | undefined {
  if (cursor === "") return undefined;
  const [name, ...values] = parsedArray(cursor);
  const isFitting =
    name === list &&
    values.length === kinds.length &&
    kinds.every((kind, index) => typeof values[index] === kind);
  if (!isFitting) throw foreignCursor();
  return values as CursorValues;
}

function parsedArray(cursor: string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    if (Array.isArray(parsed)) return parsed;
  } catch {
    // Told like any other foreign cursor.
  }
  throw foreignCursor();
}

function foreignCursor(): Error {
  return invalidRequest(
    "cursor",
    "The cursor does not belong to this list; use `next_cursor` of the page before, with the same query.",
  );
}
