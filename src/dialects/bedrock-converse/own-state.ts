// State that is Bedrock's own: signatures, redacted reasoning, and members that the neutral form has no
// field for.

import type { JsonObject } from "#core/json.ts";
import { asObject } from "#core/json.ts";
import { parseInner } from "#wire/inner-json.ts";
import type { ProviderState } from "../neutral.ts";
import { BEDROCK_CONVERSE } from "./dialect-id.ts";

/** A signature or redacted text as the vendor sent it. */
export function ownState(kind: ProviderState["kind"], value: string): ProviderState {
  return { origin: BEDROCK_CONVERSE, kind, value };
}

/**
 * Members that no field of a part holds (`context`, `citations`, `status` …), kept so that the block can
 * be written again as it was.
 * @param known members that the part holds
 */
export function keepRest(value: JsonObject, known: ReadonlySet<string>): readonly ProviderState[] {
  const rest = Object.entries(value).filter(
    ([key, member]) => !known.has(key) && member !== undefined,
  );
  return rest.length === 0 ? [] : [ownState("raw", JSON.stringify(Object.fromEntries(rest)))];
}

/** The members kept by `keepRest`; none when the state was made elsewhere and is no JSON object. */
export function restOf(states: readonly ProviderState[] | undefined): JsonObject {
  const state = states?.find(({ origin, kind }) => origin === BEDROCK_CONVERSE && kind === "raw");
  if (state === undefined) return {};
  try {
    return asObject(parseInner(state.value)) ?? {};
  } catch {
    return {};
  }
}

/** `{providerState}` when there is any, else nothing. */
export function withStates(states: readonly ProviderState[]): {
  providerState?: readonly ProviderState[];
} {
  return states.length === 0 ? {} : { providerState: states };
}
