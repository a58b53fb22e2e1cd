// State that is this API's own: encrypted reasoning with the id of its item, and the phase of a message,
// which models want to see again (openai/openai-openapi 2.3.0, 2026-08).

import type { JsonObject } from "#core/json.ts";
import { asString } from "#core/json.ts";
import type { ProviderState } from "../neutral.ts";
import { OPENAI_RESPONSES } from "./dialect-id.ts";
import { UNSEALED } from "./state-envelope.ts";

/** Between the id of a message and its phase: one value, so that any client can carry both. */
const SEPARATOR = "#";

/** The state of a reasoning item: none unless there is something encrypted that gives it a meaning. */
export function reasoningStates(item: JsonObject): ProviderState[] {
  const encrypted = asString(item["encrypted_content"]) ?? "";
  if (encrypted === "" || encrypted === UNSEALED) return [];
  const id = asString(item["id"]) ?? "";
  return [...(id === "" ? [] : [ownState("id", id)]), ownState("encrypted", encrypted)];
}

/** The state of a message: none unless it has a phase. */
export function messageStates(item: JsonObject): ProviderState[] {
  const phase = asString(item["phase"]) ?? "";
  if (phase === "") return [];
  return [ownState("id", `${asString(item["id"]) ?? ""}${SEPARATOR}${phase}`)];
}

/** A message as its own vendor knew it. */
export interface MessageState {
  /** Empty when the vendor gave none. */
  readonly id: string;
  readonly phase: string;
}

/** What `messageStates` kept; undefined when there was nothing to keep. */
export function messageStateOf(
  states: readonly ProviderState[] | undefined,
): MessageState | undefined {
  const value = ownValue(states, "id");
  const at = value?.indexOf(SEPARATOR) ?? -1;
  if (value === undefined || at < 0) return undefined;
  return { id: value.slice(0, at), phase: value.slice(at + 1) };
}

/** Value of one kind of our own state. */
export function ownValue(
  states: readonly ProviderState[] | undefined,
  kind: ProviderState["kind"],
): string | undefined {
  return states?.find((state) => state.origin === OPENAI_RESPONSES && state.kind === kind)?.value;
}

/** `{providerState}` when there is any, else nothing. */
export function withStates(states: readonly ProviderState[]): {
  providerState?: readonly ProviderState[];
} {
  return states.length === 0 ? {} : { providerState: states };
}

function ownState(kind: ProviderState["kind"], value: string): ProviderState {
  return { origin: OPENAI_RESPONSES, kind, value };
}
