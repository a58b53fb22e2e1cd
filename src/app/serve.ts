// The gateway as a process: serves until it is told to end, drains, and exits.

import type { StartOptions } from "./environment.ts";
import { start } from "./start.ts";

const END_SIGNALS = ["SIGTERM", "SIGINT"] as const;

/**
 * Starts the gateway and serves until SIGTERM or SIGINT. A second signal ends it at once.
 * @throws StartError
 */
export async function serve(options: StartOptions): Promise<void> {
  const running = await start(options);
  await firstSignal();
  for (const signal of END_SIGNALS) process.once(signal, () => process.exit(1));
  await running.stop();
  // Idle connections to upstreams would keep the process for minutes.
  process.exit(0);
}

function firstSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of END_SIGNALS) process.once(signal, () => resolve());
  });
}
