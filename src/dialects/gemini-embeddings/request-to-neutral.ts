// Google's embedding requests in the neutral form, single ones and batches.

import { invalidRequest } from "#core/errors.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { type Fields, requestFields } from "../gemini-generate/fields.ts";
import { fileToNeutral, inlineToNeutral } from "../gemini-generate/media.ts";
import type {
  EmbeddingInput,
  EmbeddingPart,
  NeutralEmbeddingRequest,
  Truncation,
} from "../neutral-embedding.ts";
import { GEMINI_EMBED, GEMINI_EMBED_BATCH } from "./dialect-id.ts";

const REQUEST = new Set([
  "model",
  "content",
  "taskType",
  "title",
  "outputDimensionality",
  "autoTruncate",
  "embedContentConfig",
]);
const CONFIG = new Set(["taskType", "title", "outputDimensionality", "autoTruncate"]);
const BATCH = new Set(["requests", "model"]);

/** A number of Google's enumeration says nothing to others; this one says nothing at all. */
const NO_PURPOSE = "TASK_TYPE_UNSPECIFIED";

/** One request. @throws GatewayError `invalid_request` with the path of the field */
export function singleToNeutral(body: JsonObject, model: string): NeutralEmbeddingRequest {
  const fields = requestFields(body);
  const extras = new Map<string, Json>();
  const inputs = [inputOf(fields, extras)];
  return neutral(inputs, { origin: GEMINI_EMBED, model, extras, truncation: cutOf(fields) });
}

/** A batch. @throws GatewayError `invalid_request` with the path of the field */
export function batchToNeutral(body: JsonObject, model: string): NeutralEmbeddingRequest {
  const fields = requestFields(body);
  const requests = fields.objects("requests");
  if (requests.length === 0) {
    throw invalidRequest("requests", '"requests" must be a list and not empty.');
  }
  const extras = new Map(fields.rest(BATCH));
  const inputs = requests.map((request) => inputOf(request, extras));
  const cuts = requests.map(cutOf);
  const [first = cutOf(fields)] = cuts;
  if (cuts.some(({ mode }) => mode !== first.mode)) {
    throw invalidRequest("requests", '"autoTruncate" must be the same in all requests of a batch.');
  }
  return neutral(inputs, { origin: GEMINI_EMBED_BATCH, model, extras, truncation: first });
}

function neutral(
  inputs: readonly EmbeddingInput[],
  rest: Omit<NeutralEmbeddingRequest, "inputs" | "wish">,
): NeutralEmbeddingRequest {
  return { ...rest, inputs, wish: { encoding: "float", numbers: "float", dimensions: 0 } };
}

function inputOf(request: Fields, extras: Map<string, Json>): EmbeddingInput {
  const config = request.object("embedContentConfig");
  for (const [key, value] of request.rest(REQUEST)) extras.set(key, value);
  for (const [key, value] of config?.rest(CONFIG) ?? []) {
    extras.set(`embedContentConfig.${key}`, value);
  }
  const purpose = request.string("taskType") ?? config?.string("taskType");
  const title = request.string("title") ?? config?.string("title");
  const size = request.integer("outputDimensionality") ?? config?.integer("outputDimensionality");
  if (size !== undefined && size < 1) {
    const path = request.pathOf("outputDimensionality");
    throw invalidRequest(path, `"${path}" must be a whole number of at least 1.`);
  }
  return {
    path: request.pathOf("content"),
    parts: partsOf(request),
    ...(purpose !== undefined && purpose !== NO_PURPOSE && { purpose }),
    ...(title !== undefined && { title }),
    ...(size !== undefined && { dimensions: size }),
  };
}

/** Google cuts what is too long unless told otherwise. */
function cutOf(request: Fields): Truncation {
  const asked =
    request.flag("autoTruncate") ?? request.object("embedContentConfig")?.flag("autoTruncate");
  return { mode: asked === false ? "none" : "end", isAsked: asked !== undefined };
}

function partsOf(request: Fields): EmbeddingPart[] {
  const path = request.pathOf("content");
  const parts = request.object("content")?.objects("parts") ?? [];
  if (parts.length === 0)
    throw invalidRequest(path, `"${path}" must hold "parts" and not be empty.`);
  return parts.map(partOf);
}

function partOf(part: Fields): EmbeddingPart {
  const text = part.string("text");
  if (text !== undefined) return { kind: "text", text };
  const inline = part.object("inlineData");
  const file = part.object("fileData");
  const media =
    inline !== undefined
      ? inlineToNeutral(inline)
      : file === undefined
        ? file
        : fileToNeutral(file);
  if (media !== undefined && "source" in media) return { kind: media.kind, source: media.source };
  throw invalidRequest(part.path, `"${part.path}" must hold "text", "inlineData" or "fileData".`);
}
