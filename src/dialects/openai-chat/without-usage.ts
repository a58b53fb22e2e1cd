// Takes out of a chunk the usage that Sluice asked for and the client did not. Every chunk of a stream
// with usage has the member, null in all but one.

import type { SseEvent } from "#wire/sse.ts";

/** In JSON text a quote inside a string is escaped, so that this can only be the member itself. */
const NULL_USAGE = /,\s*"usage"\s*:\s*null(?=\s*[,}])/;
const TEXT = new TextEncoder();

/**
 * @returns the frame without its empty usage; undefined when it holds none
 */
export function withoutUsage(frame: SseEvent): Uint8Array | undefined {
  const { data, name } = frame;
  if (!NULL_USAGE.test(data)) return undefined;
  const head = name === "" ? "" : `event: ${name}\n`;
  return TEXT.encode(`${head}data: ${data.replace(NULL_USAGE, "")}\n\n`);
}
