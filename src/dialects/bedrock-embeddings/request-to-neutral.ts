// Embedding requests behind Bedrock's `invoke`, in the neutral form: the body tells whose form it is.

import { invalidRequest } from "#core/errors.ts";
import type { JsonObject } from "#core/json.ts";
import { asString } from "#core/json.ts";
import { requestToNeutral as cohereToNeutral } from "../cohere-embeddings/request.ts";
import type { EmbeddingPart, NeutralEmbeddingRequest, Truncation } from "../neutral-embedding.ts";
import { objectAt, stringAt, unknownMembers } from "../openai-chat/fields.ts";
import { PLAIN_FLOATS, truncationAt, vendorRequest } from "../vectors/vendor-fields.ts";
import { BEDROCK_EMBEDDINGS } from "./dialect-id.ts";

const NOVA = new Set(["taskType", "singleEmbeddingParams"]);

type Input = readonly [readonly EmbeddingPart[], string];

/** @throws GatewayError `invalid_request` with the path of the field */
export function requestToNeutral(body: JsonObject, model: string): NeutralEmbeddingRequest {
  if (body["taskType"] !== undefined) return novaToNeutral(body, model);
  if (body["inputText"] !== undefined || body["inputImage"] !== undefined) {
    return titanToNeutral(body, model);
  }
  return { ...cohereToNeutral(body, model), origin: BEDROCK_EMBEDDINGS };
}

function titanToNeutral(body: JsonObject, model: string): NeutralEmbeddingRequest {
  const text = stringAt(body, "inputText");
  const image = stringAt(body, "inputImage");
  const config = objectAt(body, "embeddingConfig");
  const parts: EmbeddingPart[] = [
    ...(text === undefined ? [] : [{ kind: "text", text } as const]),
    ...(image === undefined ? [] : [imagePart(image, "image/png")]),
  ];
  const others = ["inputText", "inputImage", "embeddingConfig"];
  const size = config?.["outputEmbeddingLength"] ?? body["dimensions"];
  const named: JsonObject = { ...body, dimensions: size };
  const names = { origin: BEDROCK_EMBEDDINGS, size: "dimensions", others };
  const inputs: Input[] = [[parts, text === undefined ? "inputImage" : "inputText"]];
  const truncation = truncationAt(undefined, "none");
  return vendorRequest(named, names, { model, inputs, wish: PLAIN_FLOATS, truncation });
}

function novaToNeutral(body: JsonObject, model: string): NeutralEmbeddingRequest {
  const path = "singleEmbeddingParams";
  const params = objectAt(body, path);
  if (params === undefined) throw invalidRequest(path, `"${path}" must be an object.`);
  const names = {
    origin: BEDROCK_EMBEDDINGS,
    size: "embeddingDimension",
    purpose: "embeddingPurpose",
    others: ["text", "image"],
  };
  const read = vendorRequest(params, names, {
    model,
    inputs: [[[novaPart(params, path)], path]],
    wish: PLAIN_FLOATS,
    truncation: novaTruncation(params),
  });
  return { ...read, extras: new Map(unknownMembers(body, NOVA)) };
}

function novaPart(params: JsonObject, path: string): EmbeddingPart {
  const text = asString(objectAt(params, "text", path)?.["value"]);
  if (text !== undefined) return { kind: "text", text };
  const image = objectAt(params, "image", path);
  const bytes = asString(objectAt(image ?? {}, "source", `${path}.image`)?.["bytes"]);
  const format = asString(image?.["format"]);
  if (bytes !== undefined && format !== undefined) return imagePart(bytes, `image/${format}`);
  throw invalidRequest(path, `"${path}" must hold a "text" with a value or an "image" with bytes.`);
}

function novaTruncation(params: JsonObject): Truncation {
  const mode = asString(objectAt(params, "text")?.["truncationMode"])?.toLowerCase();
  const isKnown = mode === "none" || mode === "start" || mode === "end";
  return isKnown ? { mode, isAsked: true } : { mode: "none", isAsked: false };
}

function imagePart(data: string, mediaType: string): EmbeddingPart {
  return { kind: "image", source: { from: "base64", mediaType, data } };
}
