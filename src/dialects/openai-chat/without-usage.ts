// Takes out of a chunk the usage that Sluice asked for and the client did not. Every chunk of a stream
// with usage has the member, null in all but one.

import type { SseEvent } from "#wire/sse.ts";

/** In JSON text a quote inside a string is escaped, so that this can only be the member itself. */
const NULL_USAGE = /,\s*"usage"\s*:\s*null(?=\s*[,}])/;
/** The member as nearly all vendors write it. */
const USUAL = ',"usage":null';
const TEXT = new TextEncoder();

/**
 * @returns the frame without its empty usage; undefined when it holds none
 */
export function withoutUsage(frame: SseEvent): Uint8Array | undefined {
  const { data, name } = frame;
  const rest = cut(data);
  if (rest.length === data.length) return undefined;
  const head = name === "" ? "" : `event: ${name}\n`;
  return TEXT.encode(`${head}data: ${rest}\n\n`);
}

/** Every event of a stream comes through here, so that the pattern is only tried where it may fit. */
function cut(data: string): string {
  const key = data.indexOf('"usage"');
  if (key === -1) return data;
  const start = key - 1;
  const end = start + USUAL.length;
  const after = data.charAt(end);
  const isUsual = data.startsWith(USUAL, start) && (after === "}" || after === ",");
  return isUsual ? data.slice(0, start) + data.slice(end) : data.replace(NULL_USAGE, "");
}
