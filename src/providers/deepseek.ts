// DeepSeek's own API. It thinks by default, and wants its thoughts back once tools are in play.

import { at, chatKind, effortsAs, reasoningTraits } from "./chat-kind.ts";
import { type FamilyTable, traitsOf } from "./traits/families.ts";

const LACKS = ["images", "audio", "files", "seed", "logit_bias", "n"] as const;
const FACTS = {
  lacks: [...LACKS, "parallel_tool_calls"],
  emulates: ["json_schema"],
  limits: { stopSequences: 16, tools: 128, maxTemperature: 2 },
  traits: { reasoningField: "reasoning_content" },
} as const;
const CHAT = {
  refused: ["user", "metadata", "service_tier"],
  // A turn with calls but without thoughts ends in a 400; an empty text is not taken for a thought.
  reasoningPlaceholder: " ",
};

const FAMILIES: FamilyTable = {
  source: "https://api-docs.deepseek.com/guides/thinking_mode and /api/create-chat-completion",
  date: "2026-11-22",
  families: [
    {
      // The name itself switches thinking on.
      prefixes: ["deepseek-reasoner"],
      traits: reasoningTraits({
        ...FACTS,
        lacks: [...FACTS.lacks, "reasoning", "logprobs", "forced_tool_choice"],
        chat: CHAT,
      }),
    },
  ],
  newest: reasoningTraits({
    ...FACTS,
    chat: {
      ...CHAT,
      efforts: {
        ...effortsAs(["none", "low", "high", "max"], (effort) =>
          effort === "none"
            ? { thinking: { type: "disabled" } }
            : { thinking: { type: "enabled" }, reasoning_effort: effort },
        ),
        adaptive: { members: { thinking: { type: "enabled" } } },
      },
    },
  }),
};

/** `kind: deepseek`. */
export const DEEPSEEK = chatKind({
  id: "deepseek",
  title: "DeepSeek",
  defaultBaseUrl: "https://api.deepseek.com",
  baseUrlEnds: ["/v1"],
  about: {
    source: FAMILIES.source,
    date: FAMILIES.date,
    features: ["reasoning goes back with tool calls", "cache counted by hit and miss"],
  },
  // Calls that are translated go by chat: the other lane refuses calls whose results come later.
  speaks: {
    "openai-chat": { generate: at("/chat/completions") },
    "openai-responses": { generate: at("/responses") },
  },
  catalogueId: "deepseek",
  traits: (model) => traitsOf(FAMILIES, model),
});
