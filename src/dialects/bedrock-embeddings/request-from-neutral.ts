// Embedding requests for models behind Bedrock's `invoke`, each in its maker's form.

import type { JsonObject } from "#core/json.ts";
import { writeInputs } from "../cohere-embeddings/inputs.ts";
import { limitsOf as cohereLimits, commonMembers, hasParts } from "../cohere-embeddings/request.ts";
import type { EmbeddingLimits, EmbeddingUpstreamContext } from "../embedding.ts";
import { cannotEmbed } from "../embedding.ts";
import type { EmbeddingInput, NeutralEmbeddingRequest } from "../neutral-embedding.ts";
import { onlyFloats, onlyInput, sizeAsked, tellUncut, textOf } from "../vectors/inputs.ts";
import { leftovers } from "../vectors/leftovers.ts";
import { purposeFor } from "../vectors/purpose.ts";
import { familyOf, isFirstTitan } from "./families.ts";

const ONE: EmbeddingLimits = Object.freeze({ maxInputs: 1 });

/** Amazon's models make one vector a call, Cohere's many. */
export function limitsOf(standsFor: string): EmbeddingLimits {
  return familyOf(standsFor) === "cohere-form" ? cohereLimits(standsFor) : ONE;
}

/** @throws GatewayError `unsupported_feature`, also for a model whose form is unknown */
export function requestFromNeutral(
  request: NeutralEmbeddingRequest,
  context: EmbeddingUpstreamContext,
): JsonObject {
  const [input] = request.inputs;
  const family = familyOf(context.standsFor);
  if (family === undefined || input === undefined) {
    throw cannotEmbed(
      "model",
      `${context.model} is no embedding model of Amazon or Cohere by its name. Say under deployments: what it stands for.`,
    );
  }
  switch (family) {
    case "cohere-form":
      return cohereBody(request, context);
    case "nova":
      return novaBody(request, input, context);
    case "titan-image":
      return titanImageBody(request, input, context);
    default:
      return titanTextBody(request, input, context);
  }
}

function cohereBody(
  request: NeutralEmbeddingRequest,
  context: EmbeddingUpstreamContext,
): JsonObject {
  const { numbers } = request.wish;
  return {
    ...commonMembers(request, context),
    ...writeInputs(request.inputs, context, hasParts(context.standsFor)),
    ...(numbers !== "float" && { embedding_types: [numbers] }),
  };
}

function titanTextBody(
  request: NeutralEmbeddingRequest,
  input: EmbeddingInput,
  context: EmbeddingUpstreamContext,
): JsonObject {
  onlyFloats(request, context);
  tellUncut(request.truncation, context);
  const size = sizeAsked(request, context);
  if (size !== undefined && isFirstTitan(context.standsFor)) {
    throw cannotEmbed("dimensions", `${context.model} makes vectors of 1536 dimensions only.`);
  }
  const own = isFirstTitan(context.standsFor) ? [] : ["normalize"];
  return {
    ...leftovers(request, context, { own, lacks: ["user", "title", "purpose"] }),
    inputText: textOf(input, context),
    ...(size !== undefined && { dimensions: size }),
  };
}

function titanImageBody(
  request: NeutralEmbeddingRequest,
  input: EmbeddingInput,
  context: EmbeddingUpstreamContext,
): JsonObject {
  onlyFloats(request, context);
  tellUncut(request.truncation, context);
  const size = sizeAsked(request, context);
  const body: JsonObject = leftovers(request, context, {
    own: [],
    lacks: ["user", "title", "purpose"],
  });
  // One text and one image together make one vector.
  for (const part of input.parts) {
    const one = onlyInput({ ...input, parts: [part] }, context, ["text", "image"]);
    const name = one.kind === "text" ? "inputText" : "inputImage";
    if (body[name] !== undefined) {
      throw cannotEmbed(input.path, `${context.model} takes one text and one image at most.`);
    }
    body[name] = one.kind === "text" ? one.text : imageBytes(one, input, context).data;
  }
  return {
    ...body,
    ...(size !== undefined && { embeddingConfig: { outputEmbeddingLength: size } }),
  };
}

const NOVA_PURPOSES = {
  query: "GENERIC_RETRIEVAL",
  document: "GENERIC_INDEX",
  classification: "CLASSIFICATION",
  clustering: "CLUSTERING",
  others: /^(?:GENERIC|TEXT|IMAGE|VIDEO|AUDIO|DOCUMENT)_(?:INDEX|RETRIEVAL)$/,
} as const;

function novaBody(
  request: NeutralEmbeddingRequest,
  input: EmbeddingInput,
  context: EmbeddingUpstreamContext,
): JsonObject {
  onlyFloats(request, context);
  const size = sizeAsked(request, context);
  let purpose = purposeFor(request, NOVA_PURPOSES, context);
  if (purpose === undefined) {
    purpose = NOVA_PURPOSES.document;
    context.notice("defaulted", "input_type");
  }
  const part = onlyInput(input, context, ["text", "image"]);
  const content: JsonObject =
    part.kind === "text"
      ? { text: { truncationMode: request.truncation.mode.toUpperCase(), value: part.text } }
      : { image: novaImage(imageBytes(part, input, context)) };
  return {
    ...leftovers(request, context, { own: [], lacks: ["user", "title"] }),
    taskType: "SINGLE_EMBEDDING",
    singleEmbeddingParams: {
      embeddingPurpose: purpose,
      ...(size !== undefined && { embeddingDimension: size }),
      ...content,
    },
  };
}

interface Bytes {
  readonly mediaType: string;
  readonly data: string;
}

function novaImage({ mediaType, data }: Bytes): JsonObject {
  const format = mediaType.slice(mediaType.indexOf("/") + 1).replace("jpg", "jpeg");
  return { format, source: { bytes: data } };
}

/** @throws GatewayError `unsupported_feature` for an image that is not here */
function imageBytes(
  part: { readonly source: { readonly from: string } & Partial<Bytes> },
  input: EmbeddingInput,
  { model }: EmbeddingUpstreamContext,
): Bytes {
  const { from, mediaType, data } = part.source;
  if (from === "base64" && mediaType !== undefined && data !== undefined) {
    return { mediaType, data };
  }
  throw cannotEmbed(
    input.path,
    `${model} takes images as bytes only, and Sluice fetches none. Send them in base64.`,
  );
}
