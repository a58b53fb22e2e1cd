// Keyed hashes of keys: what is stored and compared instead of the keys themselves.

import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
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

/** HMAC-SHA-256 of a key under the pepper, hex. */
export function keyedHash(pepper: Secret, key: string): string {
  return createHmac("sha256", pepper.reveal()).update(key).digest("hex");
}

/** Compares two hashes in a time that tells nothing about where they differ. */
export function equalHashes(left: string, right: string): boolean {
  if (left.length !== right.length) return false;
  return timingSafeEqual(Buffer.from(left), Buffer.from(right));
}
