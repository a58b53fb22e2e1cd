// How a command ends badly: a message for people and an exit code.

/** 1: the thing asked about is wrong. 2: wrong usage, or not available. */
export type FaultCode = 1 | 2;

/** Thrown by commands; shown without a stack. */
export class CommandFault extends Error {
  readonly exitCode: FaultCode;

  constructor(exitCode: FaultCode, message: string) {
    super(message);
    this.name = "CommandFault";
    this.exitCode = exitCode;
  }
}
