// Where the operations beside conversations live at each kind that has them.

import { describe, expect, test } from "bun:test";
import type { Operation } from "#core/facts.ts";
import { providerKindOf } from "./list.ts";

const DIALECT_OF: Partial<Record<Operation, string>> = {
  complete: "openai-completions",
  moderate: "openai-moderations",
};

function url(kind: string, operation: Operation): string | undefined {
  const found = providerKindOf(kind);
  const dialect = DIALECT_OF[operation] ?? "openai-media";
  const endpoint = found.speaks[dialect]?.[operation];
  return endpoint && `${found.defaultBaseUrl ?? "BASE"}${endpoint.path("m", false, {})}`;
}

describe("operations beside conversations", () => {
  test.each<[string, Operation, string]>([
    ["openai", "complete", "https://api.openai.com/v1/completions"],
    ["openai", "moderate", "https://api.openai.com/v1/moderations"],
    ["openai", "generate_image", "https://api.openai.com/v1/images/generations"],
    ["openai", "edit_image", "https://api.openai.com/v1/images/edits"],
    ["openai", "vary_image", "https://api.openai.com/v1/images/variations"],
    ["openai", "speak", "https://api.openai.com/v1/audio/speech"],
    ["openai", "transcribe", "https://api.openai.com/v1/audio/transcriptions"],
    ["openai", "translate_audio", "https://api.openai.com/v1/audio/translations"],
    ["openai-compatible", "transcribe", "BASE/audio/transcriptions"],
    ["groq", "transcribe", "https://api.groq.com/openai/v1/audio/transcriptions"],
    ["mistral", "transcribe", "https://api.mistral.ai/v1/audio/transcriptions"],
    ["mistral", "moderate", "https://api.mistral.ai/v1/moderations"],
    ["xai", "generate_image", "https://api.x.ai/v1/images/generations"],
    ["openrouter", "complete", "https://openrouter.ai/api/v1/completions"],
    ["ollama", "complete", "http://127.0.0.1:11434/v1/completions"],
    ["vllm", "complete", "http://127.0.0.1:8000/v1/completions"],
    ["together", "speak", "https://api.together.xyz/v1/audio/speech"],
    ["cerebras", "complete", "https://api.cerebras.ai/v1/completions"],
  ])("%s: %s is at %s", (kind, operation, wanted) => {
    expect(url(kind, operation)).toBe(wanted);
  });

  test("are absent where a vendor has none", () => {
    for (const kind of ["anthropic", "gemini", "bedrock", "cohere", "demo"]) {
      for (const operation of ["complete", "moderate", "speak", "transcribe"] as const) {
        expect(url(kind, operation)).toBeUndefined();
      }
    }
    expect(url("groq", "generate_image")).toBeUndefined();
  });
});
