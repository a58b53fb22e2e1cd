// State of this dialect's own in the neutral form: Google's signatures, and fields of a part that the
// neutral form has no place for.

import type { Json, JsonObject } from "#core/json.ts";
import { isJsonObject } from "#core/json.ts";
import { parseInner } from "#wire/inner-json.ts";
import type { ProviderState } from "../neutral.ts";
import { GEMINI_GENERATE } from "./dialect-id.ts";
import type { Fields } from "./fields.ts";
import { camelName } from "./fields.ts";

/** Where fields stand: beside a part's content, or inside of a call or a result. */
export type RawPlace = "part" | "functionCall" | "functionResponse";

/**
 * What raw state may never hold. It may have been through the hands of a client of another dialect, who
 * must not be able to say in it what nobody reads on the way.
 */
const CONTENT: Readonly<Record<RawPlace, ReadonlySet<string>>> = {
  part: new Set([
    "text",
    "thought",
    "thoughtSignature",
    "inlineData",
    "fileData",
    "functionCall",
    "functionResponse",
    "executableCode",
    "codeExecutionResult",
    "toolCall",
    "toolResponse",
  ]),
  functionCall: new Set(["id", "name", "args"]),
  functionResponse: new Set(["id", "name", "response", "parts"]),
};

/** Fields beyond the known ones as state: a JSON object of place and fields. Often none. */
export function readRawState(fields: Fields, place: RawPlace): ProviderState[] {
  const rest = fields.rest(CONTENT[place]);
  if (rest.length === 0) return [];
  const value = JSON.stringify({ [place]: Object.fromEntries(rest) });
  return [{ origin: GEMINI_GENERATE, kind: "raw", value }];
}

/** The fields that state puts beside a part's content: the signature, and raw ones. */
export function writeBesideContent(states: readonly ProviderState[]): JsonObject {
  const fields = writeRawState(states, "part");
  for (const state of states) {
    if (state.kind === "signature") fields["thoughtSignature"] = state.value;
  }
  return fields;
}

/** The raw fields of one place. */
export function writeRawState(states: readonly ProviderState[], place: RawPlace): JsonObject {
  const entries: [string, Json | undefined][] = [];
  for (const state of states) {
    if (state.kind !== "raw") continue;
    for (const entry of Object.entries(fieldsOf(state.value, place))) {
      if (!CONTENT[place].has(camelName(entry[0]))) entries.push(entry);
    }
  }
  return Object.fromEntries(entries);
}

function fieldsOf(text: string, place: RawPlace): JsonObject {
  try {
    const value: unknown = parseInner(text);
    const fields = isJsonObject(value) ? value[place] : undefined;
    return isJsonObject(fields) ? fields : {};
  } catch {
    return {};
  }
}
