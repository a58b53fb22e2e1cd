// What requests of this dialect may hold of names, ids and schemas.

import type { Accepts } from "../accepts.ts";
import { CALL_IDS_OF_64, NAMES_OF_128 } from "../adapt/name-rules.ts";
import {
  ANTHROPIC_ANSWER,
  ANTHROPIC_STRICT_TOOL,
  ANTHROPIC_TOOL,
} from "../json-schema/profiles.ts";

/** For every vendor of the dialect that says nothing else. */
export const ACCEPTS: Accepts = {
  toolNames: NAMES_OF_128,
  callIds: CALL_IDS_OF_64,
  toolSchema: ANTHROPIC_TOOL,
  strictToolSchema: ANTHROPIC_STRICT_TOOL,
  answerSchema: ANTHROPIC_ANSWER,
};
