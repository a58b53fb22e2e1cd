// What requests of this dialect may hold of names, ids and schemas.

import type { Accepts } from "../accepts.ts";
import { CALL_IDS_OF_64, NAMES_OF_64 } from "../adapt/name-rules.ts";
import {
  OPENAI_STRICT_ANSWER,
  OPENAI_STRICT_TOOL,
  TOOL_WITH_ITEMS,
} from "../json-schema/profiles.ts";

/** For every vendor of the dialect that says nothing else. */
export const ACCEPTS: Accepts = {
  toolNames: NAMES_OF_64,
  callIds: CALL_IDS_OF_64,
  toolSchema: TOOL_WITH_ITEMS,
  strictToolSchema: OPENAI_STRICT_TOOL,
  answerSchema: OPENAI_STRICT_ANSWER,
  hasLooseAnswers: true,
};
