// All dialects. A new one is a folder and a line here.

import type { DialectId } from "#core/facts.ts";
import { anthropicMessages } from "./anthropic-messages/index.ts";
import { bedrockConverse } from "./bedrock-converse/index.ts";
import { bedrockEmbeddings } from "./bedrock-embeddings/index.ts";
import { cohereChat } from "./cohere-chat/index.ts";
import { cohereEmbeddings } from "./cohere-embeddings/index.ts";
import { cohereRerank } from "./cohere-rerank/index.ts";
import type { Dialect } from "./dialect.ts";
import { embeddings } from "./embeddings/index.ts";
import { geminiEmbed, geminiEmbedBatch } from "./gemini-embeddings/index.ts";
import { geminiGenerate } from "./gemini-generate/index.ts";
import { jinaEmbeddings } from "./jina-embeddings/index.ts";
import { mistralEmbeddings } from "./mistral-embeddings/index.ts";
import { ollamaChat } from "./ollama-chat/index.ts";
import { ollamaEmbeddings } from "./ollama-embeddings/index.ts";
import { openaiChat } from "./openai-chat/index.ts";
import { openaiCompletions } from "./openai-completions/index.ts";
import { openaiMedia } from "./openai-media/index.ts";
import { openaiModerations } from "./openai-moderations/index.ts";
import { openaiResponses } from "./openai-responses/index.ts";
import { passthrough } from "./passthrough/index.ts";
import { rerank } from "./rerank/index.ts";
import { vertexEmbeddings } from "./vertex-embeddings/index.ts";
import { voyageEmbeddings } from "./voyage-embeddings/index.ts";
import { voyageRerank } from "./voyage-rerank/index.ts";

const ALL: readonly Dialect[] = [
  openaiChat,
  openaiResponses,
  anthropicMessages,
  geminiGenerate,
  bedrockConverse,
  cohereChat,
  ollamaChat,
  embeddings,
  geminiEmbed,
  geminiEmbedBatch,
  vertexEmbeddings,
  cohereEmbeddings,
  voyageEmbeddings,
  mistralEmbeddings,
  jinaEmbeddings,
  ollamaEmbeddings,
  bedrockEmbeddings,
  rerank,
  cohereRerank,
  voyageRerank,
  openaiCompletions,
  openaiModerations,
  openaiMedia,
  passthrough,
];

/** Every dialect by its id. */
export const DIALECTS: ReadonlyMap<DialectId, Dialect> = new Map(
  ALL.map((dialect) => [dialect.id, dialect]),
);

/**
 * The dialect of an id that the program itself wrote: a route, a provider's file.
 * @throws Error when there is none, which is a fault of the program
 */
export function dialectOf(id: DialectId): Dialect {
  const dialect = DIALECTS.get(id);
  if (dialect === undefined) throw new Error(`There is no dialect "${id}".`);
  return dialect;
}
