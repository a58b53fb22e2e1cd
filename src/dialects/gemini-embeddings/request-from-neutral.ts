// Google's embedding requests out of the neutral form.

import type { Json, JsonObject } from "#core/json.ts";
import type { EmbeddingLimits, EmbeddingUpstreamContext } from "../embedding.ts";
import { cannotEmbed } from "../embedding.ts";
import { announceExtras } from "../extras.ts";
import type {
  EmbeddingInput,
  EmbeddingPart,
  NeutralEmbeddingRequest,
} from "../neutral-embedding.ts";
import { onlyFloats, sizeAsked } from "../vectors/inputs.ts";
import { type PurposeWords, purposeFor } from "../vectors/purpose.ts";

/** Source: https://ai.google.dev/api/embeddings (2026-11). */
export const BATCH_LIMITS: EmbeddingLimits = Object.freeze({ maxInputs: 100 });
export const SINGLE_LIMITS: EmbeddingLimits = Object.freeze({ maxInputs: 1 });

export const GOOGLE_PURPOSES: PurposeWords = {
  query: "RETRIEVAL_QUERY",
  document: "RETRIEVAL_DOCUMENT",
  similarity: "SEMANTIC_SIMILARITY",
  classification: "CLASSIFICATION",
  clustering: "CLUSTERING",
  question_answering: "QUESTION_ANSWERING",
  fact_verification: "FACT_VERIFICATION",
  code_query: "CODE_RETRIEVAL_QUERY",
};

/** A batch, in which each input has its own purpose, title and size. */
export function batchFromNeutral(
  request: NeutralEmbeddingRequest,
  context: EmbeddingUpstreamContext,
): JsonObject {
  prepare(request, context);
  return {
    requests: request.inputs.map(
      (input): Json => ({
        model: `models/${context.model}`,
        ...written(input, request, context),
      }),
    ),
  };
}

/** A single request; the limits see to it that there is one input. */
export function singleFromNeutral(
  request: NeutralEmbeddingRequest,
  context: EmbeddingUpstreamContext,
): JsonObject {
  prepare(request, context);
  const [input] = request.inputs;
  return input === undefined ? {} : written(input, request, context);
}

function prepare(request: NeutralEmbeddingRequest, context: EmbeddingUpstreamContext): void {
  onlyFloats(request, context);
  if (request.user !== undefined) context.notice("dropped", "user");
  // The Gemini API always cuts; only Vertex AI can be told not to.
  if (request.truncation.isAsked && request.truncation.mode !== "end") {
    context.notice("dropped", "truncate");
  }
  announceExtras(request.extras, context);
}

function written(
  input: EmbeddingInput,
  request: NeutralEmbeddingRequest,
  context: EmbeddingUpstreamContext,
): JsonObject {
  const alone = { ...request, inputs: [input] };
  const taskType = purposeFor(alone, GOOGLE_PURPOSES, context);
  const outputDimensionality = sizeAsked(alone, context);
  return {
    content: { parts: input.parts.map((part) => partOf(part, input, context)) },
    ...(taskType !== undefined && { taskType }),
    ...(input.title !== undefined && { title: input.title }),
    ...(outputDimensionality !== undefined && { outputDimensionality }),
  };
}

/** @throws GatewayError `unsupported_feature` for what Google has no way to read */
export function partOf(
  part: EmbeddingPart,
  input: EmbeddingInput,
  { model }: Pick<EmbeddingUpstreamContext, "model">,
): JsonObject {
  if (part.kind === "text") return { text: part.text };
  if (part.kind === "tokens") {
    throw cannotEmbed(input.path, `${model} makes no vectors of token numbers. Send text.`);
  }
  const { source } = part;
  switch (source.from) {
    case "base64":
      return { inlineData: { mimeType: source.mediaType, data: source.data } };
    case "vendor-file":
      return {
        fileData: {
          fileUri: source.id,
          ...(source.mediaType !== undefined && { mimeType: source.mediaType }),
        },
      };
    case "text":
      return { text: source.text };
    default:
      throw cannotEmbed(
        input.path,
        `${model} cannot be sent an address, and Sluice fetches none. Send the bytes in base64.`,
      );
  }
}
