// The two secrets of the process: the admin key and the key that derives all others. Generated at first
// start into the data folder when the environment has none.

import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import type { Random } from "#core/ports/random.ts";
import { Secret } from "#core/secret.ts";

/** The secrets of the process. */
export interface ProcessSecrets {
  readonly adminKey: Secret;
  readonly secretKey: Secret;
  /**
   * Set when the admin key was made just now: keeps it in the data folder and returns its text, to be
   * shown once. A start that fails before has kept nothing, so that the next one can show it.
   */
  readonly keepAdminKey: (() => string) | undefined;
}

const SHORTEST_SECRET = 8;
/** What samples and people in a hurry write; compared in lower case without its separators. */
const WELL_KNOWN = new Set([
  "12345678",
  "123456789",
  "1234567890",
  "adminadmin",
  "adminkey",
  "administrator",
  "changeme",
  "changethis",
  "letmein123",
  "masterkey",
  "mysecretkey",
  "passw0rd",
  "password",
  "password1",
  "password123",
  "placeholder",
  "qwertyuiop",
  "replaceme",
  "secretkey",
  "sksluicedemo",
  "sluiceadmin",
  "sluicesecret",
  "supersecret",
  "youradminkey",
  "yoursecretkey",
]);

function isWellKnown(text: string): boolean {
  return WELL_KNOWN.has(text.toLowerCase().replace(/[^a-z0-9]/g, ""));
}

/**
 * Takes the secrets from the environment or from the data folder, making those that are missing.
 * @throws Error when one of the environment is empty, short or well known
 */
export function processSecrets(
  given: { readonly adminKey: string | undefined; readonly secretKey: string | undefined },
  dataDir: string,
  random: Random,
): ProcessSecrets {
  makeFolder(dataDir);
  const adminKey = fromEnvironment("SLUICE_ADMIN_KEY", given.adminKey);
  const secretKey = fromEnvironment("SLUICE_SECRET_KEY", given.secretKey);
  const adminPath = join(dataDir, "admin-key");
  const secretPath = join(dataDir, "secret-key");
  const knownAdminKey = adminKey ?? fromFile(adminPath);
  const newAdminKey = `sluice-admin-${randomText(random)}`;
  return {
    adminKey: new Secret(knownAdminKey ?? newAdminKey),
    secretKey: new Secret(
      secretKey ?? fromFile(secretPath) ?? keep(secretPath, randomText(random)),
    ),
    keepAdminKey: knownAdminKey === undefined ? () => keep(adminPath, newAdminKey) : undefined,
  };
}

function fromEnvironment(name: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const bare = value.trim();
  if (bare.length < SHORTEST_SECRET || isWellKnown(bare) || isMonotone(bare)) {
    throw new Error(
      `${name} is empty, shorter than ${SHORTEST_SECRET} characters or well known. ` +
        "Give it a random value, for example from: openssl rand -hex 32",
    );
  }
  return bare;
}

function isMonotone(text: string): boolean {
  return new Set(text).size < 4;
}

function makeFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `The data folder ${dataDir} cannot be written: ${reason}. ` +
        "Give this user the right to, or choose another with --data-dir.",
    );
  }
}

function randomText(random: Random): string {
  return Buffer.from(random.bytes(32)).toString("base64url");
}

/** The secret that an earlier start kept; undefined when there is none. */
function fromFile(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  const value = readFileSync(path, "utf8").trim();
  if (value.length < SHORTEST_SECRET) throw new Error(`${path} is damaged: it holds no secret.`);
  return value;
}

/** Writes a secret that must not be there yet. */
function keep(path: string, made: string): string {
  const file = openSync(path, "wx", 0o600);
  writeSync(file, `${made}\n`);
  closeSync(file);
  return made;
}
