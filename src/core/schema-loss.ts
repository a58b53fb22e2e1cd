// What of a caller's JSON schema a vendor could not be told, in places that tell no caller's word:
// properties are numbered.

/** How much a lost keyword matters. */
export type LossEffect =
  /** Only a hint for readers is gone. */
  | "hint"
  /** More is valid now than the caller said. */
  | "widened"
  /** Less is valid now than the caller said. */
  | "narrowed";

/** One keyword that was lost or changed. */
export interface SchemaLoss {
  /** `properties[2].items`; empty for the root. */
  readonly place: string;
  readonly keyword: string;
  readonly effect: LossEffect;
}

/** Losses of one schema of a request. */
export interface SchemaLosses {
  /** `tools[2]`, `response_format`. */
  readonly of: string;
  readonly losses: readonly SchemaLoss[];
  /** Losses beyond those that are listed. */
  readonly unlisted: number;
}
