// Durations, sizes and names as the document writes them, and the typed values they become.

import { z } from "zod";
import { Secret } from "#core/secret.ts";

const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
/** A duration as the document writes it. */
export const DURATION = /^(\d{1,9})(ms|s|m|h|d)$/;

/** Bytes of one megabyte, as `max_body_mb` counts them. */
const BYTES_PER_MB = 1024 * 1024;

/** Names of providers, plans, tenants, projects: what fits before a slash and into a metric label. */
export const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** What a name may look like, for people. */
export const NAME_FORM =
  "Names begin with a letter or digit and hold letters, digits, `.`, `_` and `-`, at most 64.";

/** A name as a value. */
export const nameText = z.string().regex(NAME, `is not a name. ${NAME_FORM}`);

/** Names of virtual models: as names, and the letters that model names of vendors use as well. */
export const MODEL_NAME = /^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,127}$/;

/** `provider/model`. The model part is the vendor's own and may hold slashes; halves of surrogate pairs not. */
export const TARGET_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\/[^\s\p{Cc}\p{Cs}]{1,256}$/u;

/** `provider/model` or `provider/*`. Another star would be taken for a pattern and match nothing. */
export const TARGETS_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\/(?:\*|[^\s\p{Cc}\p{Cs}*]{1,256})$/u;

/** Limits of a duration, written as the document writes them. */
export interface DurationBounds {
  readonly min: string;
  readonly max: string;
}

/**
 * Reads a duration.
 * @returns milliseconds, or undefined when the text is none
 */
function parseDuration(text: string): number | undefined {
  const match = DURATION.exec(text);
  if (match === null) return undefined;
  const factor = UNIT_MS[match[2] as keyof typeof UNIT_MS];
  return Number(match[1]) * factor;
}

/** A duration key; its output is milliseconds. */
export function duration(bounds: DurationBounds) {
  const min = parseDuration(bounds.min) ?? 0;
  const max = parseDuration(bounds.max) ?? Number.MAX_SAFE_INTEGER;
  return z
    .string()
    .regex(
      DURATION,
      "is not a duration. Write a whole number and a unit: `300ms`, `10s`, `5m`, `24h`, `30d`.",
    )
    .transform((text, context) => {
      const milliseconds = parseDuration(text) ?? 0;
      if (milliseconds >= min && milliseconds <= max) return milliseconds;
      context.addIssue({
        code: "custom",
        message: `must be between ${bounds.min} and ${bounds.max}.`,
      });
      return z.NEVER;
    });
}

/** A size key in megabytes; its output is bytes. */
export function megabytes(maxMb: number) {
  return z
    .number()
    .positive()
    .max(maxMb)
    .transform((size) => Math.floor(size * BYTES_PER_MB));
}

/** A credential. Its output cannot be written down by accident. */
export function secretText(maxLength: number) {
  return z
    .string()
    .max(maxLength)
    .transform((text) => new Secret(text));
}
