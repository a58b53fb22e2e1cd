// What usage rows are keyed by: each group has one or two key values, which order the rows, and the
// outward names that are made from them.

import type { JsonObject } from "#core/json.ts";
import type { UsageGroup, UsageQuery } from "#core/ports/record-store.ts";
import { type CursorValues, decodeCursor, encodeCursor } from "./cursor.ts";
import { dayName, hourNameAt } from "./time-zone.ts";

type KeyKind = "string" | "number";

/** A group's key values by kind, and the names they become. */
interface GroupShape {
  readonly kinds: readonly KeyKind[];
  names(values: CursorValues): JsonObject;
}

function named(group: UsageGroup): GroupShape {
  return { kinds: ["string"], names: ([value]) => ({ [group]: value }) };
}

const SHAPES: Record<UsageGroup, GroupShape> = {
  tenant: named("tenant"),
  project: named("project"),
  user: named("user"),
  tag: named("tag"),
  model: named("model"),
  target: named("target"),
  provider: named("provider"),
  // Two keys may share a name: rows are told apart by the id.
  key: { kinds: ["string", "string"], names: ([name, id]) => ({ key: name, key_id: id }) },
  // Start of the hour in UTC, then the offset it is shown with.
  hour: {
    kinds: ["number", "number"],
    names: ([startMs, offsetMs]) => ({ hour: hourNameAt(Number(startMs), Number(offsetMs)) }),
  },
  day: { kinds: ["number"], names: ([localDay]) => ({ day: dayName(Number(localDay)) }) },
};

/** How many key values the groups have together. */
export function keyKinds(groups: readonly UsageGroup[]): readonly KeyKind[] {
  return groups.flatMap((group) => SHAPES[group].kinds);
}

/** The outward names of one row, in the order of the groups. */
export function groupNames(groups: readonly UsageGroup[], values: CursorValues): JsonObject {
  const names: JsonObject = {};
  let position = 0;
  for (const group of groups) {
    const shape = SHAPES[group];
    Object.assign(names, shape.names(values.slice(position, position + shape.kinds.length)));
    position += shape.kinds.length;
  }
  return names;
}

/** The key values of the last row of the page before; undefined on the first page. */
export function usageCursorValues(query: UsageQuery): CursorValues | undefined {
  return decodeCursor(listName(query), query.cursor, keyKinds(query.groupBy));
}

/** The cursor of the page that follows a row. */
export function usageCursor(query: UsageQuery, lastRow: CursorValues): string {
  return encodeCursor(listName(query), lastRow);
}

function listName(query: UsageQuery): string {
  return `usage:${query.groupBy.join()}:${query.timeZone}`;
}
