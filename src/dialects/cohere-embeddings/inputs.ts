// Cohere's three ways to name what vectors are made of: texts, images, and lists of parts.

import { invalidRequest } from "#core/errors.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { asObject, asString } from "#core/json.ts";
import { cannotEmbed, type EmbeddingUpstreamContext } from "../embedding.ts";
import type { EmbeddingInput, EmbeddingPart } from "../neutral-embedding.ts";
import { objectsAt } from "../openai-chat/fields.ts";
import { dataUrlOf, imageSource } from "../vectors/image-address.ts";
import { textsAt } from "../vectors/vendor-fields.ts";

type Read = (readonly [readonly EmbeddingPart[], string])[];

/** @throws GatewayError `invalid_request` with the path of the field */
export function readInputs(body: JsonObject): Read {
  if (Array.isArray(body["inputs"])) {
    return objectsAt(body, "inputs").map((input, index) => {
      const path = `inputs[${index}]`;
      const parts = objectsAt(input, "content", path).map((part, place) =>
        readPart(part, `${path}.content[${place}]`),
      );
      if (parts.length === 0) throw invalidRequest(path, `"${path}" must hold "content".`);
      return [parts, path] as const;
    });
  }
  return Array.isArray(body["images"])
    ? textsAt(body, "images", readImage)
    : textsAt(body, "texts");
}

function readImage(item: Json | undefined, path: string): EmbeddingPart {
  return { kind: "image", source: imageSource(asString(item) ?? "", path) };
}

function readPart(part: JsonObject, path: string): EmbeddingPart {
  const text = asString(part["text"]);
  if (text !== undefined) return { kind: "text", text };
  const url = asString(asObject(part["image_url"])?.["url"]);
  if (url !== undefined) return readImage(url, `${path}.image_url.url`);
  throw invalidRequest(path, `"${path}" must hold "text" or "image_url".`);
}

/** True for an input that only the form with parts can hold. */
export function isMixed({ parts }: EmbeddingInput): boolean {
  return parts.length > 1 || parts[0]?.kind !== "text";
}

/**
 * The inputs as members of the body; all are texts, or none is.
 * @param hasParts false: the model knows texts and images only, one to a vector
 */
export function writeInputs(
  inputs: readonly EmbeddingInput[],
  context: EmbeddingUpstreamContext,
  hasParts: boolean,
): JsonObject {
  if (!inputs.some(isMixed)) return { texts: inputs.map(({ parts }) => textIn(parts)) };
  if (hasParts) {
    return {
      inputs: inputs.map((input) => ({
        content: input.parts.map((part) => writePart(part, input, context)),
      })),
    };
  }
  return {
    images: inputs.map((input) => {
      const [part, ...others] = input.parts;
      if (part === undefined || others.length > 0) {
        throw cannotEmbed(input.path, `${context.model} takes one part for each vector.`);
      }
      const written = writePart(part, input, context);
      return asString(asObject(written["image_url"])?.["url"]) ?? "";
    }),
  };
}

function textIn(parts: readonly EmbeddingPart[]): string {
  const [part] = parts;
  return part?.kind === "text" ? part.text : "";
}

function writePart(
  part: EmbeddingPart,
  input: EmbeddingInput,
  { model }: EmbeddingUpstreamContext,
): JsonObject {
  if (part.kind === "text") return { type: "text", text: part.text };
  if (part.kind !== "image") {
    const what = part.kind === "tokens" ? "token numbers" : part.kind;
    throw cannotEmbed(input.path, `${model} makes no vectors of ${what}.`);
  }
  const url = dataUrlOf(part.source);
  if (url === undefined) {
    throw cannotEmbed(
      input.path,
      `${model} takes images as bytes only, and Sluice fetches none. Send them in base64.`,
    );
  }
  return { type: "image_url", image_url: { url } };
}
