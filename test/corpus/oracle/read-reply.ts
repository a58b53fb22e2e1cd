// Reads a reply in the words of its dialect.

import type { CorpusDialect } from "../recordings.ts";
import { readAnthropic } from "./read-anthropic.ts";
import { readGemini } from "./read-gemini.ts";
import { readOpenai } from "./read-openai.ts";
import { readResponses } from "./read-responses.ts";
import type { Reading, ReplyText } from "./reading.ts";

const READERS: Readonly<Record<CorpusDialect, (reply: ReplyText) => Reading>> = {
  "openai-chat": readOpenai,
  "openai-responses": readResponses,
  "anthropic-messages": readAnthropic,
  "gemini-generate": readGemini,
};

/** @throws when the reply is not of this dialect */
export function readReply(dialect: CorpusDialect, reply: ReplyText): Reading {
  return READERS[dialect](reply);
}
