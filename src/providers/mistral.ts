// Mistral's own API: OpenAI's chat form with strict checks. Members that it does not know are a 422.

import type { Json, JsonObject } from "#core/json.ts";
import { CALL_IDS_OF_9, NAMES_OF_64 } from "#dialects/adapt/name-rules.ts";
import type { BodyEdits } from "#dialects/dialect.ts";
import { chatKind, chatTraits, reasoningEfforts, reasoningTraits } from "./chat-kind.ts";
import { embeddingTraits } from "./traits/embeddings.ts";
import { type FamilyTable, traitsOf } from "./traits/families.ts";

const LACKS = ["logit_bias", "logprobs"] as const;
const LIMITS = { maxTemperature: 1.5 };
const CHAT = {
  refused: ["user", "service_tier", "stream_options", "messages.name"],
  renamed: { seed: "random_seed" },
  hasThinkingParts: true,
  hasDocumentUrls: true,
  hasPlainAudio: true,
  // "Unexpected role 'user' after role 'tool'" otherwise.
  wordsAfterResults: "OK",
  continues: { message: { prefix: true } },
};
/** Ids of calls are nine letters and digits. Others are mapped, the same on every turn. */
const ACCEPTS = { toolNames: NAMES_OF_64, callIds: CALL_IDS_OF_9 };
const FACTS = { has: ["prefill"], limits: LIMITS, traits: { accepts: ACCEPTS } } as const;

const FAMILIES: FamilyTable = {
  source: "https://docs.mistral.ai/api and github.com/mistralai/client-ts (2.7.0)",
  date: "2026-11-22",
  families: [
    {
      // Reason always; the mode that switches it on is their default.
      prefixes: ["magistral"],
      traits: reasoningTraits({ ...FACTS, lacks: [...LACKS, "reasoning"], chat: CHAT }),
    },
    {
      prefixes: ["mistral-small", "mistral-medium"],
      traits: reasoningTraits({
        ...FACTS,
        lacks: LACKS,
        chat: { ...CHAT, efforts: reasoningEfforts("none", "high") },
      }),
    },
  ],
  newest: chatTraits({ ...FACTS, lacks: [...LACKS, "reasoning"], chat: CHAT }),
};

/** Its streams tell their usage unasked, and asking for it is a member that it does not know. */
function withoutStreamOptions(body: JsonObject): BodyEdits {
  const edits = new Map<string, Json | undefined>();
  if (body["stream"] === true) edits.set("stream_options", undefined);
  return edits;
}

/** `kind: mistral`. */
export const MISTRAL = chatKind({
  id: "mistral",
  title: "Mistral",
  defaultBaseUrl: "https://api.mistral.ai",
  baseUrlEnds: ["/v1"],
  about: {
    source: FAMILIES.source,
    date: FAMILIES.date,
    features: ["thinking parts", "documents by address or data", "answers that go on"],
  },
  speaks: {
    "openai-chat": {
      generate: { path: () => "/v1/chat/completions", bodyEdits: withoutStreamOptions },
    },
    "mistral-embeddings": { embed: { path: () => "/v1/embeddings" } },
    "openai-moderations": { moderate: { path: () => "/v1/moderations" } },
    "openai-media": { transcribe: { path: () => "/v1/audio/transcriptions" } },
  },
  embedding: embeddingTraits,
  catalogueId: "mistral",
  traits: (model) => traitsOf(FAMILIES, model),
});
