// Compares what two clients read, each in its own dialect.

import { isDeepStrictEqual } from "node:util";
import type { Reading, UsageReading } from "./reading.ts";

export interface Comparison {
  readonly text: boolean;
  readonly tools: boolean;
  readonly stop: boolean;
  readonly usage: boolean;
  /** What differs, empty when nothing does. */
  readonly why: string;
}

const LONGEST = 300;

/** Compares text, tool calls, stop class and usage. */
export function compare(wanted: Reading, got: Reading): Comparison {
  const text = wanted.text === got.text;
  const tools = isDeepStrictEqual(wanted.tools, got.tools);
  const stop = wanted.stop === got.stop;
  const usage = isDeepStrictEqual(totals(wanted.usage), totals(got.usage));
  const why = [
    text ? "" : `text ${JSON.stringify(got.text)} for ${JSON.stringify(wanted.text)}`,
    tools ? "" : `tools ${JSON.stringify(got.tools)} for ${JSON.stringify(wanted.tools)}`,
    stop ? "" : `stop ${got.stop} for ${wanted.stop}`,
    usage ? "" : `usage ${JSON.stringify(got.usage)} for ${JSON.stringify(wanted.usage)}`,
  ];
  const differences = why.filter((each) => each !== "").map((each) => each.slice(0, LONGEST));
  return { text, tools, stop, usage, why: differences.join("; ") };
}

/** What every dialect can tell: not all have a word for cache writes or for reasoning. */
function totals(usage: UsageReading | undefined): object | undefined {
  if (usage === undefined) return undefined;
  const { input, cacheRead, cacheWrite, output } = usage;
  return { input: input + cacheWrite, cacheRead, output };
}
