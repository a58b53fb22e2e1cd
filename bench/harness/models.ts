// The names of the upstream's models say what it does: `whole`, `error`, `paced-20-500`.

/** How a paced stream runs. */
export interface Pace {
  readonly intervalMs: number;
  readonly events: number;
}

/** A stream of `events` events, one each `intervalMs`. */
export function pacedModel({ intervalMs, events }: Pace): string {
  return `paced-${intervalMs}-${events}`;
}

export function isPaced(model: string): boolean {
  return model.startsWith("paced-");
}

export function paceOf(model: string): Pace {
  const [, intervalMs = "1000", events = "1"] = model.split("-");
  return { intervalMs: Number(intervalMs), events: Number(events) };
}

/** One small reply at once. */
export const WHOLE = "whole";
/** Status 500 with a body of 200 MB. */
export const ERROR = "error";
/** Streams for the cost of an event. */
export const BUSY_STREAM = pacedModel({ intervalMs: 20, events: 1_000_000 });
/** Streams for the gaps between chunks. */
export const SMALL_STREAM = pacedModel({ intervalMs: 15, events: 1_000_000 });
/** Streams that are mostly silent. */
export const QUIET_STREAM = pacedModel({ intervalMs: 5000, events: 1_000_000 });

export const ALL_MODELS = [WHOLE, ERROR, BUSY_STREAM, SMALL_STREAM, QUIET_STREAM] as const;
