// Frames of a stream in this dialect: always a named event with one line of JSON.

import type { JsonObject } from "#core/json.ts";
import { sseFrame } from "#wire/sse.ts";

/** One complete frame. Clients look at the name, so it is never left out. */
export function frame(name: string, data: JsonObject): string {
  return sseFrame(JSON.stringify(data), name);
}

/** What keeps a connection alive: the vendor's own ping, which its clients ignore. */
export const PING: string = frame("ping", { type: "ping" });
