// Entry of the workbench's worker thread.

import type { JsonObject } from "#core/json.ts";
import { heavyJobs } from "#gateway/heavy-jobs.ts";
import { answerRequests, Transferred } from "#platform/worker-thread.ts";

interface JobRequest {
  readonly job: string;
  readonly input: JsonObject;
  readonly bytes: Uint8Array;
}

const jobs = heavyJobs();

answerRequests((body) => {
  const { job, input, bytes } = body as JobRequest;
  const run = jobs.get(job);
  if (run === undefined) throw new Error(`There is no job ${job}.`);
  const done = run(input, bytes);
  const { buffer } = done.bytes;
  return new Transferred(done, buffer instanceof ArrayBuffer ? [buffer] : []);
});
