// OpenAI's images and audio: `/v1/images/…` and `/v1/audio/…`. Bodies pass through, files unread. Source:
// openai/openai-openapi 2.3.0 (2026-08).

import type { Dialect } from "../dialect.ts";
import { OPENAI_FORM } from "../openai-chat/openai-form.ts";
import { MediaDecoder } from "./decoder.ts";
import { OPENAI_MEDIA } from "./dialect-id.ts";
import { inspectMedia } from "./inspect.ts";
import { FORM_OPERATIONS, readMedia, readMediaForm } from "./read.ts";

/** Images made, edited and varied; speech, transcripts and translations. */
export const openaiMedia: Dialect = Object.freeze({
  ...OPENAI_FORM,
  id: OPENAI_MEDIA,
  operations: [
    "generate_image",
    "edit_image",
    "vary_image",
    "speak",
    "transcribe",
    "translate_audio",
  ] as const,
  read: readMedia,
  form: { operations: FORM_OPERATIONS, read: readMediaForm },
  inspect: inspectMedia,
  decoder: () => new MediaDecoder(),
  answersInAnyForm: true,
  hasOpenCost: true,
} satisfies Dialect);
