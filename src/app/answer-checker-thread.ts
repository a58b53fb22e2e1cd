// Entry of the worker thread that holds answers to schemas.

import type { JsonObject } from "#core/json.ts";
import { inspectSchema, validateText } from "#dialects/json-schema/validate.ts";
import { answerRequests } from "#platform/worker-thread.ts";

interface CheckRequest {
  readonly text: string | undefined;
  readonly schema: JsonObject;
}

answerRequests((body) => {
  const { text, schema } = body as CheckRequest;
  return text === undefined ? inspectSchema(schema) : validateText(text, schema);
});
