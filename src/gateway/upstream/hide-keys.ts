// Texts of upstreams, as they may be recorded and shown: bounded, on one line, without any credential.

import { secretsOfLogin } from "#core/login.ts";
import type { Credential, ProviderEntry } from "#snapshot/snapshot.ts";

const LONGEST_MESSAGE = 500;
const MASK = "[key]";
/** What looks like a credential of any vendor or of ours. */
const KEY_LIKE =
  /\b(?:(?:sk|pk|rk|gsk|xai|AIza|AKIA|ya29|ABSK)[-_.]?[\w.*-]{8,}|ASIA[A-Z0-9]{12,}|eyJ[\w-]{8,}\.[\w-]+\.[\w-]*)/g;

/** Shorter header values are words that a message may well hold by itself. */
const SHORTEST_SECRET = 12;
/** Lines of a private key that are longer than its frame. */
const LONGEST_PLAIN_LINE = 32;
/** Headers whose values a vendor names in its messages for a good reason. */
const FLAGS = /-(?:beta|version)$/;

/** What of a credential is short-lived or made for one request: the provider's entry does not hold it. */
const NOTHING_ELSE: readonly string[] = [];

/**
 * A message without the provider's own credentials, whatever they look like, nor any other.
 * @param alsoSecret tokens and signatures that the request was sent with
 */
export function publicMessage(
  text: string,
  provider: ProviderEntry,
  alsoSecret: readonly string[] = NOTHING_ELSE,
): string {
  return withoutSecrets(text, [...secretsOf(provider), ...alsoSecret])
    .slice(0, LONGEST_MESSAGE)
    .replace(KEY_LIKE, MASK)
    .replace(/\p{Cc}+/gu, " ");
}

/** The text with each secret replaced. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  let shown = text;
  for (const secret of secrets) {
    if (secret !== "") shown = shown.replaceAll(secret, MASK);
  }
  return shown;
}

/** True when an upstream has echoed one of its credentials in a body of JSON, escaped or not. */
export function holdsKey(
  json: Uint8Array,
  provider: ProviderEntry,
  alsoSecret: readonly string[] = NOTHING_ELSE,
): boolean {
  const text = new TextDecoder().decode(json);
  const plain = unescaped(text);
  return [...secretsOf(provider), ...alsoSecret].some(
    (secret) => text.includes(secret) || plain.includes(JSON.stringify(secret).slice(1, -1)),
  );
}

/** True when a plain text has a credential in it. */
export function holdsSecret(
  text: string,
  provider: ProviderEntry,
  alsoSecret: readonly string[],
): boolean {
  const isIn = (secret: string) => text.includes(secret);
  return secretsOf(provider).some(isIn) || alsoSecret.some(isIn);
}

/** Found once: a snapshot's entries never change. */
const SECRETS = new WeakMap<ProviderEntry, readonly string[]>();

function secretsOf(provider: ProviderEntry): readonly string[] {
  const known = SECRETS.get(provider);
  if (known !== undefined) return known;
  const found = findSecrets(provider);
  SECRETS.set(provider, found);
  return found;
}

/** Credentials, and what the document sends in headers of its own: often a token of some proxy. */
function findSecrets({ credentials, headers }: ProviderEntry): string[] {
  const sent = Object.entries(headers).filter(
    ([name, value]) => value.length >= SHORTEST_SECRET && !FLAGS.test(name),
  );
  return [...credentials.flatMap(secretsOfCredential), ...sent.map(([, value]) => value)];
}

/** Pieces of a private key's text count for themselves: an echo may have lost the line ends. */
function secretsOfCredential({ value, login }: Credential): readonly string[] {
  if (value !== undefined) return [value.reveal()];
  const whole = login === undefined ? [] : secretsOfLogin(login);
  const lines = whole.flatMap((secret) => (secret.includes("\n") ? secret.split("\n") : []));
  return [...whole, ...lines.filter((line) => line.length > LONGEST_PLAIN_LINE)];
}

/** The same JSON with no escape that is not needed. */
function unescaped(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}
