// The ways in which providers fail, by name.

import type { PartialAnswer } from "../answers/answer-spec.ts";
import { awsFrame } from "../answers/aws-frame.ts";
import { frame, frameText } from "../answers/frame.ts";
import { vendorError } from "../answers/vendor-error.ts";
import type { Behaviour } from "../behaviour.ts";
import { bytesOf } from "../bytes.ts";
import { framingOf } from "../endpoint.ts";
import type { Gate } from "../gate.ts";
import type { RecordedRequest } from "../recorded-request.ts";
import type { HeaderPair } from "../request-reader.ts";
import { answer } from "./answer.ts";

/** A complete reply of any kind. */
export interface Verbatim {
  readonly status: number;
  readonly contentType?: string;
  readonly headers?: readonly HeaderPair[];
  readonly body: string | Uint8Array;
}

/** Sends exactly this. */
export function verbatim({ status, contentType, headers, body }: Verbatim): Behaviour {
  return async (_request, reply) => {
    const bytes = typeof body === "string" ? bytesOf(body) : body;
    const type: HeaderPair = ["content-type", contentType ?? "application/json"];
    await reply.head(status, [type, ...(headers ?? [])], { by: "length", length: bytes.length });
    await reply.write(bytes);
    await reply.finish();
  };
}

/** An error status with the body that the vendor of the request's dialect would send. */
export function failure(
  status: number,
  headers: readonly HeaderPair[] = [],
  message = `Scripted failure with status ${status}.`,
): Behaviour {
  return (request, reply) => {
    const isAmazon = framingOf(request.target) !== "sse";
    const dialect = isAmazon ? "bedrock-converse" : request.endpoint.dialect;
    const body = JSON.stringify(vendorError(dialect, status, message));
    return verbatim({ status, headers, body })(request, reply);
  };
}

/** 429; `retryAfter` is the header's value, absent when undefined. */
export function rateLimited(retryAfter?: string): Behaviour {
  return failure(429, retryAfter === undefined ? [] : [["retry-after", retryAfter]]);
}

/** 500. */
export function serverError(): Behaviour {
  return failure(500);
}

/** 529, the status that only Anthropic uses. */
export function overloaded(): Behaviour {
  return failure(529);
}

/** Amazon's names of what it throws inside of streams. */
const EXCEPTIONS: Readonly<Record<number, string>> = {
  400: "validationException",
  429: "throttlingException",
  503: "serviceUnavailableException",
};

const AMID = "Scripted failure inside a stream.";

function errorFrame(request: RecordedRequest, status: number): string | Uint8Array {
  const { dialect } = request.endpoint;
  const framing = framingOf(request.target);
  if (framing === "lines") return `${JSON.stringify(vendorError(dialect, status, AMID))}\n`;
  if (framing !== "sse") {
    const name = `exception:${EXCEPTIONS[status] ?? "internalServerException"}`;
    return awsFrame(frame({ message: AMID }, { name }));
  }
  const error = vendorError(dialect, status, AMID);
  const name = dialect === "anthropic-messages" ? "error" : "";
  return frameText(frame(error, { name }), "\n");
}

/**
 * An error inside a reply with status 200: as the whole body, or as an event of the stream after
 * `afterTokens` tokens (0 = as the first event). Nothing follows it.
 */
export function errorInside200(afterTokens = 0, status = 529): Behaviour {
  return (request, reply) => {
    if (request.endpoint.isStream) {
      const insert = { afterTokens, text: errorFrame(request, status), isLast: true };
      return answer({}, { insert })(request, reply);
    }
    const error = vendorError(request.endpoint.dialect, status, "Scripted failure in a 200.");
    return verbatim({ status: 200, body: JSON.stringify(error) })(request, reply);
  };
}

/** Closes the connection after `tokens` tokens of a stream, or amid a whole body. */
export function cutAfter(tokens: number, partial: PartialAnswer = {}): Behaviour {
  return answer(partial, { cut: { afterTokens: tokens } });
}

/** Takes the request and resets the connection without a byte of reply. */
export function resetBeforeReply(): Behaviour {
  return (_request, reply) => reply.reset();
}

/** Takes the request, says nothing until the gate opens, then answers. */
export function slowFirstByte(gate: Gate, partial: PartialAnswer = {}): Behaviour {
  return answer(partial, { firstByteGate: gate });
}

/** Falls silent after `afterTokens` tokens until the gate opens, then goes on. */
export function stall(gate: Gate, afterTokens = 0, partial: PartialAnswer = {}): Behaviour {
  return answer(partial, { hold: { afterTokens, gate } });
}

/** Never says anything; ends when the other side leaves or the upstream stops. */
export function silence(): Behaviour {
  return () => undefined;
}

/** An event that is not JSON among good ones. */
export function malformedEvent(afterTokens = 1): Behaviour {
  return answer({}, { insert: { afterTokens, text: 'data: {"broken": \n\n' } });
}

/** Declares a length that is off by `error` bytes, sends the true body and closes. */
export function wrongContentLength(error: number): Behaviour {
  return answer({}, { lengthError: error });
}

/** Repeats every event that holds usage. */
export function duplicateUsage(partial: PartialAnswer = {}): Behaviour {
  return answer(partial, { usageTwice: true });
}

/** A compressed reply that nobody asked for. */
export function gzipped(partial: PartialAnswer = {}): Behaviour {
  return answer(partial, { gzip: true });
}

/** Sends the caller to another host. */
export function redirect(location: string, status = 307): Behaviour {
  return verbatim({ status, headers: [["location", location]], body: "" });
}

/** A web page where an answer should be, as captive portals and proxies send it. */
export function htmlPage(status = 200): Behaviour {
  const body = "<!DOCTYPE html><html><body><h1>Sign in to the network</h1></body></html>";
  return verbatim({ status, contentType: "text/html; charset=utf-8", body });
}

/** Status 200 and not one byte of body. */
export function noBody(): Behaviour {
  return (request, reply) => {
    const contentType = request.endpoint.isStream ? "text/event-stream" : "application/json";
    return verbatim({ status: 200, contentType, body: "" })(request, reply);
  };
}

/** A well-formed reply with a natural stop and nothing in it. */
export function emptyReply(): Behaviour {
  return answer({ text: "", toolCalls: [] });
}
