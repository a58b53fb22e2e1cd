// Recorded requests of one dialect, answered by recorded replies of another. Counts what comes out
// equal, prints the table, and holds the counts that were once reached.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { asObject } from "#core/json.ts";
import floors from "./floors.json";
import { type CorpusBench, startCorpusBench } from "./gateway-setup.ts";
import {
  type CorpusDialect,
  hasCorpus,
  loadRecordings,
  NO_CORPUS,
  type Recording,
} from "./recordings.ts";
import { type CellCount, type CellRun, countCell, DIALECTS, streamed } from "./square-count.ts";

const recordings = hasCorpus ? loadRecordings() : [];
if (!hasCorpus) console.warn(NO_CORPUS);

/** Set to any value: every difference is printed. */
const isVerbose = process.env["SLUICE_CORPUS_DIFFERENCES"] !== undefined;
const FLOORS: Readonly<Record<string, number>> = floors.square;

let bench: CorpusBench;

function good(dialect: CorpusDialect): Recording[] {
  return recordings.filter(
    (recording) =>
      recording.dialect === dialect &&
      recording.operation === "generate" &&
      recording.reply.status === 200,
  );
}

/** Few streams are recorded: every request may ask for one, since only the reply decides its form. */
function requestsOf(client: CorpusDialect, isStream: boolean): Recording[] {
  const all = good(client).filter(takesAnyAnswer);
  return isStream ? all.map(streamed) : all.filter((recording) => !recording.isStream);
}

/** False for a request that asks for JSON: the answers here were given to other requests. */
function takesAnyAnswer({ body }: Recording): boolean {
  const config = asObject(body["generationConfig"]);
  const output = asObject(body["output_config"]) ?? {};
  const format = asObject(body["response_format"])?.["type"] ?? "text";
  const isPlain =
    config?.["responseMimeType"] === undefined || config["responseMimeType"] === "text/plain";
  return (
    format === "text" &&
    isPlain &&
    output["format"] === undefined &&
    body["output_format"] === undefined
  );
}

function rendered(counts: readonly CellCount[]): string {
  const columns = [
    "total",
    "refused",
    "failed",
    "text",
    "tools",
    "stop",
    "usage",
    "equal",
  ] as const;
  const width = Math.max(...counts.map(({ cell }) => cell.length));
  const lines = counts.map((count) => {
    const cells = columns.map((column) => String(count[column]).padStart(column.length));
    return [count.cell.padEnd(width), ...cells].join("  ");
  });
  return [["".padEnd(width), ...columns].join("  "), ...lines].join("\n");
}

describe.skipIf(!hasCorpus)("recorded exchanges across dialects", () => {
  beforeAll(async () => {
    bench = await startCorpusBench(recordings);
  });
  afterAll(() => bench?.stop());

  test("no fewer come out equal than before", async () => {
    const runs: CellRun[] = [];
    for (const isStream of [false, true])
      for (const client of DIALECTS)
        for (const provider of DIALECTS.filter((dialect) => dialect !== client)) {
          const replies = good(provider).filter((reply) => reply.isStream === isStream);
          runs.push(await countCell(bench, requestsOf(client, isStream), replies));
        }
    const counts = runs.map(({ count }) => count);
    console.log(rendered(counts));
    if (isVerbose) for (const run of runs) console.log(run.differences.join("\n"));
    const below = counts.filter(({ cell, equal }) => equal < (FLOORS[cell] ?? 0));
    expect(below).toEqual([]);
    expect(Object.keys(FLOORS)).toEqual(counts.map(({ cell }) => cell));
  }, 120_000);
});
