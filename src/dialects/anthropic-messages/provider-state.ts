// State that is ours to give back: block members which the neutral form has no field for, and
// signatures. Another vendor's state travels in envelopes instead (see `state-envelope.ts`).

import type { Json, JsonObject } from "#core/json.ts";
import { asObject } from "#core/json.ts";
import { parseInner } from "#wire/inner-json.ts";
import type { ProviderState } from "../neutral.ts";
import { ANTHROPIC_MESSAGES } from "./dialect-id.ts";

/** A signature or redacted text as the vendor sent it. */
export function ownState(kind: ProviderState["kind"], value: string): ProviderState {
  return { origin: ANTHROPIC_MESSAGES, kind, value };
}

/**
 * Members of a block that no field of its part holds (`caller`, `context`, `transformations` …), kept
 * so that the block can be written again as it was.
 * @param known members that the part holds
 */
export function keepRest(block: JsonObject, known: ReadonlySet<string>): readonly ProviderState[] {
  const rest = Object.entries(block).filter(
    ([key, value]) => !known.has(key) && value !== undefined && !isDefaultCaller(key, value),
  );
  return rest.length === 0 ? [] : [ownState("raw", JSON.stringify(Object.fromEntries(rest)))];
}

/** The members kept by `keepRest`; none when the state was made elsewhere and is no JSON object. */
export function restOf(states: readonly ProviderState[] | undefined): JsonObject {
  const state = states?.find(({ origin, kind }) => origin === ANTHROPIC_MESSAGES && kind === "raw");
  return state === undefined ? {} : parseMembers(state.value);
}

function parseMembers(text: string): JsonObject {
  try {
    return asObject(parseInner(text)) ?? {};
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

/** A call by the model itself is what every call was before there were others. */
function isDefaultCaller(key: string, value: Json): boolean {
  return key === "caller" && asObject(value)?.["type"] === "direct";
}
