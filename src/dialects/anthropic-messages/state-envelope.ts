// Another vendor's state in the hands of a client of this dialect. Anthropic's blocks have one place for
// opaque text, the `signature` of a thinking block (or the `data` of a redacted one), and clients send
// it back unread. So foreign state goes there as
//
//     sluice.v1.<origin>.<base64url of {"at": <place>, "state": [{"kind", "value"}, …]}>
//
// where the place says which part it belongs to: `this` reasoning itself; the `next` or `previous` block
// of the turn, because text and tool calls have no field for it; or `alone`, a part without any text.

import { Buffer } from "node:buffer";
import type { JsonObject } from "#core/json.ts";
import { asArray, asObject, asString } from "#core/json.ts";
import type { ProviderState } from "../neutral.ts";
import { ANTHROPIC_MESSAGES } from "./dialect-id.ts";

/** Which part the state belongs to, seen from the block that carries it. */
export type StatePlace = "this" | "next" | "previous" | "alone";

/** What an envelope holds. */
export interface OpenedEnvelope {
  readonly place: StatePlace;
  readonly states: readonly ProviderState[];
}

const PREFIX = "sluice.v1.";
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
  return ORIGIN.test(origin) && origin !== ANTHROPIC_MESSAGES;
}

/** Seals states of one origin, which must be sealable. The first state's origin names the envelope. */
export function sealStates(
  place: StatePlace,
  states: readonly [ProviderState, ...ProviderState[]],
): string {
  const state = states.map(({ kind, value }) => ({ kind, value }));
  const sealed = Buffer.from(JSON.stringify({ at: place, state })).toString("base64url");
  return `${PREFIX}${states[0].origin}.${sealed}`;
}

/**
 * Opens an envelope. A client may have written it itself, so nothing in it is trusted beyond what the
 * client could ask of the vendor directly; state of this dialect is never sealed and is refused.
 * @returns undefined when it is malformed
 */
export function openEnvelope(text: string): OpenedEnvelope | undefined {
  const [, origin = "", sealed = ""] = FORM.exec(text) ?? [];
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
    return asObject(JSON.parse(Buffer.from(sealed, "base64url").toString("utf8")));
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
