// What requests of this dialect may hold of names, ids and schemas.

import type { Accepts } from "../accepts.ts";
import { GEMINI_NAMES } from "../adapt/name-rules.ts";
import { GEMINI_ANSWER, TOOL_WITH_ITEMS } from "../json-schema/profiles.ts";

/** For every vendor of the dialect that says nothing else. */
export const ACCEPTS: Accepts = {
  toolNames: GEMINI_NAMES,
  toolSchema: TOOL_WITH_ITEMS,
  answerSchema: GEMINI_ANSWER,
};
