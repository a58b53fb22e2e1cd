// Where OpenAI's API has what stands beside conversations and vectors, for all kinds that imitate it.
// Source: openai/openai-openapi 2.3.0 (2026-08).

import type { ProviderKind } from "./provider.ts";

/** Completions, moderations, images and audio. A server that lacks one of them answers 404. */
export const OPENAI_OPERATIONS = {
  "openai-completions": { complete: { path: () => "/completions" } },
  "openai-moderations": { moderate: { path: () => "/moderations" } },
  "openai-media": {
    generate_image: { path: () => "/images/generations" },
    edit_image: { path: () => "/images/edits" },
    vary_image: { path: () => "/images/variations" },
    speak: { path: () => "/audio/speech" },
    transcribe: { path: () => "/audio/transcriptions" },
    translate_audio: { path: () => "/audio/translations" },
  },
} as const satisfies ProviderKind["speaks"];
