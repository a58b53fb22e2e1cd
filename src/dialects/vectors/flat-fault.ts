// Our own error in the form of vendors that have no more than a message.

import type { GatewayError } from "#core/errors.ts";
import type { JsonObject } from "#core/json.ts";

/** `{"message": …, "code": …}`. */
export function flatFault(error: GatewayError): JsonObject {
  return { message: error.message, code: error.code };
}
