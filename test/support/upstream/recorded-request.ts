// A request as the scripted upstream saw it, and how its exchange ended.

import { textOf } from "./bytes.ts";
import { type Endpoint, endpointOf } from "./endpoint.ts";
import type { ExchangeEnd, ReplyWriter } from "./reply-writer.ts";
import { type HeaderPair, headerIn, type RawRequest } from "./request-reader.ts";

export interface RecordedRequest {
  /** Order of arrival over all connections of this upstream, from 0. */
  readonly index: number;
  readonly method: string;
  /** The raw request target, query included. */
  readonly target: string;
  /** In the order and case of the wire. */
  readonly headers: readonly HeaderPair[];
  readonly body: Uint8Array;
  /** The body as JSON, undefined when it is not JSON. */
  readonly json: unknown;
  readonly endpoint: Endpoint;
  /** First header of that name, any case. */
  header(name: string): string | undefined;
  /** Which side broke the exchange off; undefined while it is open and when the reply was whole. */
  readonly closedBy: "client" | "server" | undefined;
  /** Resolves when the exchange is over: whole reply, other side gone, or cut by the script. */
  readonly closed: Promise<ExchangeEnd>;
  /** Reply bytes that the system took so far, head included. */
  readonly bytesSent: number;
}

/** Joins a request with the live state of its reply. */
export function recordRequest(index: number, raw: RawRequest, reply: ReplyWriter): RecordedRequest {
  const json = jsonOrUndefined(raw.body);
  return {
    index,
    ...raw,
    json,
    endpoint: endpointOf(raw.target, json),
    header: (name) => headerIn(raw.headers, name),
    get closedBy() {
      return reply.end === "complete" ? undefined : reply.end;
    },
    closed: reply.ended,
    get bytesSent() {
      return reply.bytesSent;
    },
  };
}

function jsonOrUndefined(body: Uint8Array): unknown {
  try {
    return JSON.parse(textOf(body));
  } catch {
    return undefined;
  }
}
