// Google's embeddings: two dialects that share everything but the outermost shape of their bodies.
// Sources: https://ai.google.dev/api/embeddings and googleapis/js-genai 3.1.0 (2026-11).

import type { Json } from "#core/json.ts";
import { isJsonObject } from "#core/json.ts";
import type { CallHints, Dialect, ReplyFindings } from "../dialect.ts";
import type { EmbeddingTranslation } from "../embedding.ts";
import {
  errorIn,
  malformed,
  readFault,
  writeFault,
  writeFaultFrames,
} from "../gemini-generate/fault.ts";
import { writeCount, writeModel, writeModelList } from "../gemini-generate/models.ts";
import { embeddingFacts } from "../vectors/facts.ts";
import { GEMINI_EMBED, GEMINI_EMBED_BATCH } from "./dialect-id.ts";
import { editEmbedding } from "./edits.ts";
import { batchReply, replyToNeutral, singleReply, usageOf, vectorsIn } from "./reply.ts";
import {
  BATCH_LIMITS,
  batchFromNeutral,
  SINGLE_LIMITS,
  singleFromNeutral,
} from "./request-from-neutral.ts";
import { batchToNeutral, singleToNeutral } from "./request-to-neutral.ts";

/** `:embedContent`. */
export const geminiEmbed = googleDialect(GEMINI_EMBED, {
  requestToNeutral: singleToNeutral,
  limits: () => SINGLE_LIMITS,
  requestFromNeutral: singleFromNeutral,
  replyToNeutral,
  replyFromNeutral: singleReply,
});

/** `:batchEmbedContents`. */
export const geminiEmbedBatch = googleDialect(GEMINI_EMBED_BATCH, {
  requestToNeutral: batchToNeutral,
  limits: () => BATCH_LIMITS,
  requestFromNeutral: batchFromNeutral,
  replyToNeutral,
  replyFromNeutral: batchReply,
});

function googleDialect(id: string, embedding: EmbeddingTranslation): Dialect {
  return Object.freeze({
    id,
    operations: ["embed"] as const,
    forwardedHeaders: ["x-goog-api-client", "x-server-timeout"],
    read: (body, hints: CallHints) =>
      embeddingFacts(embedding.requestToNeutral(body, hints.model), id),
    edits: (_facts, model, body) => editEmbedding(model, body),
    inspect,
    readFault,
    fault: writeFault,
    faultFrames: (error, requestId, framing, hasContent = true) =>
      writeFaultFrames(error, requestId, { framing, hasContent }),
    keepAlive: (framing) => (framing === "sse" ? ": keep-alive\n\n" : "\n"),
    countReply: writeCount,
    modelList: writeModelList,
    modelEntry: writeModel,
    embedding,
  } satisfies Dialect);
}

function inspect(body: Json | undefined): ReplyFindings {
  const error = errorIn(body);
  if (error !== undefined) return faulty(readFault(0, error, new Headers()));
  const vectors = isJsonObject(body) ? vectorsIn(body) : undefined;
  if (!isJsonObject(body) || vectors === undefined) {
    return faulty(malformed("The reply has no embeddings."));
  }
  const empty = vectors.length === 0;
  return { usage: usageOf(body), empty, stop: "end", fault: undefined, textLength: 0 };
}

function faulty(fault: NonNullable<ReplyFindings["fault"]>): ReplyFindings {
  return { usage: undefined, empty: false, stop: "error", fault, textLength: 0 };
}
