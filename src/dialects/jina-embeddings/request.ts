// Jina's embedding requests, read and written.

import { invalidRequest } from "#core/errors.ts";
import type { VectorWish } from "#core/facts.ts";
import type { Json, JsonObject } from "#core/json.ts";
import type { EmbeddingLimits, EmbeddingUpstreamContext } from "../embedding.ts";
import { cannotEmbed } from "../embedding.ts";
import { partOf } from "../embeddings/request-to-neutral.ts";
import type { EmbeddingInput, NeutralEmbeddingRequest } from "../neutral-embedding.ts";
import { booleanAt, stringAt } from "../openai-chat/fields.ts";
import { onlyInput, sizeAsked } from "../vectors/inputs.ts";
import { leftovers } from "../vectors/leftovers.ts";
import { sameForAll } from "../vectors/plan-calls.ts";
import { purposeFor } from "../vectors/purpose.ts";
import { textsAt, truncationAt, vendorRequest } from "../vectors/vendor-fields.ts";
import { JINA_EMBEDDINGS } from "./dialect-id.ts";

/** Source: https://api.jina.ai/docs (2026-11). */
export const LIMITS: EmbeddingLimits = Object.freeze({ maxInputs: 2048, group: sameForAll });

const PURPOSES = {
  query: "retrieval.query",
  document: "retrieval.passage",
  similarity: "text-matching",
  classification: "classification",
  clustering: "separation",
  code_query: "code.query",
  code_document: "code.passage",
  others: /^[a-z0-9]+\.(query|passage|document)$/,
} as const;

const OTHERS = ["model", "input", "truncate", "embedding_type"];
const OWN = ["normalized", "late_chunking"];

/** @throws GatewayError `invalid_request` with the path of the field */
export function requestToNeutral(body: JsonObject, model: string): NeutralEmbeddingRequest {
  const names = { origin: JINA_EMBEDDINGS, size: "dimensions", purpose: "task", others: OTHERS };
  return vendorRequest(body, names, {
    model,
    inputs: textsAt(body, "input", partOf),
    wish: wishOf(stringAt(body, "embedding_type") ?? "float"),
    truncation: truncationAt(booleanAt(body, "truncate"), "none"),
  });
}

function wishOf(type: string): VectorWish {
  const floats = { numbers: "float", dimensions: 0 } as const;
  if (type === "float" || type === "base64") return { encoding: type, ...floats };
  if (type === "binary" || type === "ubinary") {
    return { encoding: "float", numbers: type, dimensions: 0 };
  }
  throw invalidRequest(
    "embedding_type",
    '"embedding_type" must be float, base64, binary or ubinary.',
  );
}

/** @throws GatewayError `unsupported_feature` for what is neither text nor image */
export function requestFromNeutral(
  request: NeutralEmbeddingRequest,
  context: EmbeddingUpstreamContext,
): JsonObject {
  const { truncation } = request;
  const purpose = purposeFor(request, PURPOSES, context);
  const size = sizeAsked(request, context);
  const type = typeOf(request.wish, context);
  if (truncation.mode === "start") context.notice("converted", "truncate");
  // Jina refuses what is too long unless it is told to cut.
  const saysCut = truncation.isAsked || truncation.mode !== "none";
  return {
    ...leftovers(request, context, { own: OWN, lacks: ["user", "title"] }),
    model: context.model,
    input: request.inputs.map((input) => written(input, context)),
    ...(purpose !== undefined && { task: purpose }),
    ...(saysCut && { truncate: truncation.mode !== "none" }),
    ...(size !== undefined && { dimensions: size }),
    ...(type !== "float" && { embedding_type: type }),
  };
}

function typeOf({ encoding, numbers }: VectorWish, context: EmbeddingUpstreamContext): string {
  if (numbers === "float") return encoding;
  if (numbers === "binary" || numbers === "ubinary") return numbers;
  throw cannotEmbed("output_dtype", `${context.model} makes no vectors of ${numbers}.`);
}

function written(input: EmbeddingInput, context: EmbeddingUpstreamContext): Json {
  const part = onlyInput(input, context, ["text", "image"]);
  if (part.kind === "text") return part.text;
  const { source } = part;
  if (source.from === "base64") return { image: source.data };
  if (source.from === "url") return { image: source.url };
  throw cannotEmbed(input.path, `${context.model} cannot read a file that another vendor keeps.`);
}
