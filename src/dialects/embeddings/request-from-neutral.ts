// An OpenAI embeddings request out of the neutral form.

import type { Json, JsonObject } from "#core/json.ts";
import type { EmbeddingLimits, EmbeddingUpstreamContext } from "../embedding.ts";
import { announceExtras } from "../extras.ts";
import type { NeutralEmbeddingRequest } from "../neutral-embedding.ts";
import { onlyFloats, onlyInput, sizeAsked, tellUncut } from "../vectors/inputs.ts";
import { sameForAll } from "../vectors/plan-calls.ts";
import { EMBEDDINGS } from "./dialect-id.ts";

/** Source: openai/openai-openapi 2.3.0 (2026-08). */
export const LIMITS: EmbeddingLimits = Object.freeze({
  maxInputs: 2048,
  maxTokens: 300_000,
  group: sameForAll,
});

/** @throws GatewayError `unsupported_feature` for what is neither text nor tokens */
export function requestFromNeutral(
  request: NeutralEmbeddingRequest,
  context: EmbeddingUpstreamContext,
): JsonObject {
  const { wish, user, truncation } = request;
  onlyFloats(request, context);
  const dimensions = sizeAsked(request, context);
  const [first] = request.inputs;
  const isKin = request.origin === EMBEDDINGS;
  if (!isKin) {
    if (first?.purpose !== undefined) context.notice("dropped", "input_type");
    if (first?.title !== undefined) context.notice("dropped", "title");
    tellUncut(truncation, context);
    announceExtras(request.extras, context);
  }
  return {
    ...(isKin && Object.fromEntries(request.extras)),
    model: context.model,
    input: request.inputs.map((input): Json => {
      const part = onlyInput(input, context, ["text", "tokens"]);
      return part.kind === "tokens" ? [...part.tokens] : part.text;
    }),
    ...(wish.encoding === "base64" && { encoding_format: "base64" }),
    ...(dimensions !== undefined && { dimensions }),
    ...(isKin && first?.purpose !== undefined && { input_type: first.purpose }),
    ...(isKin && first?.title !== undefined && { title: first.title }),
    ...(isKin && truncation.isAsked && { truncate: truncation.mode.toUpperCase() }),
    ...(user !== undefined && { user }),
  };
}
