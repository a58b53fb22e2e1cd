// `npm run bench`: what Sluice costs beside the smallest possible proxy. See README.md.

import { type Child, mayPin, pinSelf, startChild } from "./harness/child.ts";
import { type Contender, direct, startBare, startSluice } from "./harness/contenders.ts";
import type { Lab, Row, Scenario } from "./harness/lab.ts";
import { type BenchOptions, readOptions } from "./harness/options.ts";
import { table, writeResults } from "./harness/report.ts";
import { events } from "./scenarios/events.ts";
import { latency } from "./scenarios/latency.ts";
import { memory } from "./scenarios/memory.ts";
import { requests } from "./scenarios/requests.ts";
import { stalls } from "./scenarios/stalls.ts";
import { start } from "./scenarios/start.ts";

const PROXY_CORE = 0;
const LOAD_CORE = 1;
const SCENARIOS: readonly Scenario[] = [requests, latency, events, memory, stalls, start];

function say(text: string): void {
  console.error(`  ${text}`);
}

function chosen({ only }: BenchOptions): readonly Scenario[] {
  const names = SCENARIOS.map((scenario) => scenario.name);
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new Error(`No scenario ${unknown}; there are ${names.join(", ")}.`);
  return only.length === 0 ? SCENARIOS : SCENARIOS.filter(({ name }) => only.includes(name));
}

function labOn(upstream: Child, options: BenchOptions, isPinned: boolean): Lab {
  const place = { upstream, core: isPinned ? PROXY_CORE : undefined };
  const starters = { bare: startBare, sluice: startSluice };
  return {
    options,
    direct: direct(place),
    start: (name): Promise<Contender> => starters[name](place),
    say,
  };
}

async function runAll(options: BenchOptions): Promise<void> {
  const isPinned = mayPin();
  if (isPinned) pinSelf(LOAD_CORE);
  else say("Processes cannot be pinned here: figures will be less steady.");
  const upstream = await startChild({
    command: process.execPath,
    args: [`${import.meta.dir}/upstream.ts`],
    core: isPinned ? LOAD_CORE : undefined,
  });
  const rows: Row[] = [];
  let failed = false;
  for (const scenario of chosen(options)) {
    console.error(`${scenario.name} …`);
    try {
      rows.push(...(await scenario.run(labOn(upstream, options, isPinned))));
    } catch (error) {
      failed = true;
      console.error(`${scenario.name} failed: ${error instanceof Error ? error.message : error}`);
    }
  }
  await upstream.stop();
  console.log(table(rows));
  console.log(`\nWritten to ${writeResults(rows, options, isPinned)}`);
  process.exit(failed ? 1 : 0);
}

try {
  await runAll(readOptions(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(2);
}
