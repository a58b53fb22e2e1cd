// A secret that cannot reach a log by accident: every usual way of writing it down gives a mask.

const MASK = "[secret]";

/** Holds a credential. Only `reveal()` gives it back, so that each use can be found by its name. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The credential itself: for the one header that it belongs into. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return MASK;
  }
}
