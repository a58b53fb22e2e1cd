// Edits of a body that passes through: a list of spans to replace, then one splice. Everything outside
// the spans stays as the client wrote it, so that signatures, key order and prompt caches survive.

import type { Json } from "#core/json.ts";
import type { JsonBody } from "./json-body.ts";

/** Replaces `text[start, end)`. Offsets are UTF-16 code units of the unedited text. */
export interface SpanEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

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
  const members = [...body.members];
  let keptEnd = -1;
  for (const [position, [key, member]] of members.entries()) {
    if (edits.has(key) && edits.get(key) === undefined) {
      spans.push(removal(members, position, keptEnd));
      continue;
    }
    keptEnd = member.valueEnd;
    const value = edits.get(key);
    if (value === undefined || value === body.json[key]) continue;
    spans.push({ start: member.valueStart, end: member.valueEnd, text: JSON.stringify(value) });
  }
  const added = [...edits].filter(([key, value]) => value !== undefined && !body.members.has(key));
  if (added.length > 0) {
    const text = added.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
    const start = keptEnd === -1 ? body.text.indexOf("{") + 1 : keptEnd;
    spans.push({ start, end: start, text: `${keptEnd === -1 ? "" : ","}${text.join(",")}` });
  }
  return spans;
}

/** Puts the spans into the text. They must not overlap; their order does not matter. */
export function spliceSpans(text: string, spans: readonly SpanEdit[]): string {
  if (spans.length === 0) return text;
  // An insertion goes before a removal that begins at the same place.
  const ordered = spans.toSorted((one, other) => one.start - other.start || one.end - other.end);
  let result = "";
  let position = 0;
  for (const span of ordered) {
    result += text.slice(position, span.start) + span.text;
    position = span.end;
  }
  return result + text.slice(position);
}

/**
 * The span of a member with one comma: the one before it where a member stays before it, otherwise
 * the one after it.
 */
function removal(
  members: readonly (readonly [string, { keyStart: number; valueEnd: number }])[],
  position: number,
  keptEnd: number,
): SpanEdit {
  const member = members[position]?.[1] ?? { keyStart: 0, valueEnd: 0 };
  const previous = members[position - 1]?.[1];
  if (keptEnd !== -1 && previous !== undefined) {
    return { start: previous.valueEnd, end: member.valueEnd, text: "" };
  }
  const next = members[position + 1]?.[1];
  return { start: member.keyStart, end: next?.keyStart ?? member.valueEnd, text: "" };
}
