// An OpenAI embeddings request in the neutral form.

import { invalidRequest } from "#core/errors.ts";
import type { VectorWish } from "#core/facts.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { asString, isJsonObject } from "#core/json.ts";
import type {
  EmbeddingInput,
  EmbeddingPart,
  NeutralEmbeddingRequest,
  Truncation,
} from "../neutral-embedding.ts";
import { countAt, stringAt, unknownMembers } from "../openai-chat/fields.ts";
import { imageSource } from "../vectors/image-address.ts";
import { EMBEDDINGS } from "./dialect-id.ts";
import {
  isTokens,
  KNOWN_FIELDS,
  PURPOSE_FIELDS,
  SIZE_FIELDS,
  TRUNCATION_FIELDS,
  wishOf,
} from "./fields.ts";

/** @throws GatewayError `invalid_request` with the path of the field */
export function requestToNeutral(body: JsonObject, model: string): NeutralEmbeddingRequest {
  const dimensions = firstOf(SIZE_FIELDS, (name) => countAt(body, name, 1));
  const purpose = firstOf(PURPOSE_FIELDS, (name) => stringAt(body, name));
  const title = stringAt(body, "title");
  const user = stringAt(body, "user");
  const shared = {
    ...(dimensions !== undefined && { dimensions }),
    ...(purpose !== undefined && { purpose }),
    ...(title !== undefined && { title }),
  };
  const inputs = inputsOf(body["input"]).map(
    ([parts, path]): EmbeddingInput => ({ parts, path, ...shared }),
  );
  return {
    origin: EMBEDDINGS,
    model,
    inputs,
    wish: checkedWish(body),
    truncation: truncationOf(body),
    ...(user !== undefined && { user }),
    extras: new Map(unknownMembers(body, KNOWN_FIELDS)),
  };
}

function firstOf<Value>(
  names: readonly string[],
  read: (name: string) => Value | undefined,
): Value | undefined {
  const values = names.map(read).filter((value) => value !== undefined);
  return values[0];
}

function checkedWish(body: JsonObject): VectorWish {
  const wish = wishOf(body);
  const format = body["encoding_format"] ?? "float";
  if (format !== wish.encoding) {
    throw invalidRequest("encoding_format", '"encoding_format" must be "float" or "base64".');
  }
  const type = body["output_dtype"] ?? "float";
  if (type !== wish.numbers) {
    throw invalidRequest(
      "output_dtype",
      '"output_dtype" must be "float", "int8", "uint8", "binary" or "ubinary".',
    );
  }
  return wish;
}

/** OpenAI refuses what is too long, so that silence means: do not cut. */
function truncationOf(body: JsonObject): Truncation {
  for (const name of TRUNCATION_FIELDS) {
    const value = body[name] ?? undefined;
    if (value === undefined) continue;
    const mode = typeof value === "string" ? value.toLowerCase() : value;
    if (mode === true || mode === "end") return { mode: "end", isAsked: true };
    if (mode === false || mode === "none") return { mode: "none", isAsked: true };
    if (mode === "start") return { mode: "start", isAsked: true };
    throw invalidRequest(name, `"${name}" must be true, false, "NONE", "START" or "END".`);
  }
  return { mode: "none", isAsked: false };
}

/** The inputs with their paths. */
function inputsOf(input: Json | undefined): (readonly [readonly EmbeddingPart[], string])[] {
  const isOne = !Array.isArray(input) || isTokens(input);
  const items = isOne ? [input] : input;
  return items.map((item, index) => {
    const path = isOne ? "input" : `input[${index}]`;
    return [[partOf(item, path)], path] as const;
  });
}

/** A text, tokens, or Jina's objects of one text or one image. */
export function partOf(item: Json | undefined, path: string): EmbeddingPart {
  if (typeof item === "string" && item !== "") return { kind: "text", text: item };
  if (isTokens(item)) return { kind: "tokens", tokens: item };
  if (isJsonObject(item)) {
    const text = asString(item["text"]);
    if (text !== undefined && text !== "") return { kind: "text", text };
    const image = asString(item["image"]);
    if (image !== undefined && image !== "") {
      return { kind: "image", source: imageSource(image, `${path}.image`) };
    }
  }
  throw invalidRequest(
    path,
    `"${path}" must be a text, a list of tokens, or an object with "text" or "image", and not empty.`,
  );
}
