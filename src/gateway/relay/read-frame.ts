// One frame of an upstream's stream together with what it says.

import type { NeutralEvent } from "#dialects/neutral.ts";
import type { SseEvent } from "#wire/sse.ts";

/** A frame of the upstream with what it says. */
export interface ReadFrame {
  readonly frame: SseEvent;
  readonly events: readonly NeutralEvent[];
}
