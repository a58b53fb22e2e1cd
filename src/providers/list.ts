// The list of provider kinds. A new one is a file of its own and a line here.

import { ANTHROPIC } from "./anthropic.ts";
import { AZURE_OPENAI } from "./azure-openai.ts";
import { BEDROCK } from "./bedrock.ts";
import { BEDROCK_MANTLE } from "./bedrock-mantle.ts";
import { COHERE } from "./cohere.ts";
import { DEEPSEEK } from "./deepseek.ts";
import { DEMO } from "./demo.ts";
import { GEMINI } from "./gemini.ts";
import { GROQ } from "./groq.ts";
import { MISTRAL } from "./mistral.ts";
import { OLLAMA } from "./ollama.ts";
import { OPENAI } from "./openai.ts";
import { OPENAI_COMPATIBLE } from "./openai-compatible.ts";
import { OPENROUTER } from "./openrouter.ts";
import { ALIBABA } from "./presets/alibaba.ts";
import { CEREBRAS } from "./presets/cerebras.ts";
import { FIREWORKS } from "./presets/fireworks.ts";
import { HUGGINGFACE } from "./presets/huggingface.ts";
import { JINA } from "./presets/jina.ts";
import { LLAMA_CPP } from "./presets/llama-cpp.ts";
import { LM_STUDIO } from "./presets/lm-studio.ts";
import { MOONSHOT } from "./presets/moonshot.ts";
import { NVIDIA } from "./presets/nvidia.ts";
import { PERPLEXITY } from "./presets/perplexity.ts";
import { SGLANG } from "./presets/sglang.ts";
import { TOGETHER } from "./presets/together.ts";
import { VOYAGE } from "./presets/voyage.ts";
import { ZAI } from "./presets/zai.ts";
import type { ProviderKind } from "./provider.ts";
import { VERTEX } from "./vertex.ts";
import { VLLM } from "./vllm.ts";
import { XAI } from "./xai.ts";

const KINDS: readonly ProviderKind[] = [
  OPENAI,
  ANTHROPIC,
  GEMINI,
  OPENAI_COMPATIBLE,
  AZURE_OPENAI,
  BEDROCK,
  BEDROCK_MANTLE,
  VERTEX,
  MISTRAL,
  COHERE,
  GROQ,
  DEEPSEEK,
  XAI,
  OPENROUTER,
  OLLAMA,
  VLLM,
  VOYAGE,
  JINA,
  TOGETHER,
  FIREWORKS,
  CEREBRAS,
  PERPLEXITY,
  NVIDIA,
  HUGGINGFACE,
  MOONSHOT,
  ZAI,
  ALIBABA,
  LM_STUDIO,
  LLAMA_CPP,
  SGLANG,
  DEMO,
];

/** All kinds by id. */
export const PROVIDER_KINDS: ReadonlyMap<string, ProviderKind> = new Map(
  KINDS.map((kind) => [kind.id, kind]),
);

/**
 * The kind with this id, for ids that a compiled document holds.
 * @throws Error when there is none: the compiler lets no such id through
 */
export function providerKindOf(id: string): ProviderKind {
  const kind = PROVIDER_KINDS.get(id);
  if (kind === undefined) throw new Error(`There is no provider kind ${id}.`);
  return kind;
}
