// Jobs of the worker thread: what the event loop does for small bodies, done here for large ones by the
// very same functions.

import type { CallFacts, DialectId } from "#core/facts.ts";
import type { JsonObject } from "#core/json.ts";
import type { CallHints } from "#dialects/dialect.ts";
import { InlineBody } from "./call-body.ts";
import { readWholeReply, type WholeOrder } from "./relay/read-whole-reply.ts";
import type { ShapeOrder } from "./stages/shape.ts";
import { parsed } from "./upstream/attempt-failure.ts";

/** A job: plain data and bytes in, plain data and a body out. Throws GatewayError as the loop would. */
export type HeavyJob = (
  input: JsonObject,
  bytes: Uint8Array,
) => { readonly output: JsonObject; readonly body: Blob };

const NO_BODY = new Blob([]);

/** The table of jobs of one worker thread, with the bodies that it keeps. */
export function heavyJobs(): ReadonlyMap<string, HeavyJob> {
  const bodies = new Map<string, InlineBody>();
  const jobs: Record<string, HeavyJob> = {
    "open-body": (input, bytes) => {
      const dialect = input["dialect"] as DialectId;
      const body = new InlineBody(bytes, dialect, input["hints"] as unknown as CallHints);
      bodies.set(input["handle"] as string, body);
      return { output: plain(body.facts), body: NO_BODY };
    },
    "shape-body": (input) => {
      const body = bodies.get(input["handle"] as string);
      if (body === undefined) throw new Error("The body is not here any more.");
      const { payload, notices } = body.shape(input["order"] as unknown as ShapeOrder);
      return { output: { notices: [...notices] }, body: new Blob([payload]) };
    },
    "close-body": (input) => {
      bodies.delete(input["handle"] as string);
      return { output: {}, body: NO_BODY };
    },
    "read-reply": (input, bytes) => {
      const order = input as unknown as WholeOrder;
      const { findings, notices, payload } = readWholeReply(order, parsed(bytes), bytes);
      return {
        output: { findings: findings as unknown as JsonObject, notices: [...notices] },
        body: new Blob([payload as BlobPart]),
      };
    },
  };
  return new Map(Object.entries(jobs));
}

function plain(facts: CallFacts): JsonObject {
  return facts as unknown as JsonObject;
}
