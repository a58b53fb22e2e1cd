// Texts of upstreams, as they may be recorded and shown: bounded, on one line, without any credential.

import type { ProviderEntry } from "#snapshot/snapshot.ts";

const LONGEST_MESSAGE = 500;
const MASK = "[key]";
/** What looks like a credential of any vendor or of ours. */
const KEY_LIKE = /\b(?:sk|pk|rk|gsk|xai|AIza|AKIA|ya29)[-_.]?[\w.*-]{8,}/g;

/** Shorter header values are words that a message may well hold by itself. */
const SHORTEST_SECRET = 12;
/** Headers whose values a vendor names in its messages for a good reason. */
const FLAGS = /-(?:beta|version)$/;

/** A message without the provider's own credentials, whatever they look like, nor any other. */
export function publicMessage(text: string, provider: ProviderEntry): string {
  let shown = text;
  for (const secret of secretsOf(provider)) shown = shown.replaceAll(secret, MASK);
  return shown
    .slice(0, LONGEST_MESSAGE)
    .replace(KEY_LIKE, MASK)
    .replace(/\p{Cc}+/gu, " ");
}

/** True when an upstream has echoed one of its credentials in a body of JSON, escaped or not. */
export function holdsKey(json: Uint8Array, provider: ProviderEntry): boolean {
  const text = new TextDecoder().decode(json);
  const plain = unescaped(text);
  return secretsOf(provider).some(
    (secret) => text.includes(secret) || plain.includes(JSON.stringify(secret).slice(1, -1)),
  );
}

/** Credentials, and what the document sends in headers of its own: often a token of some proxy. */
function secretsOf({ credentials, headers }: ProviderEntry): string[] {
  const sent = Object.entries(headers).filter(
    ([name, value]) => value.length >= SHORTEST_SECRET && !FLAGS.test(name),
  );
  return [...credentials.map(({ value }) => value.reveal()), ...sent.map(([, value]) => value)];
}

/** The same JSON with no escape that is not needed. */
function unescaped(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}
