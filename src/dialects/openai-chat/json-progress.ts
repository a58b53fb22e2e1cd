// Tells when the text of a JSON object that arrives in pieces is complete, reading each piece once.

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Follows one object. */
export class JsonProgress {
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  #isComplete = false;

  /** True once the outermost brace has been closed: nothing but white space can follow. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Takes the next piece. */
  feed(text: string): void {
    for (let position = 0; position < text.length; position += 1) {
      this.#take(text.charCodeAt(position));
    }
  }

  #take(code: number): void {
    if (this.#isInString) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (code === BACKSLASH) this.#isEscaped = true;
      else if (code === QUOTE) this.#isInString = false;
      return;
    }
    if (code === QUOTE) this.#isInString = true;
    else if (code === OPEN_BRACE) this.#depth += 1;
    else if (code === CLOSE_BRACE) {
      this.#depth -= 1;
      if (this.#depth <= 0) this.#isComplete = true;
    }
  }
}
