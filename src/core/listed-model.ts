// One line of a model list: a name that a caller may ask for.

/** Facts of a listed model; 0 = unknown. */
export interface ListedModelFacts {
  /** Virtual model or `provider/model`. */
  readonly id: string;
  /** Provider name, or `sluice` for virtual models. */
  readonly ownedBy: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** What else than conversations it is made for, as far as that is known. */
  readonly madeFor?: "embed" | "rerank";
}
