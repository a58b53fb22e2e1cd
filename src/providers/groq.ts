// Groq: open models behind OpenAI's chat API.

import {
  at,
  chatKind,
  chatTraits,
  reasoningEfforts,
  reasoningTraits,
  switchedBy,
} from "./chat-kind.ts";
import { type FamilyTable, traitsOf } from "./traits/families.ts";

const LACKS = ["logit_bias", "logprobs", "n", "files", "audio"] as const;
const TEXT_ONLY = [...LACKS, "images"] as const;
const LIMITS = { stopSequences: 4, tools: 128, maxTemperature: 2 };
const CHAT = {
  refused: ["messages.name", "metadata"],
  serviceTiers: { auto: "auto", default: "on_demand", flex: "flex", priority: "performance" },
};
/** Without `parsed` the thoughts would stand in the text, between `<think>` tags. */
const SPLIT = {
  ...CHAT,
  added: { reasoning_format: "parsed" },
  hiddenReasoning: { reasoning_format: "hidden" },
};
const REASONING_BACK = { reasoningField: "reasoning" } as const;

const FAMILIES: FamilyTable = {
  source: "https://console.groq.com/docs/openai, /docs/reasoning and /docs/structured-outputs",
  date: "2026-11-22",
  families: [
    {
      prefixes: ["openai/gpt-oss"],
      traits: reasoningTraits({
        lacks: TEXT_ONLY,
        limits: LIMITS,
        traits: REASONING_BACK,
        chat: {
          ...CHAT,
          efforts: reasoningEfforts("low", "medium", "high"),
          hiddenReasoning: { include_reasoning: false },
        },
      }),
    },
    {
      prefixes: ["qwen/", "qwen-"],
      traits: reasoningTraits({
        lacks: TEXT_ONLY,
        emulates: ["json_schema"],
        limits: LIMITS,
        traits: REASONING_BACK,
        chat: {
          ...SPLIT,
          efforts: switchedBy({ reasoning_effort: "none" }, { reasoning_effort: "default" }),
        },
      }),
    },
    {
      prefixes: ["deepseek-r1", "deepseek/"],
      traits: chatTraits({
        lacks: [...TEXT_ONLY, "reasoning"],
        emulates: ["json_schema"],
        limits: LIMITS,
        chat: SPLIT,
      }),
    },
    {
      prefixes: ["meta-llama/llama-4"],
      traits: chatTraits({ lacks: [...LACKS, "reasoning"], limits: LIMITS, chat: CHAT }),
    },
    {
      prefixes: ["moonshotai/"],
      traits: chatTraits({ lacks: [...TEXT_ONLY, "reasoning"], limits: LIMITS, chat: CHAT }),
    },
    {
      prefixes: ["groq/compound", "compound"],
      traits: chatTraits({
        lacks: [...TEXT_ONLY, "reasoning", "tools"],
        emulates: ["json_schema"],
        limits: LIMITS,
        chat: CHAT,
      }),
    },
  ],
  newest: chatTraits({
    lacks: [...LACKS, "reasoning"],
    emulates: ["json_schema"],
    limits: LIMITS,
    chat: CHAT,
  }),
};

/** `kind: groq`. */
export const GROQ = chatKind({
  id: "groq",
  title: "Groq",
  defaultBaseUrl: "https://api.groq.com",
  baseUrlEnds: ["/openai/v1"],
  about: {
    source: FAMILIES.source,
    date: FAMILIES.date,
    features: ["reasoning apart from the text", "compound models with tools of their own"],
  },
  speaks: {
    "openai-chat": { generate: at("/openai/v1/chat/completions") },
    "openai-media": {
      speak: at("/openai/v1/audio/speech"),
      transcribe: at("/openai/v1/audio/transcriptions"),
      translate_audio: at("/openai/v1/audio/translations"),
    },
  },
  catalogueId: "groq",
  traits: (model) => traitsOf(FAMILIES, model),
});
