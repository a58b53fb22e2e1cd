// What the schemas of one request may cost. A few lines of references can stand for any amount of work and
// of text: what is done over and over is counted, and refused beyond a bound.

import type { Json, JsonObject } from "#core/json.ts";

/** Steps for all schemas of a request together, beside what their own size allows. */
const MOST_STEPS = 500_000;
/** What a schema may cost for each step of its own size. */
const STEPS_A_SIZE = 4;
/** Characters that are written as fast as one entry is looked at. */
const CHARACTERS_A_STEP = 16;

/** Counts steps. One instance a request. */
export class Effort {
  #left = MOST_STEPS;
  readonly #sizes = new WeakMap<object, number>();

  /** Allows what a schema costs that says everything once. */
  allow(schema: Json): void {
    this.#left += STEPS_A_SIZE * this.sizeOf(schema);
  }

  /** @throws EffortSpent when nothing is left */
  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new EffortSpent();
  }

  /** Steps that it takes to look at all of a value. */
  sizeOf(value: Json): number {
    if (typeof value !== "object" || value === null) return sizeOfPlain(value);
    const known = this.#sizes.get(value);
    if (known !== undefined) return known;
    const size = measured(value);
    this.#sizes.set(value, size);
    return size;
  }
}

/** Thrown when the schemas of a request cost too much. */
export class EffortSpent extends Error {
  constructor() {
    super("The schema stands for too much.");
    this.name = "EffortSpent";
  }
}

function measured(value: Json): number {
  if (typeof value !== "object" || value === null) return sizeOfPlain(value);
  let size = 1;
  if (Array.isArray(value)) {
    for (const item of value) size += measured(item);
    return size;
  }
  for (const key in value) {
    size += key.length / CHARACTERS_A_STEP + measured((value as JsonObject)[key] ?? null);
  }
  return size;
}

function sizeOfPlain(value: Json): number {
  return 1 + (typeof value === "string" ? value.length / CHARACTERS_A_STEP : 0);
}
