// One event of a stream as text.

import type { JsonObject } from "#core/json.ts";
import { sseFrame } from "#wire/sse.ts";

/** Writes an event. The official clients tell events apart by the `type` inside, others by the name. */
export function frame(type: string, members: JsonObject, sequenceNumber: number): string {
  return sseFrame(JSON.stringify({ type, sequence_number: sequenceNumber, ...members }), type);
}
