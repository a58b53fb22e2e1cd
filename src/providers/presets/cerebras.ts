// Cerebras: open models on its own hardware, behind OpenAI's chat API.

import {
  at,
  chatKind,
  chatTraits,
  reasoningEfforts,
  reasoningTraits,
  switchedBy,
} from "../chat-kind.ts";
import { type FamilyTable, traitsOf } from "../traits/families.ts";

const LACKS = [
  "frequency_penalty",
  "presence_penalty",
  "logit_bias",
  "n",
  "images",
  "audio",
  "files",
] as const;
const CHAT = { refused: ["metadata"] };
const CAP = { outputCapField: "max_completion_tokens" } as const;

const FAMILIES: FamilyTable = {
  source: "https://inference-docs.cerebras.ai/capabilities/reasoning",
  date: "2026-11-22",
  families: [
    {
      prefixes: ["gpt-oss"],
      traits: reasoningTraits({
        lacks: LACKS,
        traits: { ...CAP, reasoningField: "reasoning" },
        chat: { ...CHAT, efforts: reasoningEfforts("low", "medium", "high") },
      }),
    },
    {
      prefixes: ["zai-glm"],
      traits: reasoningTraits({
        lacks: LACKS,
        traits: { ...CAP, reasoningField: "reasoning" },
        chat: {
          ...CHAT,
          efforts: switchedBy({ reasoning_effort: "none" }, { disable_reasoning: false }),
        },
      }),
    },
  ],
  newest: chatTraits({ lacks: [...LACKS, "reasoning"], traits: CAP, chat: CHAT }),
};

/** `kind: cerebras`. */
export const CEREBRAS = chatKind({
  id: "cerebras",
  title: "Cerebras",
  isPreset: true,
  defaultBaseUrl: "https://api.cerebras.ai",
  baseUrlEnds: ["/v1"],
  about: {
    source: "https://inference-docs.cerebras.ai/resources/openai and /capabilities/reasoning",
    date: "2026-11-22",
    features: ["reasoning apart from the text", "time of each stage"],
  },
  speaks: {
    "openai-chat": { generate: at("/v1/chat/completions") },
    "openai-completions": { complete: at("/v1/completions") },
  },
  catalogueId: "cerebras",
  traits: (model) => traitsOf(FAMILIES, model),
});
