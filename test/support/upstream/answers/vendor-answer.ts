// Picks the vendor's words for a request: whole reply or stream.

import type { JsonObject } from "#core/json.ts";
import type { RecordedRequest } from "../recorded-request.ts";
import type { AnswerSpec } from "./answer-spec.ts";
import { anthropicCount, anthropicFrames, anthropicReply } from "./anthropic-messages.ts";
import { converseCount, converseFrames, converseReply } from "./bedrock-converse.ts";
import { cohereFrames, cohereReply } from "./cohere-chat.ts";
import type { Frame } from "./frame.ts";
import { geminiCount, geminiFrames, geminiReply } from "./gemini-generate.ts";
import { ollamaFrames, ollamaReply } from "./ollama-chat.ts";
import { openaiChatFrames, openaiChatReply } from "./openai-chat.ts";
import { embeddingsReply } from "./openai-embeddings.ts";
import {
  openaiResponsesCount,
  openaiResponsesFrames,
  openaiResponsesReply,
} from "./openai-responses.ts";

/** The whole reply that the vendor would give; undefined for a path that no vendor here has. */
export function wholeAnswer(request: RecordedRequest, spec: AnswerSpec): JsonObject | undefined {
  const { dialect, operation, model } = request.endpoint;
  if (operation === "other") return undefined;
  if (dialect === "openai-chat") return openaiChatReply(spec, model);
  if (dialect === "openai-responses")
    return operation === "count"
      ? openaiResponsesCount(spec)
      : openaiResponsesReply(spec, model, request.json);
  if (dialect === "bedrock-converse")
    return operation === "count" ? converseCount(spec) : converseReply(spec);
  if (dialect === "cohere-chat") return cohereReply(spec);
  if (dialect === "ollama-chat") return ollamaReply(spec, model);
  if (dialect === "openai-embeddings") return embeddingsReply(spec, model, request.json);
  if (dialect === "anthropic-messages")
    return operation === "count" ? anthropicCount(spec) : anthropicReply(spec, model);
  if (dialect === "gemini-generate")
    return operation === "count" ? geminiCount(spec) : geminiReply(spec, model);
  return undefined;
}

/** The frames of the stream that the vendor would send. */
export function streamAnswer(request: RecordedRequest, spec: AnswerSpec): readonly Frame[] {
  const { dialect, model } = request.endpoint;
  if (dialect === "anthropic-messages") return anthropicFrames(spec, model);
  if (dialect === "gemini-generate") return geminiFrames(spec, model);
  if (dialect === "bedrock-converse") return converseFrames(spec);
  if (dialect === "cohere-chat") return cohereFrames(spec);
  if (dialect === "ollama-chat") return ollamaFrames(spec, model);
  if (dialect === "openai-responses") return openaiResponsesFrames(spec, model, request.json);
  return openaiChatFrames(spec, model, request.json);
}
