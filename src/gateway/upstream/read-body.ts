// Whole bodies of upstreams, bounded.

import type { BodySource, UpstreamReply } from "#core/ports/transport.ts";

/** Contract section 7: an error body is read up to here, and the connection then given up. */
const LARGEST_ERROR_BYTES = 64 * 1024;

/** Bytes of a body. `isWhole` is false when there was more than the limit. */
export interface BodyBytes {
  readonly bytes: Uint8Array;
  readonly isWhole: boolean;
}

/**
 * The reply of an upstream, up to so many bytes; of one that declares more none are read.
 * @throws when the connection breaks
 */
export async function readReply(reply: UpstreamReply, limitBytes: number): Promise<BodyBytes> {
  const declaredLength = Number(reply.headers.get("content-length") ?? Number.NaN);
  if (declaredLength > limitBytes) {
    reply.body?.cancel().catch(() => undefined);
    return { bytes: new Uint8Array(0), isWhole: false };
  }
  if (reply.bytes !== undefined && declaredLength <= limitBytes) {
    return { bytes: await reply.bytes(), isWhole: true };
  }
  return readUpTo(reply.body, limitBytes);
}

/** The beginning of an error body; a connection that breaks meanwhile ends it. */
export async function readErrorBody(body: BodySource | null): Promise<BodyBytes> {
  try {
    return await readUpTo(body, LARGEST_ERROR_BYTES);
  } catch {
    return { bytes: new Uint8Array(0), isWhole: false };
  }
}

async function readUpTo(body: BodySource | null, limit: number): Promise<BodyBytes> {
  if (body === null) return { bytes: new Uint8Array(0), isWhole: true };
  const reader = body.getReader();
  const first = await reader.read();
  if (first.done) return { bytes: new Uint8Array(0), isWhole: true };
  const chunks = [first.value];
  let length = first.value.length;
  for (;;) {
    if (length > limit) {
      // The rest is not wanted; that the connection may break now is fine.
      reader.cancel().catch(() => undefined);
      return { bytes: concatenated(chunks, length).subarray(0, limit), isWhole: false };
    }
    const { done, value } = await reader.read();
    if (done) return { bytes: concatenated(chunks, length), isWhole: true };
    chunks.push(value);
    length += value.length;
  }
}

function concatenated(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const [only] = chunks;
  if (only !== undefined && chunks.length === 1) return only;
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}
