// What an answer rests on, in the neutral form, and where a cited passage begins and ends: counted in
// each vendor's own unit.

import type { Json } from "#core/json.ts";

/** Citations of a text: as its vendor wrote them, for its own clients, and as far as others know them. */
export interface Citations {
  readonly origin: string;
  /** In the shape of `origin`'s dialect. */
  readonly items: readonly Json[];
  /** The same for everybody else; fewer where only the vendor can say what it cites. */
  readonly shared: readonly Citation[];
}

/** A passage of an answer and what it rests on. */
export interface Citation {
  readonly source:
    | { readonly kind: "web"; readonly url: string; readonly title?: string }
    /** One of the caller's own documents, by its place among them or by its id. */
    | {
        readonly kind: "document";
        readonly index?: number;
        readonly id?: string;
        readonly title?: string;
      };
  /** Where in the text of the part; undefined = all of it. */
  readonly passage?: Passage;
  /** What the source says there. */
  readonly quote?: string;
}

/** A stretch of text in the vendor's own unit, since only who has the text can convert it. */
export interface Passage {
  readonly start: number;
  /** First position behind it. */
  readonly end: number;
  readonly unit: "utf-16" | "utf-8" | "code-points";
}

/** A stretch of text in UTF-16 code units. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Where a citation's passage is in the text of its part; all of it when the vendor does not say. */
export function passageIn(text: string, citation: Citation): Stretch {
  const { passage } = citation;
  if (passage === undefined) return { start: 0, end: text.length };
  const start = utf16Offset(text, passage.start, passage.unit);
  const end = utf16Offset(text, passage.end, passage.unit);
  return end > start ? { start, end } : { start: 0, end: text.length };
}

/** The UTF-16 offset that an offset in another unit means; never beyond the text. */
function utf16Offset(text: string, offset: number, unit: Passage["unit"]): number {
  if (unit === "utf-16") return Math.max(0, Math.min(offset, text.length));
  let counted = 0;
  let position = 0;
  for (const character of text) {
    if (counted >= offset) break;
    counted += unit === "utf-8" ? utf8Length(character) : 1;
    position += character.length;
  }
  return position;
}

/** How many units a text is long. */
export function lengthIn(text: string, unit: Passage["unit"]): number {
  if (unit === "utf-16") return text.length;
  let counted = 0;
  for (const character of text) counted += unit === "utf-8" ? utf8Length(character) : 1;
  return counted;
}

function utf8Length(character: string): number {
  const point = character.codePointAt(0) ?? 0;
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
}

/** Two lists of citations of one text as one; those of another origin than the first are left out. */
export function joinCitations(one: Citations | undefined, other: Citations): Citations {
  if (one === undefined || one.origin !== other.origin) return one ?? other;
  const items = [...one.items, ...other.items];
  return { origin: one.origin, items, shared: [...one.shared, ...other.shared] };
}
