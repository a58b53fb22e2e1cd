// One event of a stream before it becomes bytes.

/** `isContent` marks what a client would show: behaviours count these as tokens. */
export interface Frame {
  /** The `event:` line, empty when there is none. */
  readonly name: string;
  /** The `data:` line; written as it is, valid JSON or not. */
  readonly data: string;
  readonly isContent: boolean;
  readonly isUsage: boolean;
}

/** A frame around a JSON value. */
export function frame(value: unknown, marks: Partial<Omit<Frame, "data">> = {}): Frame {
  return {
    name: marks.name ?? "",
    data: typeof value === "string" ? value : JSON.stringify(value),
    isContent: marks.isContent ?? false,
    isUsage: marks.isUsage ?? false,
  };
}

/** The text of a frame with the given line ending. */
export function frameText(of: Frame, newline: string): string {
  const name = of.name === "" ? "" : `event: ${of.name}${newline}`;
  const data = of.data
    .split("\n")
    .map((line) => `data: ${line}${newline}`)
    .join("");
  return `${name}${data}${newline}`;
}
