// Texts of upstreams, as they may be recorded and shown: bounded, on one line, without any credential.

import type { ProviderEntry } from "#snapshot/snapshot.ts";

const LONGEST_MESSAGE = 500;
const MASK = "[key]";
/** What looks like a credential of any vendor or of ours. */
const KEY_LIKE = /\b(?:sk|pk|rk|gsk|xai|AIza|AKIA|ya29)[-_.]?[\w.*-]{8,}/g;

/** A message without the provider's own credentials, whatever they look like, nor any other. */
export function publicMessage(text: string, provider: ProviderEntry): string {
  let shown = text;
  for (const { value } of provider.credentials) shown = shown.replaceAll(value.reveal(), MASK);
  return shown
    .slice(0, LONGEST_MESSAGE)
    .replace(KEY_LIKE, MASK)
    .replace(/\p{Cc}+/gu, " ");
}

/** True when an upstream has echoed one of its credentials in a body of JSON, escaped or not. */
export function holdsKey(json: Uint8Array, provider: ProviderEntry): boolean {
  const text = new TextDecoder().decode(json);
  const plain = unescaped(text);
  return provider.credentials.some(({ value }) => {
    const key = value.reveal();
    return text.includes(key) || plain.includes(JSON.stringify(key).slice(1, -1));
  });
}

/** The same JSON with no escape that is not needed. */
function unescaped(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}
