// What was changed in a request and has to be changed back in its reply. Plain data: it crosses to
// worker threads with the reply.

import type { JsonObject } from "#core/json.ts";
import type { SchemaLosses } from "#core/schema-loss.ts";
import type { SchemaRestoring } from "../json-schema/restore.ts";

/** How the answer of a request that wants a shape is read, and what it is held to. */
export interface AnswerPlan {
  /** What the caller wants the answer to be valid by. */
  readonly schema: JsonObject;
  /** Where the answer comes: as text, or as the arguments of a tool that was made up for it. */
  readonly carrier: "text" | "tool";
  /** Name of that tool; empty without one. */
  readonly toolName: string;
  readonly restoring?: SchemaRestoring;
  /** True when Sluice stands in for a model without such answers. */
  readonly isEmulated: boolean;
}

/** The whole of it. */
export interface Restoring {
  /** Names of tools as they were written -> as the caller wrote them. */
  readonly toolNames: Readonly<Record<string, string>>;
  /** By the name as it was written. */
  readonly toolArguments: Readonly<Record<string, SchemaRestoring>>;
  /** Present when the answer has to be looked at before anything of it goes to the client. */
  readonly answer?: AnswerPlan;
}

/** What was changed in a request for the vendor's sake. */
export interface Adaptation {
  /** Absent when the reply needs no restoring. */
  readonly restoring?: Restoring;
  readonly losses: readonly SchemaLosses[];
}
