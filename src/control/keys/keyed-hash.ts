// Keyed hashes of keys: what is stored and compared instead of the keys themselves.

import { createHmac, createSecretKey, hkdfSync, timingSafeEqual } from "node:crypto";
import { Secret } from "#core/secret.ts";

const PEPPER_BYTES = 32;

/**
 * The pepper of all key hashes, derived from the installation's secret key, so that a copy of the
 * store alone cannot be tried against.
 */
export function derivePepper(secretKey: Secret): Secret {
  const bytes = hkdfSync("sha256", secretKey.reveal(), "", "sluice key hash pepper", PEPPER_BYTES);
  return new Secret(Buffer.from(bytes).toString("hex"));
}

/** Hashes keys under one pepper: HMAC-SHA-256, 32 bytes. */
export type KeyHasher = (key: string) => Buffer;

/** Makes the hasher once, so that a call pays for the hash alone. */
export function keyHasher(pepper: Secret): KeyHasher {
  const secret = createSecretKey(Buffer.from(pepper.reveal()));
  return (key) => createHmac("sha256", secret).update(key).digest();
}

/** Compares two hashes in a time that tells nothing about where they differ. */
export function equalHashes(left: Buffer, right: Buffer): boolean {
  return left.byteLength === right.byteLength && timingSafeEqual(left, right);
}
