// What a client reads out of a reply, whatever dialect it came in: the ground on which replies of
// different dialects are compared. Written against the vendors' documents, not against the project.

/** Stop reasons as classes that all dialects can tell. */
export type StopClass = "end" | "tool" | "limit" | "filter" | "pause" | "none";

/** Disjoint counters. The cache writes are one number, since not every dialect tells them apart. */
export interface UsageReading {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  /** Reasoning included. */
  readonly output: number;
  readonly reasoning: number;
}

export interface ToolReading {
  readonly name: string;
  /** Parsed; text that is no JSON stays text. */
  readonly arguments: unknown;
}

export interface Reading {
  readonly text: string;
  readonly tools: readonly ToolReading[];
  readonly stop: StopClass;
  readonly usage: UsageReading | undefined;
  /** Something besides text and calls of the caller's tools: reasoning, blocks of hosted tools. */
  readonly hasOtherContent: boolean;
}

/** A reply as bytes came: JSON text, or a stream. */
export interface ReplyText {
  readonly text: string;
  readonly isStream: boolean;
}

/** The arguments of a call as a value. */
export function argumentsOf(text: string): unknown {
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
