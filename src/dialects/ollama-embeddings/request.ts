// Ollama's embedding requests, read and written.

import type { JsonObject } from "#core/json.ts";
import type { EmbeddingLimits, EmbeddingUpstreamContext } from "../embedding.ts";
import type { NeutralEmbeddingRequest } from "../neutral-embedding.ts";
import { booleanAt } from "../openai-chat/fields.ts";
import { onlyFloats, sizeAsked, textOf } from "../vectors/inputs.ts";
import { leftovers } from "../vectors/leftovers.ts";
import { sameForAll } from "../vectors/plan-calls.ts";
import { PLAIN_FLOATS, textsAt, truncationAt, vendorRequest } from "../vectors/vendor-fields.ts";
import { OLLAMA_EMBEDDINGS } from "./dialect-id.ts";

/** Source: ollama/ollama docs/openapi.yaml (2026-11). No limit but that of memory. */
export const LIMITS: EmbeddingLimits = Object.freeze({
  maxInputs: Number.MAX_SAFE_INTEGER,
  group: sameForAll,
});

const OWN = ["options", "keep_alive"];

/** @throws GatewayError `invalid_request` with the path of the field */
export function requestToNeutral(body: JsonObject, model: string): NeutralEmbeddingRequest {
  const others = ["model", "input", "truncate"];
  const names = { origin: OLLAMA_EMBEDDINGS, size: "dimensions", others };
  return vendorRequest(body, names, {
    model,
    inputs: textsAt(body, "input"),
    wish: PLAIN_FLOATS,
    truncation: truncationAt(booleanAt(body, "truncate"), "end"),
  });
}

/** @throws GatewayError `unsupported_feature` for what is no text */
export function requestFromNeutral(
  request: NeutralEmbeddingRequest,
  context: EmbeddingUpstreamContext,
): JsonObject {
  const { truncation } = request;
  onlyFloats(request, context);
  const size = sizeAsked(request, context);
  if (truncation.mode === "start") context.notice("converted", "truncate");
  const saysCut = truncation.isAsked || truncation.mode === "none";
  return {
    ...leftovers(request, context, { own: OWN, lacks: ["user", "title", "purpose"] }),
    model: context.model,
    input: request.inputs.map((input) => textOf(input, context)),
    ...(saysCut && { truncate: truncation.mode !== "none" }),
    ...(size !== undefined && { dimensions: size }),
  };
}
