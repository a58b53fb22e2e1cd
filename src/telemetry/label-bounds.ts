// Bounds what may stand in a label: callers can name models, and every new value costs memory for ever.

/** Stands in for values beyond the bound. */
export const OTHER = "other";
/** Stands in for what an exchange does not have. */
export const NONE = "none";

const MAX_LENGTH = 120;

/** Lets the first values through and calls the rest `other`. */
export class LabelBounds {
  readonly #known = new Set<string>([OTHER, NONE]);
  readonly #limit: number;

  /** @param limit how many distinct values may appear */
  constructor(limit: number) {
    this.#limit = limit + this.#known.size;
  }

  /**
   * The value as it may stand in a label.
   * @param mayLearn false: the value counts only if it was seen before
   */
  admit(value: string, mayLearn = true): string {
    if (value === "") return NONE;
    if (this.#known.has(value)) return value;
    if (!mayLearn || value.length > MAX_LENGTH || this.#known.size >= this.#limit) return OTHER;
    this.#known.add(value);
    return value;
  }
}
