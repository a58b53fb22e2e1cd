// When an upstream wants to be asked again, read off the headers of its refusal.

import type { HeaderFields } from "#core/ports/transport.ts";

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** What vendors say of each of their limits: how much is left, and when there is more again. */
const LIMITS: readonly (readonly [remaining: string, reset: string])[] = [
  // OpenAI, Groq, Azure, Mistral: a duration in Go's spelling, or plain seconds (2026-11).
  ...["requests", "tokens"].map(
    (what) => [`x-ratelimit-remaining-${what}`, `x-ratelimit-reset-${what}`] as const,
  ),
  ["x-ratelimit-remaining", "x-ratelimit-reset"],
  // Anthropic: a time (RFC 3339).
  ...["requests", "tokens", "input-tokens", "output-tokens"].map(
    (what) =>
      [`anthropic-ratelimit-${what}-remaining`, `anthropic-ratelimit-${what}-reset`] as const,
  ),
];
/** Seconds beyond this count from 1970: OpenRouter gives its resets so, in milliseconds. */
const LONGEST_DURATION_SECONDS = 100 * 24 * 3600;

/**
 * Milliseconds until the upstream wants to be asked again: `retry-after-ms`, else `retry-after` in
 * seconds or as a date, else the reset of whichever limit it says is spent.
 * @param headers of an error reply
 * @param nowMs since the epoch; without it dates count against the sender's own `date`
 * @returns undefined when it does not say
 */
export function readRetryAfter(headers: HeaderFields, nowMs?: number): number | undefined {
  const sentMs = Date.parse(headers.get("date") ?? "");
  // The sender's own clock is the one that its dates mean.
  const fromMs = Number.isNaN(sentMs) ? nowMs : sentMs;
  const milliseconds = numberIn(headers.get("retry-after-ms"));
  if (milliseconds !== undefined) return Math.ceil(milliseconds);
  const after = headers.get("retry-after")?.trim();
  if (after !== undefined && after !== "") {
    const seconds = numberIn(after);
    const waitMs = seconds === undefined ? untilDate(after, fromMs) : Math.ceil(seconds * 1000);
    if (waitMs !== undefined) return waitMs;
  }
  return resetOfSpent(headers, fromMs);
}

/** The last reset of the limits that are spent. One that has something left is no reason to wait. */
function resetOfSpent(headers: HeaderFields, fromMs: number | undefined): number | undefined {
  let latest: number | undefined;
  for (const [remaining, reset] of LIMITS) {
    const left = numberIn(headers.get(remaining));
    const text = headers.get(reset)?.trim();
    if (left !== 0 || text === undefined) continue;
    const waitMs = durationIn(text, fromMs) ?? untilDate(text, fromMs);
    if (waitMs !== undefined) latest = Math.max(latest ?? 0, waitMs);
  }
  return latest;
}

/** `6m0s`, `12ms`, `1.5s`, or plain seconds; a number too large for that is a time since 1970. */
function durationIn(text: string, fromMs: number | undefined): number | undefined {
  if (/^\d{1,13}(?:\.\d{1,9})?$/.test(text)) {
    const value = Number(text);
    if (value <= LONGEST_DURATION_SECONDS) return Math.ceil(value * 1000);
    const atMs = value > 10 ** 11 ? value : value * 1000;
    return fromMs === undefined ? undefined : Math.max(0, Math.ceil(atMs - fromMs));
  }
  if (!/^(?:\d{1,9}(?:\.\d{1,9})?(?:ms|s|m|h)){1,4}$/.test(text)) return undefined;
  let sumMs = 0;
  for (const [, amount, unit = ""] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)) {
    sumMs += Number(amount) * (UNIT_MS[unit] ?? 0);
  }
  return Math.ceil(sumMs);
}

/** A date of HTTP or RFC 3339; what lies in the past means now. */
function untilDate(text: string, fromMs: number | undefined): number | undefined {
  // Words like `Mon` or a year: a bare number would be read as a date too.
  if (!/^(?:[A-Z][a-z]{2}|\d{4}-\d{2}-)/.test(text) || fromMs === undefined) return undefined;
  const untilMs = Date.parse(text) - fromMs;
  return Number.isNaN(untilMs) ? undefined : Math.max(0, untilMs);
}

function numberIn(text: string | null | undefined): number | undefined {
  const trimmed = text?.trim() ?? "";
  return /^\d{1,9}(?:\.\d{1,9})?$/.test(trimmed) ? Number(trimmed) : undefined;
}
