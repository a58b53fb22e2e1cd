// The files of a journal: numbered segments in one folder, each with an id in its first line.

import { readdirSync } from "node:fs";
import { join } from "node:path";

const NAME = /^(\d{6,12})\.log$/;

/** One file of the journal. */
export interface Segment {
  readonly number: number;
  readonly path: string;
}

/** The segments of a folder, oldest first. Only the last one may still be written to. */
export function listSegments(folder: string): readonly Segment[] {
  const segments: Segment[] = [];
  for (const name of readdirSync(folder)) {
    const match = NAME.exec(name);
    if (match !== null) segments.push({ number: Number(match[1]), path: join(folder, name) });
  }
  return segments.sort((left, right) => left.number - right.number);
}

/** The path of the segment with a number: `000001.log`. */
export function segmentPath(folder: string, number: number): string {
  return join(folder, `${String(number).padStart(6, "0")}.log`);
}

/** The first line of a segment. Its id is unique, so a checkpoint can never mean another file. */
export function segmentHeader(id: string): string {
  return JSON.stringify({ segment: id });
}

/** The id in a first line, or undefined when the line is something else. */
export function segmentIdOf(text: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== "object" || parsed === null || !("segment" in parsed)) return undefined;
    return typeof parsed.segment === "string" ? parsed.segment : undefined;
  } catch {
    return undefined;
  }
}
