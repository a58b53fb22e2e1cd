// Jobs of the worker thread: what the event loop does for small bodies, done here for large ones by the
// very same functions.

import type { CallFacts, DialectId } from "#core/facts.ts";
import type { Json, JsonObject } from "#core/json.ts";
import type { CallHints } from "#dialects/dialect.ts";
import { sha256Hex } from "#providers/authorisation/aws-signature.ts";
import { type CutBody, InlineBody } from "./call-body.ts";
import { readNeutralReply, readWholeReply } from "./relay/read-whole-reply.ts";
import type { WholeOrder } from "./relay/whole-order.ts";
import type { Shaped, ShapeOrder } from "./stages/shape.ts";

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
      const order = input["order"] as unknown as ShapeOrder;
      return carried(body.shape(order), order.isSigned === true);
    },
    "close-body": (input) => {
      bodies.delete(input["handle"] as string);
      return { output: {}, body: NO_BODY };
    },
    "read-reply": (input, bytes) => {
      const order = input as unknown as WholeOrder;
      const { findings, notices, payload } = readWholeReply(order, bytes);
      return {
        output: { findings: findings as unknown as JsonObject, notices: [...notices] },
        body: new Blob([payload as BlobPart]),
      };
    },
    "read-neutral": (input, bytes) => {
      const read = readNeutralReply(input as unknown as WholeOrder, bytes);
      return { output: read as unknown as JsonObject, body: NO_BODY };
    },
  };
  return new Map(Object.entries(jobs));
}

/** What was shaped, in a form that crosses threads. */
function carried(shaped: Shaped, isSigned: boolean): ReturnType<HeavyJob> {
  const { payload, notices, split, adaptation } = shaped;
  const documents = shaped.documents as unknown as Json;
  const written = (split?.payloads ?? [payload]) as readonly string[];
  // Hashed where it was written: on the event loop it would hold up everybody else.
  const digests = isSigned ? { digests: written.map(sha256Hex) } : {};
  const changed = adaptation as unknown as JsonObject | undefined;
  const told = { notices: [...notices], ...digests, adaptation: changed, documents };
  if (split === undefined) return { output: told, body: new Blob([payload]) };
  const payloads = split.payloads.map((each) => new Blob([each]));
  const cut: CutBody = { sizes: payloads.map(({ size }) => size), positions: split.positions };
  return {
    output: { ...told, split: cut as unknown as JsonObject },
    body: new Blob(payloads),
  };
}

function plain(facts: CallFacts): JsonObject {
  return facts as unknown as JsonObject;
}
