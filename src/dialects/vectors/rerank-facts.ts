// The facts of a reranking call, out of its neutral form.

import type { CallFacts } from "#core/facts.ts";
import { asString } from "#core/json.ts";
import type { NeutralRerankRequest, RerankDocument } from "../neutral-rerank.ts";

/** Vendors read the query once more with each document, and bill it so. */
export function rerankFacts(request: NeutralRerankRequest, dialect: string): CallFacts {
  const { query, documents, model } = request;
  let textLength = query.length * documents.length;
  let imageCount = 0;
  for (const document of documents) {
    if (isImage(document)) imageCount += 1;
    else textLength += lengthOf(document);
  }
  return {
    operation: "rerank",
    dialect,
    model,
    stream: false,
    wantsUsage: false,
    textLength,
    maxOutputTokens: 0,
    choices: 1,
    messageCount: documents.length,
    toolCount: 0,
    imageCount,
    audioCount: 0,
    fileCount: 0,
    hasSchema: false,
    reasoning: false,
    user: "",
    metadata: {},
  };
}

function isImage(document: RerankDocument): boolean {
  return typeof document !== "string" && document["image"] !== undefined;
}

function lengthOf(document: RerankDocument): number {
  if (typeof document === "string") return document.length;
  return asString(document["text"])?.length ?? JSON.stringify(document).length;
}
