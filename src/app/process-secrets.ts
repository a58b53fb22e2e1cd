// The two secrets of the process: the admin key and the key that derives all others. Generated at first
// start into the data folder when the environment has none.

import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Random } from "#core/ports/random.ts";
import { Secret } from "#core/secret.ts";

/** The secrets, and whether the admin key was made just now and has to be shown once. */
export interface ProcessSecrets {
  readonly adminKey: Secret;
  readonly secretKey: Secret;
  readonly isAdminKeyNew: boolean;
}

const SHORTEST_SECRET = 8;
const WELL_KNOWN = new Set([
  "changeme",
  "change-me",
  "secret",
  "password",
  "admin",
  "sk-1234",
  "test",
]);

/**
 * Takes the secrets from the environment or from the data folder, making those that are missing.
 * @throws Error when one of the environment is empty, short or well known
 */
export function processSecrets(
  given: { readonly adminKey: string | undefined; readonly secretKey: string | undefined },
  dataDir: string,
  random: Random,
): ProcessSecrets {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const adminKey = fromEnvironment("SLUICE_ADMIN_KEY", given.adminKey);
  const secretKey = fromEnvironment("SLUICE_SECRET_KEY", given.secretKey);
  const admin = adminKey ?? fromFile(join(dataDir, "admin-key"), "sluice-admin-", random);
  const secret = secretKey ?? fromFile(join(dataDir, "secret-key"), "", random);
  return {
    adminKey: new Secret(admin.value),
    secretKey: new Secret(secret.value),
    isAdminKeyNew: admin.isNew,
  };
}

interface Found {
  readonly value: string;
  readonly isNew: boolean;
}

function fromEnvironment(name: string, value: string | undefined): Found | undefined {
  if (value === undefined) return undefined;
  const bare = value.trim();
  if (bare.length < SHORTEST_SECRET || WELL_KNOWN.has(bare.toLowerCase()) || isMonotone(bare)) {
    throw new Error(
      `${name} is empty, shorter than ${SHORTEST_SECRET} characters or well known. ` +
        "Give it a random value, for example from: openssl rand -hex 32",
    );
  }
  return { value: bare, isNew: false };
}

function isMonotone(text: string): boolean {
  return new Set(text).size < 4;
}

function fromFile(path: string, prefix: string, random: Random): Found {
  const made = prefix + Buffer.from(random.bytes(32)).toString("base64url");
  try {
    const file = openSync(path, "wx", 0o600);
    writeSync(file, `${made}\n`);
    closeSync(file);
    return { value: made, isNew: true };
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error) || error.code !== "EEXIST") throw error;
    const value = readFileSync(path, "utf8").trim();
    if (value.length < SHORTEST_SECRET) throw new Error(`${path} is damaged: it holds no secret.`);
    return { value, isNew: false };
  }
}
