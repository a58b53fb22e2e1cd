// Vertex AI's embedding requests, read and written: `predict` with instances for the older models,
// `embedContent` for those that see more than text.

import { invalidRequest } from "#core/errors.ts";
import type { JsonObject } from "#core/json.ts";
import type { EmbeddingLimits, EmbeddingUpstreamContext } from "../embedding.ts";
import { GOOGLE_PURPOSES, partOf } from "../gemini-embeddings/request-from-neutral.ts";
import { singleToNeutral } from "../gemini-embeddings/request-to-neutral.ts";
import { requestFields } from "../gemini-generate/fields.ts";
import type { EmbeddingInput, NeutralEmbeddingRequest } from "../neutral-embedding.ts";
import { onlyFloats, sizeAsked, textOf } from "../vectors/inputs.ts";
import { leftovers } from "../vectors/leftovers.ts";
import { purposeFor } from "../vectors/purpose.ts";
import { PLAIN_FLOATS, truncationAt } from "../vectors/vendor-fields.ts";
import { VERTEX_EMBEDDINGS } from "./dialect-id.ts";

/** The first Gemini model is still asked by `predict`; see googleapis/js-genai 3.1.0 (2026-11). */
const FIRST_GEMINI = "gemini-embedding-001";

/** The last segment of the path for a model. */
export function vertexVerb(standsFor: string): "predict" | "embedContent" {
  const isLater = /gemini/.test(standsFor) && standsFor !== FIRST_GEMINI;
  return isLater || standsFor.includes("maas") ? "embedContent" : "predict";
}

/** Source: cloud.google.com/vertex-ai/generative-ai/docs/model-reference/text-embeddings-api (2026-11). */
export function limitsOf(standsFor: string): EmbeddingLimits {
  const isOne = standsFor === FIRST_GEMINI || vertexVerb(standsFor) === "embedContent";
  return {
    maxInputs: isOne ? 1 : 250,
    maxTokens: 20_000,
    group: ({ dimensions }) => String(dimensions ?? 0),
  };
}

/** @throws GatewayError `invalid_request` with the path of the field */
export function requestToNeutral(body: JsonObject, model: string): NeutralEmbeddingRequest {
  if (body["instances"] === undefined) {
    return { ...singleToNeutral(body, model), origin: VERTEX_EMBEDDINGS };
  }
  const fields = requestFields(body);
  const parameters = fields.object("parameters");
  const dimensions = parameters?.integer("outputDimensionality");
  const instances = fields.objects("instances");
  if (instances.length === 0) throw invalidRequest("instances", '"instances" must not be empty.');
  return {
    origin: VERTEX_EMBEDDINGS,
    model,
    inputs: instances.map((instance): EmbeddingInput => {
      const purpose = instance.string("taskType");
      const title = instance.string("title");
      return {
        path: instance.path,
        parts: [{ kind: "text", text: instance.string("content") ?? "" }],
        ...(purpose !== undefined && { purpose }),
        ...(title !== undefined && { title }),
        ...(dimensions !== undefined && { dimensions }),
      };
    }),
    wish: PLAIN_FLOATS,
    truncation: truncationAt(parameters?.flag("autoTruncate"), "end"),
    extras: new Map(fields.rest(new Set(["instances", "parameters"]))),
  };
}

/** @throws GatewayError `unsupported_feature` for what the model cannot read */
export function requestFromNeutral(
  request: NeutralEmbeddingRequest,
  context: EmbeddingUpstreamContext,
): JsonObject {
  onlyFloats(request, context);
  const rest = leftovers(request, context, { own: [], lacks: ["user"] });
  return vertexVerb(context.standsFor) === "predict"
    ? { ...rest, ...predictBody(request, context) }
    : { ...rest, ...contentBody(request, context) };
}

function predictBody(
  request: NeutralEmbeddingRequest,
  context: EmbeddingUpstreamContext,
): JsonObject {
  const parameters = settings(request, context);
  return {
    instances: request.inputs.map((input) => {
      const purpose = purposeFor({ ...request, inputs: [input] }, GOOGLE_PURPOSES, context);
      return {
        content: textOf(input, context),
        ...(purpose !== undefined && { task_type: purpose }),
        ...(input.title !== undefined && { title: input.title }),
      };
    }),
    ...(Object.keys(parameters).length > 0 && { parameters }),
  };
}

function contentBody(
  request: NeutralEmbeddingRequest,
  context: EmbeddingUpstreamContext,
): JsonObject {
  const [input] = request.inputs;
  if (input === undefined) return {};
  const purpose = purposeFor(request, GOOGLE_PURPOSES, context);
  const embedContentConfig: JsonObject = {
    ...(purpose !== undefined && { taskType: purpose }),
    ...(input.title !== undefined && { title: input.title }),
    ...settings(request, context),
  };
  return {
    content: { parts: input.parts.map((part) => partOf(part, input, context)) },
    ...(Object.keys(embedContentConfig).length > 0 && { embedContentConfig }),
  };
}

/** Google cuts the end unless told not to. */
function settings(request: NeutralEmbeddingRequest, context: EmbeddingUpstreamContext): JsonObject {
  const { mode, isAsked } = request.truncation;
  const size = sizeAsked(request, context);
  if (mode === "start") context.notice("converted", "truncate");
  const saysCut = isAsked || mode === "none";
  return {
    ...(size !== undefined && { outputDimensionality: size }),
    ...(saysCut && { autoTruncate: mode !== "none" }),
  };
}
