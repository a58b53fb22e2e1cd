// Which names and ids vendors take, as data.

import type { NameRule } from "../name-rule.ts";

const WORD = /^[a-zA-Z0-9_-]$/;

/** Function names of OpenAI and of Bedrock (API references, 2026-11). */
export const NAMES_OF_64: NameRule = { character: WORD, maxLength: 64 };

/** Tool names of Anthropic (documentation of tool use, 2026-11). */
export const NAMES_OF_128: NameRule = { character: WORD, maxLength: 128 };

/** `FunctionDeclaration.name` of Gemini (ai.google.dev/api/caching, 2026-08). */
export const GEMINI_NAMES: NameRule = {
  character: /^[a-zA-Z0-9_.:-]$/,
  first: /^[a-zA-Z_]$/,
  maxLength: 128,
};

/** Ids of tool calls at OpenAI's chat API: longer ones are answered 400 (seen 2025-09). */
export const CALL_IDS_OF_40: NameRule = { character: /^[\x21-\x7e]$/, maxLength: 40 };

/** Ids of tool calls at Anthropic, Bedrock and OpenAI's Responses API (API references, 2026-11). */
export const CALL_IDS_OF_64: NameRule = { character: WORD, maxLength: 64 };

/** Ids of tool calls at Mistral: nine letters and digits, no more and no fewer (API errors, 2026-11). */
export const CALL_IDS_OF_9: NameRule = {
  character: /^[a-zA-Z0-9]$/,
  maxLength: 9,
  isExact: true,
};
