// Adds to the usage chunk what the head of the response could not say, because a keep-alive came first.

import type { JsonObject } from "#core/json.ts";
import type { SseEvent } from "#wire/sse.ts";
import { sseFrame } from "#wire/sse.ts";

const TEXT = new TextEncoder();

/** @param frame whose data is a JSON object; the member is added at its end, all else stays as it is */
export function withSluice(frame: SseEvent, sluice: JsonObject): Uint8Array {
  const data = frame.data.trimEnd();
  const member = `"sluice":${JSON.stringify(sluice)}`;
  const isEmpty = /^\{\s*\}$/.test(data);
  const name = frame.name === "" ? undefined : frame.name;
  return TEXT.encode(sseFrame(`${data.slice(0, -1)}${isEmpty ? "" : ","}${member}}`, name));
}
