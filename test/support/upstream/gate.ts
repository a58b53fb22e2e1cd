// A gate that a test opens: what lets behaviours wait without a clock.

/** Waits at `pass()` until `open()` was called. `reached` resolves when somebody first waits. */
export interface Gate {
  readonly reached: Promise<void>;
  pass(): Promise<void>;
  open(): void;
}

/** A closed gate. Once open it stays open. */
export function closedGate(): Gate {
  const reached = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  return {
    reached: reached.promise,
    pass: () => {
      reached.resolve();
      return opened.promise;
    },
    open: () => opened.resolve(),
  };
}
