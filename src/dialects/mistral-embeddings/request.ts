// Mistral's embedding requests, read and written.

import type { JsonObject } from "#core/json.ts";
import type { EmbeddingLimits, EmbeddingUpstreamContext } from "../embedding.ts";
import type { NeutralEmbeddingRequest } from "../neutral-embedding.ts";
import { stringAt } from "../openai-chat/fields.ts";
import { sizeAsked, tellUncut, textOf } from "../vectors/inputs.ts";
import { leftovers } from "../vectors/leftovers.ts";
import { sameForAll } from "../vectors/plan-calls.ts";
import { numbersAt, textsAt, truncationAt, vendorRequest } from "../vectors/vendor-fields.ts";
import { MISTRAL_EMBEDDINGS } from "./dialect-id.ts";

/** A batch is bound by its tokens alone (docs.mistral.ai/capabilities/embeddings, 2026-11). */
export const LIMITS: EmbeddingLimits = Object.freeze({
  maxInputs: Number.MAX_SAFE_INTEGER,
  maxTokens: 16_000,
  group: sameForAll,
});

const OTHERS = ["model", "input", "inputs", "output_dtype", "encoding_format"];

/** @throws GatewayError `invalid_request` with the path of the field */
export function requestToNeutral(body: JsonObject, model: string): NeutralEmbeddingRequest {
  const names = { origin: MISTRAL_EMBEDDINGS, size: "output_dimension", others: OTHERS };
  const isBase64 = stringAt(body, "encoding_format") === "base64";
  return vendorRequest(body, names, {
    model,
    // The client of its own calls the field `inputs`, the wire `input`.
    inputs: textsAt(body, body["input"] === undefined ? "inputs" : "input"),
    wish: {
      encoding: isBase64 ? "base64" : "float",
      numbers: numbersAt(body, "output_dtype"),
      dimensions: 0,
    },
    truncation: truncationAt(undefined, "none"),
  });
}

/** @throws GatewayError `unsupported_feature` for what is no text */
export function requestFromNeutral(
  request: NeutralEmbeddingRequest,
  context: EmbeddingUpstreamContext,
): JsonObject {
  const { wish } = request;
  const size = sizeAsked(request, context);
  tellUncut(request.truncation, context);
  return {
    ...leftovers(request, context, { own: ["metadata"], lacks: ["user", "title", "purpose"] }),
    model: context.model,
    input: request.inputs.map((input) => textOf(input, context)),
    ...(size !== undefined && { output_dimension: size }),
    ...(wish.numbers !== "float" && { output_dtype: wish.numbers }),
    ...(wish.encoding === "base64" && { encoding_format: "base64" }),
  };
}
