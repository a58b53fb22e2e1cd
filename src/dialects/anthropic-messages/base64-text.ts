// Text in base64, with the means of the web platform alone.

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();

/** UTF-8 text in base64url without padding, which may stand in headers, names and ids. */
export function textToBase64Url(text: string): string {
  return ENCODER.encode(text).toBase64({ alphabet: "base64url", omitPadding: true });
}

/**
 * The text of base64url.
 * @returns undefined when it is not that
 */
export function textFromBase64Url(encoded: string): string | undefined {
  return decoded(encoded, "base64url");
}

/**
 * The text of plain base64.
 * @returns undefined when it is not that
 */
export function textFromBase64(encoded: string): string | undefined {
  return decoded(encoded, "base64");
}

function decoded(encoded: string, alphabet: "base64" | "base64url"): string | undefined {
  try {
    return DECODER.decode(Uint8Array.fromBase64(encoded, { alphabet }));
  } catch {
    return undefined;
  }
}
