// What Bedrock takes of names, ids and schemas (API reference of Converse and structured outputs in the
// user guide, 2026-11).

import type { Accepts } from "../accepts.ts";
import { CALL_IDS_OF_64, NAMES_OF_64 } from "../adapt/name-rules.ts";
import type { SchemaProfile } from "../json-schema/profile.ts";
import { ANTHROPIC_ANSWER, ANTHROPIC_STRICT_TOOL, PLAIN_TOOL } from "../json-schema/profiles.ts";

/** Held for every maker's models to the rules that Anthropic made for its own. */
const SAID = {
  vendor: "Bedrock",
  source: "https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html",
};
const STRICT_TOOL: SchemaProfile = { ...ANTHROPIC_STRICT_TOOL, ...SAID };

/** The rules of Converse. */
export const ACCEPTS: Accepts = {
  toolNames: NAMES_OF_64,
  callIds: CALL_IDS_OF_64,
  toolSchema: PLAIN_TOOL,
  strictToolSchema: STRICT_TOOL,
  answerSchema: { ...ANTHROPIC_ANSWER, ...SAID },
};
