// OpenAI's text completions, which many local servers still have. Bodies pass through: nothing is
// translated. Source: openai/openai-openapi 2.3.0 (2026-08).

import type { Dialect } from "../dialect.ts";
import { chatEdits } from "../openai-chat/edits.ts";
import { OPENAI_FORM } from "../openai-chat/openai-form.ts";
import { withSluice } from "../openai-chat/with-sluice.ts";
import { withoutUsage } from "../openai-chat/without-usage.ts";
import { CompletionDecoder } from "./decoder.ts";
import { OPENAI_COMPLETIONS } from "./dialect-id.ts";
import { inspectCompletion } from "./inspect.ts";
import { readCompletion } from "./read.ts";

/** `POST /v1/completions`. */
export const openaiCompletions: Dialect = Object.freeze({
  ...OPENAI_FORM,
  id: OPENAI_COMPLETIONS,
  operations: ["complete"] as const,
  read: readCompletion,
  edits: chatEdits,
  inspect: inspectCompletion,
  decoder: () => new CompletionDecoder(),
  withoutUsage,
  withSluice,
} satisfies Dialect);
