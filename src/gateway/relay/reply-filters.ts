// The filter chain of replies: what happens to each frame on its way back. An empty chain leaves the
// bytes untouched.

import type { CallFacts } from "#core/facts.ts";
import type { JsonObject } from "#core/json.ts";
import type { Dialect } from "#dialects/dialect.ts";
import type { SseEvent } from "#wire/sse.ts";
import type { ReadFrame } from "./read-frame.ts";

/**
 * Looks at a frame with its bytes as the filters before left them.
 * @returns the bytes to pass on, or undefined to drop the frame
 */
export type ReplyFilter = (read: ReadFrame, bytes: Uint8Array) => Uint8Array | undefined;

/**
 * The filters that an exchange needs.
 * @param sluice what a head that left early could not say; undefined when the head said it
 */
export function replyFilters(
  facts: CallFacts,
  dialect: Dialect,
  sluice: (() => JsonObject) | undefined,
): readonly ReplyFilter[] {
  const { withoutUsage, withSluice } = dialect;
  if (facts.wantsUsage) {
    return sluice === undefined || withSluice === undefined
      ? [dropUnreadable]
      : [dropUnreadable, tellLate((frame) => withSluice(frame, sluice()))];
  }
  return withoutUsage === undefined
    ? [dropUnreadable]
    : [dropUnreadable, stripUnaskedUsage(withoutUsage)];
}

/** What no parser can read would end the client's reading of everything after it. */
const dropUnreadable: ReplyFilter = (read, bytes) =>
  read.events[0]?.type === "unreadable" ? undefined : bytes;

/** Adds what the head could not say to each frame that tells usage. */
function tellLate(told: (frame: SseEvent) => Uint8Array): ReplyFilter {
  return (read, bytes) =>
    read.events.some(({ type }) => type === "usage") ? told(read.frame) : bytes;
}

/**
 * Takes out the usage that Sluice asked the upstream for and the client did not: a frame that says
 * nothing else is dropped.
 */
function stripUnaskedUsage(withoutUsage: NonNullable<Dialect["withoutUsage"]>): ReplyFilter {
  return (read, bytes) => {
    const [event] = read.events;
    if (read.events.length === 1 && event?.type === "usage") return undefined;
    return withoutUsage(read.frame) ?? bytes;
  };
}
