// The head of a reply: status, fields, and how its body is framed. Strict, because whoever stands between
// two readers of the same bytes must not read them more leniently than the other.

import type { HeaderFields } from "#core/ports/transport.ts";

/** How the end of a body is known (RFC 9112 section 6.3, 2022-06). */
export type BodyFraming =
  | { readonly kind: "none" }
  | { readonly kind: "length"; readonly bytes: number }
  | { readonly kind: "chunked" }
  /** The body lasts as long as the connection. */
  | { readonly kind: "until-close" };

/** What a reply begins with. */
export interface ReplyHead {
  readonly status: number;
  readonly headers: HeaderFields;
  readonly framing: BodyFraming;
  /** Whether another request may follow on the same connection. */
  readonly isPersistent: boolean;
  /** Seconds for which the server says that it keeps an idle connection; undefined when it does not. */
  readonly keepAliveSeconds: number | undefined;
}

/** Thrown for heads and bodies that are not HTTP/1.1. */
export class MalformedHttp extends Error {
  constructor(message: string) {
    super(message);
    this.name = "MalformedHttp";
  }
}

/** Heads beyond this many bytes are refused. */
export const LARGEST_HEAD_BYTES = 64 * 1024;

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [^\r\n\0]*)?$/;
/** No folded lines, no space before the colon, no control characters that end a line elsewhere. */
const FIELD_LINES = /^(?:\r\n[!#$%&'*+.^_`|~0-9A-Za-z-]+:[^\r\n\0]*)*$/;
const NO_BODY: BodyFraming = Object.freeze({ kind: "none" });
const CHUNKED: BodyFraming = Object.freeze({ kind: "chunked" });
const UNTIL_CLOSE: BodyFraming = Object.freeze({ kind: "until-close" });

/**
 * Reads a head.
 * @param text in Latin-1, without the empty line that ends it
 * @throws MalformedHttp
 */
export function parseReplyHead(text: string): ReplyHead {
  const lineEnd = text.indexOf("\r\n");
  const match = STATUS_LINE.exec(lineEnd === -1 ? text : text.slice(0, lineEnd));
  if (match === null) throw new MalformedHttp("The reply does not begin with an HTTP/1.1 status.");
  const fields = lineEnd === -1 ? "" : text.slice(lineEnd);
  if (!FIELD_LINES.test(fields)) throw new MalformedHttp("The reply's header is malformed.");
  const headers = new FieldLines(fields);
  const status = Number(match[2]);
  const framing = framingOf(status, headers);
  const connection = headers.get("connection")?.toLowerCase() ?? "";
  const hasPersistence =
    match[1] === "1" ? !connection.includes("close") : connection.includes("keep-alive");
  return {
    status,
    headers,
    framing,
    isPersistent: hasPersistence && framing !== UNTIL_CLOSE,
    keepAliveSeconds: keepAliveOf(headers),
  };
}

function framingOf(status: number, headers: HeaderFields): BodyFraming {
  if (status < 200 || status === 204 || status === 304) return NO_BODY;
  const coding = headers.get("transfer-encoding");
  const length = headers.get("content-length");
  if (coding !== null) {
    // Two framings are what request smuggling is made of; only one reading of this is possible here.
    if (length !== null) throw new MalformedHttp("The reply has two framings.");
    if (coding.toLowerCase() !== "chunked")
      throw new MalformedHttp("The reply has an unknown coding.");
    return CHUNKED;
  }
  if (length === null) return UNTIL_CLOSE;
  if (!/^\d{1,15}$/.test(length)) throw new MalformedHttp("The reply's length is malformed.");
  return length === "0" ? NO_BODY : { kind: "length", bytes: Number(length) };
}

function keepAliveOf(headers: HeaderFields): number | undefined {
  const told = headers.get("keep-alive");
  const match = told === null ? null : /(?:^|[\s,])timeout=(\d{1,6})/i.exec(told);
  return match === null ? undefined : Number(match[1]);
}

/**
 * Header fields, looked up in the text that they came in: of the twenty that a vendor sends, a call needs
 * three or four.
 */
class FieldLines implements HeaderFields {
  readonly #text: string;
  readonly #names: string;

  /** @param text each line with its line break before it, checked by the caller */
  constructor(text: string) {
    this.#text = text;
    this.#names = text.toLowerCase();
  }

  get(name: string): string | null {
    const start = `\r\n${name.toLowerCase()}:`;
    const first = this.#names.indexOf(start);
    if (first === -1) return null;
    let value = this.#valueAt(first + start.length);
    let next = this.#names.indexOf(start, first + start.length);
    while (next !== -1) {
      value += `, ${this.#valueAt(next + start.length)}`;
      next = this.#names.indexOf(start, next + start.length);
    }
    return value;
  }

  has(name: string): boolean {
    return this.#names.includes(`\r\n${name.toLowerCase()}:`);
  }

  forEach(visit: (value: string, name: string) => void): void {
    let at = 0;
    while (at < this.#text.length) {
      const colon = this.#names.indexOf(":", at);
      visit(this.#valueAt(colon + 1), this.#names.slice(at + 2, colon));
      const end = this.#names.indexOf("\r\n", colon);
      if (end === -1) return;
      at = end;
    }
  }

  #valueAt(start: number): string {
    const end = this.#text.indexOf("\r\n", start);
    return (end === -1 ? this.#text.slice(start) : this.#text.slice(start, end)).trim();
  }
}
