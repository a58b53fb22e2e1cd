// What requests of this dialect may hold of schemas.

import type { Accepts } from "../accepts.ts";
import { COHERE_ANSWER, PLAIN_TOOL } from "../json-schema/profiles.ts";

/** For every vendor of the dialect that says nothing else. */
export const ACCEPTS: Accepts = {
  toolSchema: PLAIN_TOOL,
  answerSchema: COHERE_ANSWER,
};
