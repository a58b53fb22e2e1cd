// The way out to an upstream. Platform implements it over connections of its own.

/** Reads the fields of a head. An object of the web's `Headers` is one. */
export interface HeaderFields {
  /** All values of that name joined by commas; null when there is none. */
  get(name: string): string | null;
  has(name: string): boolean;
  /** Names in lower case. */
  forEach(visit: (value: string, name: string) => void): void;
}

/** The next bytes of a body, or its end. */
export type BodyPiece =
  | { readonly done: false; readonly value: Uint8Array }
  | { readonly done: true; readonly value?: Uint8Array | undefined };

/** Reads a body piece by piece. The default reader of a `ReadableStream` is one. */
export interface BodyReader {
  /** One call at a time. @throws when the connection breaks */
  read(): Promise<BodyPiece>;
  /** Gives the rest up. */
  cancel(): Promise<void>;
}

/** A body that one reader can be had for. A `ReadableStream` is one. */
export interface BodySource {
  getReader(): BodyReader;
  /** Gives it up unread. */
  cancel(): Promise<void>;
}

/** Tells when an attempt is over. An `AbortSignal` is one. */
export interface EndSignal {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** A body that is not held: it is asked for piece by piece, no faster than the upstream takes it. */
export interface PassingBody {
  /** Bytes in all; undefined when nobody knows, so that it goes out in chunks. */
  readonly length: number | undefined;
  /** The next bytes, undefined at the end. @throws when there is no end to come: the connection is cut */
  next(): Promise<Uint8Array | undefined>;
}

/** A body as it goes out: a Blob where it is large. */
export type Payload = string | Uint8Array | Blob | PassingBody;

/** One request to an upstream. The URL is built by the gateway, never taken from a client. */
export interface UpstreamRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A Blob goes out without a copy on the event loop. */
  readonly body: Payload;
  /** Fires when the attempt is over for any reason: deadline, client gone, lost race. */
  readonly signal: EndSignal;
  readonly connectTimeoutMs: number;
}

/** The head of an upstream's reply with the body still on its way. */
export interface UpstreamReply {
  readonly status: number;
  readonly headers: HeaderFields;
  /** Chunks as they arrive; the reader owns each chunk. Null when the reply has no body. */
  readonly body: BodySource | null;
  /** The whole body at once instead of `body`: cheaper, for replies whose length is declared. */
  bytes?(): Promise<Uint8Array>;
}

/** Why there was no reply. */
export type TransportFault =
  | "connect_failed"
  /** A kept connection was closed before a byte of the reply came. */
  | "connection_lost"
  | "connect_timeout"
  | "aborted"
  | "forbidden_address";

/** Thrown by `send` when there is no reply. The message never holds a header. */
export class TransportError extends Error {
  readonly fault: TransportFault;

  constructor(fault: TransportFault, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "TransportError";
    this.fault = fault;
  }
}

/** Sends requests. Never follows redirects, never inflates bodies, never retries. */
export interface Transport {
  /** @throws TransportError */
  send(request: UpstreamRequest): Promise<UpstreamReply>;
}
