// Edits of a body that passes through: a list of spans to replace, then one splice. Everything outside
// the spans stays as the client wrote it, so that signatures, key order and prompt caches survive.

import type { Json } from "#core/json.ts";
import type { JsonBody } from "./json-body.ts";
import type { Member } from "./json-scan.ts";

/** Replaces `text[start, end)`. Offsets are UTF-16 code units of the unedited text. */
export interface SpanEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Stands for the end of the last member that stays, where none does. */
const NONE_KEPT = -1;

/**
 * Sets (a value) or removes (undefined) top-level members.
 * @returns JSON text; all other members stand in it byte for byte
 */
export function applyEdits(body: JsonBody, edits: ReadonlyMap<string, Json | undefined>): string {
  return spliceSpans(body.text, memberEdits(body, edits));
}

/** The spans that set or remove top-level members, for a list that others add to. */
export function memberEdits(
  body: JsonBody,
  edits: ReadonlyMap<string, Json | undefined>,
): SpanEdit[] {
  const spans: SpanEdit[] = [];
  let added = "";
  let removes = false;
  for (const [key, value] of edits) {
    const member = body.members.find((one) => one.key === key);
    if (value === undefined) {
      removes ||= member !== undefined;
    } else if (member === undefined) {
      added += `${added === "" ? "" : ","}${JSON.stringify(key)}:${JSON.stringify(value)}`;
    } else if (value !== body.json[key]) {
      spans.push({ start: member.valueStart, end: member.valueEnd, text: JSON.stringify(value) });
    }
  }
  const keptEnd = removes
    ? addRemovals(spans, body.members, edits)
    : (body.members.at(-1)?.valueEnd ?? NONE_KEPT);
  if (added !== "") spans.push(insertion(body, added, keptEnd));
  return spans;
}

/** Puts the spans into the text. They must not overlap; their order does not matter. */
export function spliceSpans(text: string, spans: readonly SpanEdit[]): string {
  let result = "";
  let position = 0;
  for (const span of inOrder(spans)) {
    result += text.slice(position, span.start) + span.text;
    position = span.end;
  }
  return result + text.slice(position);
}

function inOrder(spans: readonly SpanEdit[]): readonly SpanEdit[] {
  for (let place = 1; place < spans.length; place += 1) {
    const before = spans[place - 1];
    const span = spans[place];
    if (before !== undefined && span !== undefined && compare(before, span) > 0) {
      return spans.toSorted(compare);
    }
  }
  return spans;
}

/** An insertion goes before a removal that begins at the same place. */
function compare(one: SpanEdit, other: SpanEdit): number {
  return one.start - other.start || one.end - other.end;
}

/**
 * Adds the spans of the members that go. Which comma goes with a member depends on its neighbours.
 * @returns the end of the last member that stays, `NONE_KEPT` when none does
 */
function addRemovals(
  spans: SpanEdit[],
  members: readonly Member[],
  edits: ReadonlyMap<string, Json | undefined>,
): number {
  let keptEnd = NONE_KEPT;
  for (const [position, { key, valueEnd }] of members.entries()) {
    if (edits.has(key) && edits.get(key) === undefined) {
      spans.push(removal(members, position, keptEnd));
    } else {
      keptEnd = valueEnd;
    }
  }
  return keptEnd;
}

/** @param keptEnd end of the last member that stays, `NONE_KEPT` when none does */
function insertion(body: JsonBody, text: string, keptEnd: number): SpanEdit {
  if (keptEnd !== NONE_KEPT) return { start: keptEnd, end: keptEnd, text: `,${text}` };
  const start = body.text.indexOf("{") + 1;
  return { start, end: start, text };
}

/**
 * The span of a member with one comma: the one before it where a member stays before it, otherwise
 * the one after it.
 */
function removal(members: readonly Member[], position: number, keptEnd: number): SpanEdit {
  const { keyStart = 0, valueEnd = 0 } = members[position] ?? {};
  const previous = members[position - 1];
  if (keptEnd !== NONE_KEPT && previous !== undefined) {
    return { start: previous.valueEnd, end: valueEnd, text: "" };
  }
  const next = members[position + 1];
  return { start: keyStart, end: next?.keyStart ?? valueEnd, text: "" };
}
