// What a child process printed, with a way to wait for a line of it.

interface Waiter {
  readonly pattern: RegExp;
  resolve(match: RegExpExecArray): void;
}

/** Collects both output streams of a child. */
export class ProcessOutput {
  #stdout = "";
  #stderr = "";
  #stdoutFrom = 0;
  #stderrFrom = 0;
  #waiters: Waiter[] = [];

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** Patterns match only what is printed from here on. */
  begin(): void {
    this.#stdoutFrom = this.#stdout.length;
    this.#stderrFrom = this.#stderr.length;
  }

  addStdout(bytes: Buffer): void {
    this.#stdout += bytes.toString();
    this.#wake();
  }

  addStderr(bytes: Buffer): void {
    this.#stderr += bytes.toString();
    this.#wake();
  }

  printed(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve) => {
      this.#waiters.push({ pattern, resolve });
      this.#wake();
    });
  }

  #wake(): void {
    const texts = [this.#stdout.slice(this.#stdoutFrom), this.#stderr.slice(this.#stderrFrom)];
    this.#waiters = this.#waiters.filter(({ pattern, resolve }) => {
      const match = texts.map((text) => pattern.exec(text)).find((found) => found !== null);
      if (match === undefined || match === null) return true;
      resolve(match);
      return false;
    });
  }
}
