// Entry of the workbench's worker thread.

import type { JsonObject } from "#core/json.ts";
import { heavyJobs } from "#gateway/heavy-jobs.ts";
import { giveWay } from "#platform/thread-priority.ts";
import { answerRequests } from "#platform/worker-thread.ts";

interface JobRequest {
  readonly job: string;
  readonly input: JsonObject;
  readonly bytes: Uint8Array;
}

// Streams must not wait for the parsing of somebody's large body.
giveWay();
const jobs = heavyJobs();

answerRequests((body) => {
  const { job, input, bytes } = body as JobRequest;
  const run = jobs.get(job);
  if (run === undefined) throw new Error(`There is no job ${job}.`);
  return run(input, bytes);
});
