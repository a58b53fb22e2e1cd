// Another vendor's state in the hands of a client of this dialect: sealed into the signature of a
// thinking block (or the data of a redacted one), the one place for text that clients send back unread.

import type { JsonObject } from "#core/json.ts";
import { asArray, asObject, asString } from "#core/json.ts";
import { parseInner } from "#wire/inner-json.ts";
import type { ProviderState } from "../neutral.ts";
import { textFromBase64Url, textToBase64Url } from "./base64-text.ts";
import { ANTHROPIC_MESSAGES } from "./dialect-id.ts";

/**
 * Which part the state belongs to, seen from the block that carries it: `this` reasoning itself; the
 * `next` or `previous` block of the turn, because text and tool calls have no field for state; or
 * `alone`, a part without any text.
 */
export type StatePlace = "this" | "next" | "previous" | "alone";

/** What an envelope holds. */
export interface OpenedEnvelope {
  readonly place: StatePlace;
  readonly states: readonly ProviderState[];
}

/** `sluice.v1.<origin>.<base64url of {"at": <place>, "state": [{"kind", "value"}, …]}>`. */
const PREFIX = "sluice.v1.";
const UNSIGNED_ORIGIN = "unsigned";
const ORIGIN = /^[a-z0-9][a-z0-9-]{0,63}$/;
const FORM = /^sluice\.v1\.([^.]+)\.([A-Za-z0-9_-]+)$/;
const PLACES: ReadonlySet<string> = new Set(["this", "next", "previous", "alone"]);
const KINDS: ReadonlySet<string> = new Set(["signature", "encrypted", "redacted", "id", "raw"]);

/** True for text that claims to be an envelope, whether or not it can be opened. */
export function isEnvelope(text: string): boolean {
  return text.startsWith(PREFIX);
}

/** True for an origin that an envelope can name. */
export function isSealable(origin: string): boolean {
  return ORIGIN.test(origin) && origin !== ANTHROPIC_MESSAGES && origin !== UNSIGNED_ORIGIN;
}

/**
 * Stands in the signature of reasoning that its vendor did not sign. Clients keep only thinking with a
 * signature, and Anthropic refuses thinking without its own: this says whose it is not.
 */
export const UNSIGNED = seal(UNSIGNED_ORIGIN, "this", []);

/** Seals states of one origin, which must be sealable. The first state's origin names the envelope. */
export function sealStates(
  place: StatePlace,
  states: readonly [ProviderState, ...ProviderState[]],
): string {
  return seal(states[0].origin, place, states);
}

function seal(origin: string, place: StatePlace, states: readonly ProviderState[]): string {
  const state = states.map(({ kind, value }) => ({ kind, value }));
  const sealed = textToBase64Url(JSON.stringify({ at: place, state }));
  return `${PREFIX}${origin}.${sealed}`;
}

/**
 * Opens an envelope. A client may have written it itself, so nothing in it is trusted beyond what the
 * client could ask of the vendor directly; state of this dialect is never sealed and is refused.
 * @returns undefined when it is malformed
 */
export function openEnvelope(text: string): OpenedEnvelope | undefined {
  const [, origin = "", sealed = ""] = FORM.exec(text) ?? [];
  if (text === UNSIGNED) return { place: "this", states: [] };
  if (!isSealable(origin)) return undefined;
  const content = parseSealed(sealed);
  const place = asString(content?.["at"]) ?? "";
  const states = asArray(content?.["state"]).map((entry) => readState(origin, asObject(entry)));
  const known = states.filter((state) => state !== undefined);
  if (!isPlace(place) || known.length === 0 || known.length !== states.length) return undefined;
  return { place, states: known };
}

function parseSealed(sealed: string): JsonObject | undefined {
  try {
    return asObject(parseInner(textFromBase64Url(sealed) ?? ""));
  } catch {
    return undefined;
  }
}

function readState(origin: string, entry: JsonObject | undefined): ProviderState | undefined {
  const kind = asString(entry?.["kind"]) ?? "";
  const value = asString(entry?.["value"]);
  return isKind(kind) && value !== undefined ? { origin, kind, value } : undefined;
}

function isPlace(text: string): text is StatePlace {
  return PLACES.has(text);
}

function isKind(text: string): text is ProviderState["kind"] {
  return KINDS.has(text);
}
