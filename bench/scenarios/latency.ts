// Latency that a proxy adds at a steady 500 requests a second.

import { closedLoop } from "../harness/closed-loop.ts";
import type { Contender } from "../harness/contenders.ts";
import { inPairs, type Lab, pairedRow, picked, type Row, type Scenario } from "../harness/lab.ts";
import { openLoop } from "../harness/open-loop.ts";
import { quantile } from "../harness/statistics.ts";

const PER_SECOND = 500;
const MICROS = 1000;

async function added(lab: Lab, proxy: Contender, warmed: Set<string>) {
  if (!warmed.has(proxy.name)) {
    await closedLoop(proxy, 16, { seconds: lab.options.warmUpSeconds });
    warmed.add(proxy.name);
  }
  const direct = await openLoop(lab.direct, PER_SECOND, lab.options.seconds);
  const through = await openLoop(proxy, PER_SECOND, lab.options.seconds);
  const more = (share: number) => (quantile(through, share) - quantile(direct, share)) * MICROS;
  const found = { p50: more(0.5), p99: more(0.99) };
  lab.say(`${proxy.name}: p50 +${found.p50.toFixed(0)} us, p99 +${found.p99.toFixed(0)} us`);
  return found;
}

export const latency: Scenario = {
  name: "latency",
  async run(lab): Promise<Row[]> {
    const warmed = new Set<string>();
    const pairs = await inPairs(lab, (proxy) => added(lab, proxy, warmed));
    const text = { scenario: "latency", unit: "us", note: `open loop, ${PER_SECOND} a second` };
    return [
      pairedRow(
        { ...text, metric: "latency added, p50" },
        picked(pairs, (each) => each.p50),
      ),
      pairedRow(
        { ...text, metric: "latency added, p99" },
        picked(pairs, (each) => each.p99),
      ),
    ];
  },
};
