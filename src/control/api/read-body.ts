// Reads the body of an admin request: JSON, uncompressed, bounded while it arrives.

import { GatewayError } from "#core/errors.ts";

/** Large enough for any configuration document. */
const MOST_BYTES = 8 * 1024 * 1024;

/**
 * The bytes of the body.
 * @throws GatewayError `unsupported_encoding` or `body_too_large`
 */
export async function readBody(request: Request): Promise<Uint8Array> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/json\s*(?:;|$)/i.test(type)) {
    throw new GatewayError("unsupported_encoding", "Send the body as application/json.");
  }
  const encoding = request.headers.get("content-encoding") ?? "identity";
  if (encoding.trim().toLowerCase() !== "identity") {
    throw new GatewayError("unsupported_encoding", "Send the body without a content-encoding.");
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > MOST_BYTES) {
      throw new GatewayError("body_too_large", "The body is larger than the admin API takes.");
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
