// Work too heavy for the event loop, done in worker threads: large bodies above all.

import type { JsonObject } from "../json.ts";

/**
 * Runs a named, pure job on a worker thread. Bytes go there transferred and come back as a Blob, which
 * threads share: neither way copies them on the event loop, and a Blob is sent without a copy as well.
 */
export interface Workbench {
  /**
   * @param job name in the worker's own table of jobs
   * @param input structured-clonable
   * @param bytes handed over; the caller must not use them afterwards
   * @throws what the job threw; a GatewayError arrives as one
   */
  run(
    job: string,
    input: JsonObject,
    bytes: Uint8Array,
  ): Promise<{ output: JsonObject; body: Blob }>;
}
