// What surrounds a command of the command line: the gateway's address and credential, and the time.

import { Secret } from "#core/secret.ts";
import { systemClock } from "#platform/system-clock.ts";

/** Read once, when the command starts. */
export interface ClientEnvironment {
  readonly url: string | undefined;
  readonly adminKey: Secret | undefined;
  /** The ceiling of upstream connections that the launcher sets. */
  readonly isLaunched: boolean;
  /** Milliseconds since the epoch. */
  readonly startedAtMs: number;
}

/** Reads `SLUICE_URL`, `SLUICE_ADMIN_KEY` and the clock. */
export function readClientEnvironment(): ClientEnvironment {
  const { env } = process;
  const adminKey = env["SLUICE_ADMIN_KEY"];
  return {
    url: env["SLUICE_URL"] || undefined,
    adminKey: adminKey ? new Secret(adminKey) : undefined,
    isLaunched: env["BUN_CONFIG_MAX_HTTP_REQUESTS"] !== undefined,
    startedAtMs: systemClock.now(),
  };
}
