// What is read off an embeddings reply.

import type { Json } from "#core/json.ts";
import { asObject } from "#core/json.ts";
import type { ReplyFindings } from "../dialect.ts";
import { malformed, readInlineFault } from "../openai-chat/fault.ts";
import { readInputUsage } from "../vectors/list.ts";

/** Looks at a reply. One without vectors is of no use to anybody. */
export function inspectEmbeddings(body: Json | undefined): ReplyFindings {
  const reply = asObject(body);
  const data = reply?.["data"];
  const fault = reply === undefined ? undefined : readInlineFault(reply);
  const isList = Array.isArray(data);
  return {
    usage: readInputUsage(reply?.["usage"]),
    empty: isList && data.length === 0,
    stop: fault === undefined && isList ? "end" : "error",
    fault: fault ?? (isList ? undefined : malformed("The reply has no list of embeddings.")),
    textLength: 0,
  };
}
