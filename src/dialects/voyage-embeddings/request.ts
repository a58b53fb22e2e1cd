// Voyage's embedding requests, read and written.

import type { JsonObject } from "#core/json.ts";
import type { EmbeddingLimits, EmbeddingUpstreamContext } from "../embedding.ts";
import type { NeutralEmbeddingRequest } from "../neutral-embedding.ts";
import { booleanAt, stringAt } from "../openai-chat/fields.ts";
import { sizeAsked, textOf } from "../vectors/inputs.ts";
import { leftovers } from "../vectors/leftovers.ts";
import { sameForAll } from "../vectors/plan-calls.ts";
import { type PurposeWords, purposeFor } from "../vectors/purpose.ts";
import { numbersAt, textsAt, truncationAt, vendorRequest } from "../vectors/vendor-fields.ts";
import { VOYAGE_EMBEDDINGS } from "./dialect-id.ts";

/** Source: https://docs.voyageai.com/reference/embeddings-api (2026-11); the tokens of the strictest models. */
export const LIMITS: EmbeddingLimits = Object.freeze({
  maxInputs: 1000,
  maxTokens: 120_000,
  group: sameForAll,
});

const PURPOSES: PurposeWords = { query: "query", document: "document" };
const OTHERS = ["model", "input", "truncation", "output_dtype", "encoding_format"];

/** @throws GatewayError `invalid_request` with the path of the field */
export function requestToNeutral(body: JsonObject, model: string): NeutralEmbeddingRequest {
  const names = {
    origin: VOYAGE_EMBEDDINGS,
    size: "output_dimension",
    purpose: "input_type",
    others: OTHERS,
  };
  const isBase64 = stringAt(body, "encoding_format") === "base64";
  return vendorRequest(body, names, {
    model,
    inputs: textsAt(body, "input"),
    wish: {
      encoding: isBase64 ? "base64" : "float",
      numbers: numbersAt(body, "output_dtype"),
      dimensions: 0,
    },
    truncation: truncationAt(booleanAt(body, "truncation"), "end"),
  });
}

/** @throws GatewayError `unsupported_feature` for what is no text */
export function requestFromNeutral(
  request: NeutralEmbeddingRequest,
  context: EmbeddingUpstreamContext,
): JsonObject {
  const { wish, truncation } = request;
  const purpose = purposeFor(request, PURPOSES, context);
  const size = sizeAsked(request, context);
  // Voyage cuts the end alone, and does so when nothing is said.
  if (truncation.mode === "start") context.notice("converted", "truncate");
  const saysCut = truncation.isAsked || truncation.mode === "none";
  return {
    ...leftovers(request, context, { own: [], lacks: ["user", "title"] }),
    model: context.model,
    input: request.inputs.map((input) => textOf(input, context)),
    ...(purpose !== undefined && { input_type: purpose }),
    ...(saysCut && { truncation: truncation.mode !== "none" }),
    ...(size !== undefined && { output_dimension: size }),
    ...(wish.numbers !== "float" && { output_dtype: wish.numbers }),
    ...(wish.encoding === "base64" && { encoding_format: "base64" }),
  };
}
