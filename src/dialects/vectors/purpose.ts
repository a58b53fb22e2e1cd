// What an embedding is for: the vendors' many words for it, and how to say it to another vendor.

import type { EmbeddingUpstreamContext } from "../embedding.ts";
import { cannotEmbed } from "../embedding.ts";
import type { EmbeddingPurpose, NeutralEmbeddingRequest } from "../neutral-embedding.ts";

/** Lower case, without the signs between words -> purpose. Cohere, Voyage, Google, Jina, Nova, NVIDIA. */
const WORDS: ReadonlyMap<string, EmbeddingPurpose> = new Map([
  ["query", "query"],
  ["searchquery", "query"],
  ["retrievalquery", "query"],
  ["genericretrieval", "query"],
  ["document", "document"],
  ["passage", "document"],
  ["searchdocument", "document"],
  ["retrievaldocument", "document"],
  ["retrievalpassage", "document"],
  ["genericindex", "document"],
  ["similarity", "similarity"],
  ["semanticsimilarity", "similarity"],
  ["textmatching", "similarity"],
  ["classification", "classification"],
  ["clustering", "clustering"],
  ["separation", "clustering"],
  ["questionanswering", "question_answering"],
  ["factverification", "fact_verification"],
  ["coderetrievalquery", "code_query"],
  ["codequery", "code_query"],
  ["codepassage", "code_document"],
  ["codedocument", "code_document"],
]);

/** What comes nearest, where a vendor has no word of its own. */
const NEAREST: Readonly<Partial<Record<EmbeddingPurpose, EmbeddingPurpose>>> = {
  question_answering: "query",
  fact_verification: "query",
  code_query: "query",
  code_document: "document",
};

/** A vendor's own words. What it has no word for is left out. */
export type PurposeWords = Readonly<Partial<Record<EmbeddingPurpose, string>>>;

/**
 * The purpose of a request whose inputs all have the same, in a vendor's word.
 * @param words with `others` for words that only this vendor has
 * @param field of the caller, for notices and messages
 * @returns undefined when the caller named none, or the vendor has nothing like it (with a notice)
 * @throws GatewayError `unsupported_feature` for a word that nobody knows
 */
export function purposeFor(
  request: NeutralEmbeddingRequest,
  words: PurposeWords & { readonly others?: RegExp },
  context: EmbeddingUpstreamContext,
): string | undefined {
  const asked = request.inputs[0]?.purpose;
  if (asked === undefined) return undefined;
  const { others, ...shared } = words;
  if (Object.values(shared).includes(asked) || others?.test(asked) === true) return asked;
  const meant = WORDS.get(asked.toLowerCase().replace(/[^a-z]/g, ""));
  if (meant === undefined) {
    throw cannotEmbed(
      "input_type",
      `The input type ${JSON.stringify(asked.slice(0, 60))} means nothing to ${context.model}. Use query, document, similarity, classification or clustering.`,
    );
  }
  const exact = words[meant];
  if (exact !== undefined) return exact;
  const near = NEAREST[meant];
  const nearest = near === undefined ? undefined : words[near];
  context.notice(nearest === undefined ? "dropped" : "converted", "input_type");
  return nearest;
}
