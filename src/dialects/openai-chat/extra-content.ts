// `extra_content`: where Google's imitation of this API keeps thought signatures, and where state of
// any other vendor travels through a chat client, under a name of our own.

import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asObject, asString } from "#core/json.ts";
import type { ProviderState } from "../neutral.ts";

/** Origin of Gemini's thought signatures. */
const GEMINI = "gemini-generate";
/** Our member beside Google's. */
const OURS = "sluice";
/** Raw members of a vendor's own blocks are not among them: a client could forge those. */
const KINDS: ReadonlySet<string> = new Set(["signature", "encrypted", "redacted", "id"]);

/** Reads the state out of an object that may have an `extra_content`. */
export function readExtraContent(owner: JsonObject): ProviderState[] {
  const extra = asObject(owner["extra_content"]);
  if (extra === undefined) return [];
  const signature = asString(asObject(extra["google"])?.["thought_signature"]);
  const states = asArray(extra[OURS]).flatMap((entry) => readState(entry) ?? []);
  if (signature === undefined) return states;
  return [{ origin: GEMINI, kind: "signature", value: signature }, ...states];
}

function readState(entry: Json): ProviderState | undefined {
  const state = asObject(entry);
  const origin = asString(state?.["origin"]);
  const kind = asString(state?.["kind"]) ?? "";
  const value = asString(state?.["value"]);
  if (origin === undefined || value === undefined || !isKind(kind)) return undefined;
  return { origin, kind, value };
}

/** Writes `{extra_content}`, or nothing when there is no state that may travel so. */
export function writeExtraContent(states: readonly ProviderState[] = []): JsonObject {
  const isGoogles = (state: ProviderState) => state.origin === GEMINI && state.kind === "signature";
  const google = states.find(isGoogles);
  const others = states.filter((state) => state !== google && isKind(state.kind));
  if (google === undefined && others.length === 0) return {};
  return {
    extra_content: {
      ...(google !== undefined && { google: { thought_signature: google.value } }),
      ...(others.length > 0 && {
        [OURS]: others.map(({ origin, kind, value }) => ({ origin, kind, value })),
      }),
    },
  };
}

function isKind(text: string): text is ProviderState["kind"] {
  return KINDS.has(text);
}
