// Why a start failed.

/** The start failed for a reason that the operator can mend. The message says what and where. */
export class StartError extends Error {}

/** Runs a step of the start whose errors are messages for the operator. @throws StartError */
export function attempt<Value>(work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    throw new StartError(error instanceof Error ? error.message : String(error));
  }
}
