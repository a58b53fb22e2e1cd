// Cohere's embedding requests, read and written. Bedrock serves the same form under its own roof.

import { invalidRequest } from "#core/errors.ts";
import type { VectorWish } from "#core/facts.ts";
import type { Json, JsonObject } from "#core/json.ts";
import type { EmbeddingLimits, EmbeddingUpstreamContext } from "../embedding.ts";
import type { EmbeddingInput, NeutralEmbeddingRequest, Truncation } from "../neutral-embedding.ts";
import { listAt, stringAt } from "../openai-chat/fields.ts";
import { sizeAsked } from "../vectors/inputs.ts";
import { leftovers } from "../vectors/leftovers.ts";
import { sameForAll } from "../vectors/plan-calls.ts";
import { type PurposeWords, purposeFor } from "../vectors/purpose.ts";
import { vendorRequest } from "../vectors/vendor-fields.ts";
import { COHERE_EMBEDDINGS } from "./dialect-id.ts";
import { isMixed, readInputs, writeInputs } from "./inputs.ts";

/** Source: https://docs.cohere.com/v2/reference/embed (2026-11). Texts and images go apart. */
export const LIMITS: EmbeddingLimits = Object.freeze({
  maxInputs: 96,
  group: (input: EmbeddingInput) => `${isMixed(input)}${sameForAll(input)}`,
});

/** The third version takes images one by one and texts apart from them. */
const PLAIN_MODELS = /-v[23](?:[.:-]|$)/;

/** True where one vector may be made of texts and images together. */
export function hasParts(standsFor: string): boolean {
  return !PLAIN_MODELS.test(standsFor);
}

/** The limits of a model. */
export function limitsOf(model: string): EmbeddingLimits {
  if (hasParts(model)) return LIMITS;
  return {
    maxInputs: LIMITS.maxInputs,
    group: (input) => (isMixed(input) ? input.path : sameForAll(input)),
  };
}

const PURPOSES: PurposeWords = {
  query: "search_query",
  document: "search_document",
  classification: "classification",
  clustering: "clustering",
};
const IMAGE = "image";
/** What nearly all callers do who embed without saying what for. */
const USUAL = "search_document";
const TYPES = ["float", "base64", "int8", "uint8", "binary", "ubinary"] as const;
const OTHERS = ["model", "texts", "images", "inputs", "embedding_types", "truncate"];
const OWN = ["max_tokens", "priority"];

/** @throws GatewayError `invalid_request` with the path of the field */
export function requestToNeutral(body: JsonObject, model: string): NeutralEmbeddingRequest {
  const names = {
    origin: COHERE_EMBEDDINGS,
    size: "output_dimension",
    purpose: "input_type",
    others: OTHERS,
  };
  return vendorRequest(body, names, {
    model,
    inputs: readInputs(body),
    wish: wishOf(listAt(body, "embedding_types")),
    truncation: truncationOf(stringAt(body, "truncate")),
  });
}

/** The first type is the one that is written on. */
function wishOf([first = "float"]: readonly Json[]): VectorWish {
  const type = TYPES.find((one) => one === first);
  if (type === "base64") return { encoding: "base64", numbers: "float", dimensions: 0 };
  if (type !== undefined) return { encoding: "float", numbers: type, dimensions: 0 };
  throw invalidRequest("embedding_types", `"embedding_types" must be of ${TYPES.join(", ")}.`);
}

function truncationOf(value: string | undefined): Truncation {
  const mode = (value ?? "END").toLowerCase();
  if (mode === "none" || mode === "start" || mode === "end") {
    return { mode, isAsked: value !== undefined };
  }
  throw invalidRequest("truncate", '"truncate" must be NONE, START or END.');
}

/** @throws GatewayError `unsupported_feature` for what is neither text nor image */
export function requestFromNeutral(
  request: NeutralEmbeddingRequest,
  context: EmbeddingUpstreamContext,
): JsonObject {
  const { wish, inputs } = request;
  const type = wish.encoding === "base64" && wish.numbers === "float" ? "base64" : wish.numbers;
  return {
    ...commonMembers(request, context),
    model: context.model,
    ...writeInputs(inputs, context, hasParts(context.standsFor)),
    embedding_types: [type],
  };
}

/** What Cohere's own API and Bedrock's share beside the inputs. */
export function commonMembers(
  request: NeutralEmbeddingRequest,
  context: EmbeddingUpstreamContext,
): JsonObject {
  const { truncation, inputs } = request;
  const size = sizeAsked(request, context);
  const isImage = inputs.every(({ parts }) => parts.every(({ kind }) => kind === "image"));
  const isRaw = inputs[0]?.purpose === IMAGE;
  let purpose = isRaw ? IMAGE : purposeFor(request, PURPOSES, context);
  if (purpose === undefined || (isImage && !hasParts(context.standsFor))) {
    purpose = isImage ? IMAGE : USUAL;
    if (!isImage) context.notice("defaulted", "input_type");
  }
  // Silence means the end to Cohere, and not to cut to most others.
  const saysCut = truncation.isAsked || truncation.mode !== "end";
  return {
    ...leftovers(request, context, { own: OWN, lacks: ["user", "title"] }),
    input_type: purpose,
    ...(saysCut && { truncate: truncation.mode.toUpperCase() }),
    ...(size !== undefined && { output_dimension: size }),
  };
}
