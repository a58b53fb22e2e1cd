// The way out to an upstream. Platform implements it over the runtime's fetch.

/** One request to an upstream. The URL is built by the gateway, never taken from a client. */
export interface UpstreamRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  /** A Blob where it is large: the runtime sends it without a copy on the event loop. */
  readonly body: Uint8Array | string | Blob;
  /** Fires when the attempt is over for any reason: deadline, client gone, lost race. */
  readonly signal: AbortSignal;
  readonly connectTimeoutMs: number;
}

/** The head of an upstream's reply with the body still on its way. */
export interface UpstreamReply {
  readonly status: number;
  readonly headers: Headers;
  /** Chunks as they arrive; the reader owns each chunk. Null when the reply has no body. */
  readonly body: ReadableStream<Uint8Array> | null;
  /** The whole body at once instead of `body`: cheaper, for replies whose length is declared. */
  bytes?(): Promise<Uint8Array>;
}

/** Why there was no reply. */
export type TransportFault = "connect_failed" | "connect_timeout" | "aborted" | "forbidden_address";

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
