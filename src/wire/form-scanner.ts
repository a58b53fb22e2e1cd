// Finds the parts of a form while its bytes go by, whatever pieces they come in. Nothing is kept but short
// texts. Reads strictly: what another reader could take for other parts is refused, so that whoever gets
// these bytes finds the same parts in them.

import { type GatewayError, invalidRequest } from "#core/errors.ts";

/** A field of the form that is no file, with where its value stands. */
export interface FormField {
  readonly name: string;
  readonly value: string;
  /** Offsets of the value in the whole body: `[start, end)`. */
  readonly start: number;
  readonly end: number;
}

/** What is told of a form while it goes by. */
export interface FormListener {
  /**
   * A part begins. Called before any byte of its content has been seen.
   * @throws GatewayError to end the reading
   */
  partBegun(name: string, isFile: boolean): void;
  /** A field is over. Only fields whose value is short enough to be kept are told. */
  fieldEnded(field: FormField): void;
}

const MOST_HEAD_BYTES = 8_192;
const MOST_PARTS = 1_000;
/** Longer values are texts for a model; nothing is decided by them. */
const MOST_VALUE_BYTES = 1_024;
const CR = 13;
const LF = 10;
const DASH = 45;

/** `form-data; name="model"; filename="a.mp3"`: the order of clients, and no escapes. */
const DISPOSITION =
  /^form-data *; *name="([^"\\\r\n]{1,200})"(?: *; *filename="([^"\r\n]{0,1000})")?(?: *; *filename\*=[^\s;"]{1,3000})?$/i;
const HEAD_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/;
const NAME = /^[\w.[\]-]+$/;
const ENCODINGS = new Set(["binary", "8bit", "7bit"]);

type State = "start" | "head" | "content" | "end";

/** Reads one form. */
export class FormScanner {
  readonly #listener: FormListener;
  readonly #delimiter: Buffer;
  #state: State = "start";
  /** Bytes that have been seen and not yet understood. */
  #rest: Buffer = Buffer.alloc(0);
  /** Offset of the first of them in the whole body. */
  #offset = 0;
  #parts = 0;
  #part: { readonly name: string; readonly isFile: boolean; readonly start: number } | undefined;
  #value: Buffer[] = [];
  #valueBytes = 0;

  constructor(boundary: string, listener: FormListener) {
    this.#delimiter = Buffer.from(`--${boundary}`, "latin1");
    this.#listener = listener;
  }

  /** @throws GatewayError `invalid_request` when the bytes are no form, or not the same one to everybody */
  push(bytes: Uint8Array): void {
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#rest = this.#rest.length === 0 ? view : Buffer.concat([this.#rest, view]);
    while (this.#step());
    // A copy: the bytes belong to whoever sends them on.
    this.#rest = Buffer.from(this.#rest);
  }

  /** The body is over. @throws GatewayError `invalid_request` when the form is not */
  end(): void {
    if (this.#state !== "end") throw broken("The form ends before its last boundary.");
  }

  /** @returns false when more bytes are needed */
  #step(): boolean {
    switch (this.#state) {
      case "start":
        return this.#readStart();
      case "head":
        return this.#readHead();
      case "content":
        return this.#readContent();
      default:
        return this.#readAfterEnd();
    }
  }

  #readStart(): boolean {
    const delimiter = this.#delimiter;
    const seen = this.#rest.subarray(0, delimiter.length);
    if (!delimiter.subarray(0, seen.length).equals(seen)) {
      throw broken("The form does not begin with its boundary.");
    }
    if (this.#rest.length < delimiter.length + 2) return false;
    this.#readDelimiterEnd(0);
    return true;
  }

  #readHead(): boolean {
    const end = this.#rest.indexOf("\r\n\r\n");
    if (end === -1 || end > MOST_HEAD_BYTES) {
      if (this.#rest.length > MOST_HEAD_BYTES) throw broken("The head of a part is too long.");
      return false;
    }
    const { name, isFile } = readHead(this.#rest.toString("latin1", 0, end));
    this.#parts += 1;
    if (this.#parts > MOST_PARTS) throw broken(`The form has more than ${MOST_PARTS} parts.`);
    this.#listener.partBegun(name, isFile);
    this.#consume(end + 4);
    this.#part = { name, isFile, start: this.#offset };
    this.#value = [];
    this.#valueBytes = 0;
    this.#state = "content";
    return true;
  }

  #readContent(): boolean {
    const rest = this.#rest;
    const found = rest.indexOf(this.#delimiter);
    if (found === -1) {
      // The line break before a boundary belongs to it, so that two more bytes stay.
      this.#keepValue(Math.max(0, rest.length - this.#delimiter.length - 1));
      return false;
    }
    if (found < 2 || rest[found - 2] !== CR || rest[found - 1] !== LF) {
      throw broken("A part holds the boundary of the form.");
    }
    if (rest.length < found + this.#delimiter.length + 2) {
      this.#keepValue(found - 2);
      return false;
    }
    this.#keepValue(found - 2);
    this.#endPart();
    this.#readDelimiterEnd(2);
    return true;
  }

  /** Gives up bytes of content, keeping those of short values. */
  #keepValue(length: number): void {
    if (length <= 0) return;
    if (this.#part?.isFile === false && this.#valueBytes <= MOST_VALUE_BYTES) {
      this.#value.push(Buffer.from(this.#rest.subarray(0, length)));
    }
    this.#valueBytes += length;
    this.#consume(length);
  }

  #endPart(): void {
    const part = this.#part;
    this.#part = undefined;
    if (part === undefined || part.isFile || this.#valueBytes > MOST_VALUE_BYTES) return;
    const value = textOf(Buffer.concat(this.#value));
    const { name, start } = part;
    this.#listener.fieldEnded({ name, value, start, end: this.#offset });
  }

  /** After a delimiter stands a line break, or two dashes at the end; the delimiter is at `from`. */
  #readDelimiterEnd(from: number): void {
    const after = from + this.#delimiter.length;
    const first = this.#rest[after];
    const second = this.#rest[after + 1];
    if (first === DASH && second === DASH) this.#state = "end";
    else if (first === CR && second === LF) this.#state = "head";
    else throw broken("A boundary of the form is followed by something else.");
    this.#consume(after + 2);
  }

  #readAfterEnd(): boolean {
    if (
      this.#rest.length > 2 ||
      !Buffer.from("\r\n").subarray(0, this.#rest.length).equals(this.#rest)
    ) {
      throw broken("Something follows the last boundary of the form.");
    }
    return false;
  }

  #consume(length: number): void {
    this.#rest = this.#rest.subarray(length);
    this.#offset += length;
  }
}

/** @param head lines without the empty one at their end */
function readHead(head: string): { readonly name: string; readonly isFile: boolean } {
  let disposition: RegExpExecArray | undefined;
  for (const line of head.split("\r\n")) {
    const [, header = "", value = ""] = HEAD_LINE.exec(line) ?? [];
    switch (header.toLowerCase()) {
      case "":
        throw broken("The head of a part cannot be read.");
      case "content-disposition": {
        const match = DISPOSITION.exec(value);
        if (match === null || disposition !== undefined) {
          throw broken("The content-disposition of a part cannot be read.");
        }
        disposition = match;
        break;
      }
      case "content-transfer-encoding":
        if (!ENCODINGS.has(value.toLowerCase())) {
          throw broken("A part of the form is encoded. Send it as it is.");
        }
        break;
      default:
    }
  }
  const name = disposition?.[1] ?? "";
  if (!NAME.test(name)) throw broken("A part of the form has no name that can be read.");
  const isFile = disposition?.[2] !== undefined || /filename\*/i.test(disposition?.[0] ?? "");
  return { name, isFile };
}

function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw broken("A field of the form is not valid UTF-8.");
  }
}

function broken(message: string): GatewayError {
  return invalidRequest("", message);
}
