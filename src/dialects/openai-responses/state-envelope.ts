// Another vendor's state in the hands of a client of this dialect: sealed into the `encrypted_content` of
// a reasoning item, the one place for text that clients send back unread.

import { Buffer } from "node:buffer";
import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asObject, asString } from "#core/json.ts";
import { parseInner } from "#wire/inner-json.ts";
import type { ProviderState } from "../neutral.ts";
import { OPENAI_RESPONSES } from "./dialect-id.ts";

/**
 * Which part the state belongs to, seen from the item that carries it: `this` reasoning itself; the
 * `next` or `previous` item, because messages and calls have no field for state; or `alone`, a part
 * without any text.
 */
export type StatePlace = "this" | "next" | "previous" | "alone";

/** What an envelope holds. */
export interface OpenedEnvelope {
  readonly place: StatePlace;
  readonly states: readonly ProviderState[];
}

/** `sluice.v1.<origin>.<base64url of {"at": <place>, "state": [[<kind>, <value>], …]}>`. */
const PREFIX = "sluice.v1.";
const FORM = /^sluice\.v1\.([a-z0-9][a-z0-9-]{0,63})\.([A-Za-z0-9_-]+)$/;
const PLACES: ReadonlySet<string> = new Set(["this", "next", "previous", "alone"]);
const KINDS: ReadonlySet<string> = new Set(["signature", "encrypted", "redacted", "id", "raw"]);

/**
 * Stands in for the state of reasoning that its vendor did not seal. OpenAI looks up reasoning without
 * encrypted content by its id and refuses what it does not find; this says whose it is not.
 */
export const UNSEALED: string = `${PREFIX}unsealed.${Buffer.from("{}").toString("base64url")}`;

/** True for text that claims to be an envelope, whether or not it can be opened. */
export function isEnvelope(text: string): boolean {
  return text.startsWith(PREFIX);
}

/**
 * Seals state of other vendors, as far as one envelope holds it: that of the first origin.
 * @returns undefined when there is none; `isWhole` is false when state of a further origin is left out
 */
export function sealStates(
  place: StatePlace,
  states: readonly ProviderState[],
): { readonly text: string; readonly isWhole: boolean } | undefined {
  const foreign = states.filter(({ origin }) => origin !== OPENAI_RESPONSES);
  const origin = foreign[0]?.origin;
  if (origin === undefined) return undefined;
  const same = foreign.filter((state) => state.origin === origin);
  const state = same.map(({ kind, value }): Json => [kind, value]);
  const sealed = Buffer.from(JSON.stringify({ at: place, state })).toString("base64url");
  return { text: `${PREFIX}${origin}.${sealed}`, isWhole: same.length === foreign.length };
}

/**
 * Opens an envelope. A client may have written it itself, so nothing in it is trusted beyond what the
 * client could ask of the vendor directly; state of this dialect is never sealed and is refused.
 * @returns undefined when it is malformed
 */
export function openEnvelope(text: string): OpenedEnvelope | undefined {
  if (text === UNSEALED) return { place: "this", states: [] };
  const [, origin = "", sealed = ""] = FORM.exec(text) ?? [];
  if (origin === "" || origin === OPENAI_RESPONSES) return undefined;
  const content = parseSealed(sealed);
  const place = content?.["at"];
  const entries = asArray(content?.["state"]);
  const states = entries.flatMap((entry) => readState(origin, asArray(entry)) ?? []);
  if (!isPlace(place) || states.length === 0 || states.length < entries.length) return undefined;
  return { place, states };
}

function parseSealed(sealed: string): JsonObject | undefined {
  try {
    return asObject(parseInner(Buffer.from(sealed, "base64url").toString("utf8")));
  } catch {
    return undefined;
  }
}

function readState(origin: string, [kind, value]: readonly Json[]): ProviderState | undefined {
  const text = asString(value);
  return isKind(kind) && text !== undefined ? { origin, kind, value: text } : undefined;
}

function isPlace(value: Json | undefined): value is StatePlace {
  return typeof value === "string" && PLACES.has(value);
}

function isKind(value: Json | undefined): value is ProviderState["kind"] {
  return typeof value === "string" && KINDS.has(value);
}
