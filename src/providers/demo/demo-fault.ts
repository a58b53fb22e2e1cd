// A refusal of the demo provider, in OpenAI's form.

import type { JsonObject } from "#core/json.ts";

/** What goes wrong at a demo model, on purpose or by the request's fault. */
export class DemoFault extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  /** @param code OpenAI's code for it */
  constructor(
    status: number,
    code: string,
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = "DemoFault";
    this.status = status;
    this.code = code;
    this.headers = headers;
  }

  /** The body of the reply. */
  body(): JsonObject {
    return {
      error: { message: this.message, type: errorType(this.status), param: null, code: this.code },
    };
  }
}

/** The request is wrong: nothing but another request helps. */
export function badRequest(message: string): DemoFault {
  return new DemoFault(400, "invalid_request", message);
}

function errorType(status: number): string {
  if (status === 429) return "rate_limit_error";
  return status >= 500 ? "server_error" : "invalid_request_error";
}
