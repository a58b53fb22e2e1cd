// What all languages of OpenAI's API have in common: errors, keep-alives, lists of models, and the edits
// of a body that passes through.

import type { CallFacts } from "#core/facts.ts";
import type { Json, JsonObject } from "#core/json.ts";
import type { BodyEdits, Dialect } from "../dialect.ts";
import { readFault, writeFault, writeFaultFrames } from "./fault.ts";
import { modelEntry, modelList } from "./models.ts";

/** For dialects beside chat, which add what they have of their own. */
export const OPENAI_FORM = Object.freeze({
  forwardedHeaders: ["openai-beta"],
  edits: modelEdits,
  readFault,
  fault: writeFault,
  faultFrames: writeFaultFrames,
  keepAlive: () => ": keep-alive\n\n",
  countReply: (inputTokens: number) => ({
    object: "response.input_tokens",
    input_tokens: inputTokens,
  }),
  modelList,
  modelEntry,
} as const satisfies Partial<Dialect>);

/** Sets the model and takes the wishes out that are addressed to the gateway. */
function modelEdits(_facts: CallFacts, model: string, body: JsonObject): BodyEdits {
  const edits = new Map<string, Json | undefined>([["model", model]]);
  for (const wish of ["models", "provider"]) {
    if (body[wish] !== undefined) edits.set(wish, undefined);
  }
  return edits;
}
