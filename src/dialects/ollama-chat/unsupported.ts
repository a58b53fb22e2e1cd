// What cannot be sent to Ollama, and must not be left out silently.

import { GatewayError } from "#core/errors.ts";

/** @param what begins the sentence: `A document that is not plain text` */
export function unsupported(what: string): GatewayError {
  return new GatewayError("unsupported_feature", `${what} cannot be sent to Ollama.`);
}
