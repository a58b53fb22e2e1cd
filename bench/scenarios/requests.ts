// Cost and rate of small whole requests over 64 connections.

import { closedLoop } from "../harness/closed-loop.ts";
import type { Contender } from "../harness/contenders.ts";
import { inPairs, type Lab, pairedRow, picked, type Row, type Scenario } from "../harness/lab.ts";
import { cpuSeconds } from "../harness/proc-figures.ts";

const CONNECTIONS = 64;
const GOAL = 1.7;

async function measure(lab: Lab, proxy: Contender, warmed: Set<string>) {
  if (!warmed.has(proxy.name)) {
    await closedLoop(proxy, CONNECTIONS, { seconds: lab.options.warmUpSeconds });
    warmed.add(proxy.name);
  }
  const before = cpuSeconds(proxy.pid);
  const end = await closedLoop(proxy, CONNECTIONS, { seconds: lab.options.seconds });
  const cpu = cpuSeconds(proxy.pid) - before;
  if (end.failures > 0) throw new Error(`${proxy.name} failed ${end.failures} requests.`);
  const found = { micros: (cpu / end.requests) * 1e6, perSecond: end.requests / end.seconds };
  const busy = ((cpu / end.seconds) * 100).toFixed(0);
  const figures = `${found.micros.toFixed(1)} us, ${found.perSecond.toFixed(0)} a second`;
  lab.say(`${proxy.name}: ${figures}, ${busy} % of its core`);
  return found;
}

export const requests: Scenario = {
  name: "requests",
  async run(lab): Promise<Row[]> {
    const warmed = new Set<string>();
    const pairs = await inPairs(lab, (proxy) => measure(lab, proxy, warmed));
    return [
      pairedRow(
        {
          scenario: "requests",
          metric: "CPU a request",
          unit: "us",
          goal: `ratio <= ${GOAL}`,
          isMet: ({ ratio }) => ratio <= GOAL,
          note: `${CONNECTIONS} connections`,
        },
        picked(pairs, (each) => each.micros),
      ),
      pairedRow(
        { scenario: "requests", metric: "requests a second", unit: "1/s", note: "one core" },
        picked(pairs, (each) => each.perSecond),
      ),
    ];
  },
};
