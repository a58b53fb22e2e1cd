// Why a start failed.

/**
 * The start failed for a reason that the operator can mend. The message says what and where, one fault a
 * line.
 */
export class StartError extends Error {
  /** 1: something of the configuration or the machine is wrong. 2: the command was called wrongly. */
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message);
    this.name = "StartError";
    this.exitCode = exitCode;
  }
}

/**
 * Runs a step of the start whose errors are messages for the operator.
 * @throws StartError with this exit code
 */
export function attempt<Value>(work: () => Value, exitCode: 1 | 2 = 1): Value {
  try {
    return work();
  } catch (error) {
    throw new StartError(error instanceof Error ? error.message : String(error), exitCode);
  }
}
