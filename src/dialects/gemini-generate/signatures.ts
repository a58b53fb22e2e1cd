// What stands in `thoughtSignature`: Google's own signature, the sentinel that stands for none, or an
// envelope of ours that carries another vendor's state through a Gemini client and back.

import { Buffer } from "node:buffer";
import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asString, isJsonObject } from "#core/json.ts";
import { parseInner } from "#wire/inner-json.ts";
import type { ProviderState } from "../neutral.ts";
import { GEMINI_GENERATE } from "./dialect-id.ts";

/** Google's documented stand-in for a call that no Gemini model signed
 *  (ai.google.dev/gemini-api/docs/thought-signatures, 2026-08). */
export const SIGNATURE_SENTINEL = "skip_thought_signature_validator";
/**
 * The same for clients: the field is bytes to Google's SDKs, and Go's refuses what is not base64 of
 * the standard alphabet. Google takes this form as well (recorded, gemini-3-flash, 2026).
 */
export const ENCODED_SENTINEL = Buffer.from(SIGNATURE_SENTINEL).toString("base64");

// SDKs write the field again in their own alphabet and padding, so it is compared without either.
const SENTINELS: ReadonlySet<string> = new Set([
  canonical(SIGNATURE_SENTINEL),
  canonical(ENCODED_SENTINEL),
]);
const MARK = "sluice.v1.";
/** What every envelope starts with once it is base64: the first nine bytes, which fill it evenly. */
const ENCODED_MARK = Buffer.from(MARK.slice(0, 9)).toString("base64");
const ORIGIN = /^[a-z0-9-]{1,40}$/;
const KINDS: ReadonlySet<string> = new Set(["signature", "encrypted", "redacted", "id"]);
/** Stands for the origin of reasoning that is hidden without any state. */
const NOBODY = "none";
/** Origin of an envelope that cannot be read: no encoder sends it on, and each reports it as dropped. */
const UNREADABLE = "unreadable";

/** What a `thoughtSignature` says. */
export interface ReadSignature {
  readonly states: readonly ProviderState[];
  readonly isEnvelope: boolean;
  /** The part was reasoning that may not be read. */
  readonly isRedacted: boolean;
}

const NOTHING: ReadSignature = { states: [], isEnvelope: false, isRedacted: false };

/** Reads the field, wherever it comes from. */
export function readSignature(value: string | undefined): ReadSignature {
  if (value === undefined || value === "" || isSentinel(value)) return NOTHING;
  if (isEnvelope(value)) return openEnvelope(value);
  const state = { origin: GEMINI_GENERATE, kind: "signature", value } as const;
  return { states: [state], isEnvelope: false, isRedacted: false };
}

/** True for the stand-in in any spelling. */
export function isSentinel(value: string): boolean {
  return value.length < 60 && SENTINELS.has(canonical(value));
}

/** True for an envelope, readable or not. */
export function isEnvelope(value: string): boolean {
  return value.startsWith(ENCODED_MARK);
}

/**
 * Packs another vendor's state. The whole is base64, because Google's SDKs decode the field; decoded
 * it reads `sluice.v1.<origin>.` and JSON.
 * @param states of one origin
 */
export function sealEnvelope(states: readonly ProviderState[], isRedacted: boolean): string {
  const origin = states[0]?.origin ?? NOBODY;
  const packed: JsonObject = {
    states: states.map((state): Json => [state.kind, state.value]),
    ...(isRedacted && { redacted: true }),
  };
  return Buffer.from(`${MARK}${origin}.${JSON.stringify(packed)}`, "utf8").toString("base64");
}

function openEnvelope(value: string): ReadSignature {
  const text = Buffer.from(value, "base64").toString("utf8");
  const end = text.indexOf(".", MARK.length);
  const origin = text.slice(MARK.length, end);
  const content = end === -1 ? undefined : parse(text.slice(end + 1));
  // State of Gemini's own never travels like this, so whoever packed it was not us.
  const isOurs = text.startsWith(MARK) && ORIGIN.test(origin) && origin !== GEMINI_GENERATE;
  const states = isOurs && content !== undefined ? readStates(origin, content) : undefined;
  if (states === undefined) return unreadable();
  return { states, isEnvelope: true, isRedacted: content?.["redacted"] === true };
}

function readStates(origin: string, content: JsonObject): ProviderState[] | undefined {
  const states: ProviderState[] = [];
  for (const entry of asArray(content["states"])) {
    const [kind, value] = asArray(entry);
    const text = asString(value);
    if (!isStateKind(kind) || text === undefined) return undefined;
    states.push({ origin, kind, value: text });
  }
  return states;
}

function isStateKind(kind: Json | undefined): kind is Exclude<ProviderState["kind"], "raw"> {
  return typeof kind === "string" && KINDS.has(kind);
}

function unreadable(): ReadSignature {
  const state = { origin: UNREADABLE, kind: "signature", value: "" } as const;
  return { states: [state], isEnvelope: true, isRedacted: false };
}

function parse(text: string): JsonObject | undefined {
  try {
    const value: unknown = parseInner(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function canonical(value: string): string {
  return value.replace(/-/g, "+").replace(/_/g, "/").replace(/=+$/, "");
}
