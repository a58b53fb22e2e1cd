// Reading the requests of vendors whose embedding form is much like OpenAI's: texts, and a few fields.

import { invalidRequest } from "#core/errors.ts";
import type { VectorWish } from "#core/facts.ts";
import type { Json, JsonObject } from "#core/json.ts";
import type {
  EmbeddingInput,
  EmbeddingPart,
  NeutralEmbeddingRequest,
  Truncation,
} from "../neutral-embedding.ts";
import { countAt, stringAt, unknownMembers } from "../openai-chat/fields.ts";

/** Where a vendor's form keeps what the neutral form has a place for. */
export interface FieldNames {
  readonly origin: string;
  readonly size?: string;
  readonly purpose?: string;
  /** Everything that is read elsewhere, so that it is no extra. */
  readonly others: readonly string[];
}

/** Inputs and what they share. @throws GatewayError `invalid_request` with the path of the field */
export function vendorRequest(
  body: JsonObject,
  names: FieldNames,
  read: {
    readonly model: string;
    readonly inputs: readonly (readonly [readonly EmbeddingPart[], string])[];
    readonly wish: VectorWish;
    readonly truncation: Truncation;
  },
): NeutralEmbeddingRequest {
  const size = names.size === undefined ? undefined : countAt(body, names.size, 1);
  const purpose = names.purpose === undefined ? undefined : stringAt(body, names.purpose);
  const shared = {
    ...(size !== undefined && { dimensions: size }),
    ...(purpose !== undefined && { purpose }),
  };
  const known = [names.size, names.purpose, ...names.others].filter((name) => name !== undefined);
  return {
    origin: names.origin,
    model: read.model,
    inputs: read.inputs.map(([parts, path]): EmbeddingInput => ({ parts, path, ...shared })),
    wish: read.wish,
    truncation: read.truncation,
    extras: new Map(unknownMembers(body, new Set(known))),
  };
}

/** A text or a list of texts. @throws GatewayError `invalid_request` with the path of the field */
export function textsAt(
  body: JsonObject,
  name: string,
  partOf: (item: Json | undefined, path: string) => EmbeddingPart = textPart,
): (readonly [readonly EmbeddingPart[], string])[] {
  const value = body[name];
  if (!Array.isArray(value)) return [[[partOf(value, name)], name]];
  if (value.length === 0) throw invalidRequest(name, `"${name}" must not be empty.`);
  return value.map((item, index) => {
    const path = `${name}[${index}]`;
    return [[partOf(item, path)], path] as const;
  });
}

function textPart(item: Json | undefined, path: string): EmbeddingPart {
  if (typeof item === "string" && item !== "") return { kind: "text", text: item };
  throw invalidRequest(path, `"${path}" must be a text and not empty.`);
}

/** A wish for floats of any number. */
export const PLAIN_FLOATS: VectorWish = Object.freeze({
  encoding: "float",
  numbers: "float",
  dimensions: 0,
});

const NUMBERS: readonly VectorWish["numbers"][] = ["float", "int8", "uint8", "binary", "ubinary"];

/** The type of numbers that a field names; floats when it names none. */
export function numbersAt(body: JsonObject, name: string): VectorWish["numbers"] {
  const type = stringAt(body, name) ?? "float";
  const known = NUMBERS.find((one) => one === type);
  if (known !== undefined) return known;
  throw invalidRequest(name, `"${name}" must be one of ${NUMBERS.join(", ")}.`);
}

/** True or false for whether to cut, and what silence means. */
export function truncationAt(value: boolean | undefined, unsaid: "none" | "end"): Truncation {
  if (value === undefined) return { mode: unsaid, isAsked: false };
  return { mode: value ? "end" : "none", isAsked: true };
}
