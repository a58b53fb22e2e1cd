// How long small streams wait while big bodies pass beside them.

import { BulkSender } from "../harness/bulk-sender.ts";
import type { Contender } from "../harness/contenders.ts";
import { type Lab, type ProxyName, proxyNames, type Row, type Scenario } from "../harness/lab.ts";
import { SMALL_STREAM } from "../harness/models.ts";
import { quantile } from "../harness/statistics.ts";
import { StreamLoad } from "../harness/stream-load.ts";

const GOAL_MS = 25;
const REST_MS = 1000;

interface Stalls {
  readonly calmP99: number;
  readonly p99: number;
  readonly largest: number;
  readonly bulkMs: number;
  readonly statuses: string;
}

async function measure(lab: Lab, proxy: Contender): Promise<Stalls> {
  const load = new StreamLoad(proxy);
  const sender = await BulkSender.start(proxy);
  try {
    await load.open(lab.options.streams, SMALL_STREAM);
    const calm: number[] = [];
    const besides: number[] = [];
    let bulkMs = 0;
    let statuses = "";
    for (let round = 0; round < lab.options.stallRounds; round += 1) {
      load.gaps = [];
      await Bun.sleep(REST_MS);
      calm.push(...load.gaps.map((gap) => gap.ms));
      load.gaps = [];
      const end = await sender.round();
      // A chunk that was held up may arrive just after the end: wait for one more of each stream.
      await Bun.sleep(GOAL_MS);
      besides.push(...load.gaps.map((gap) => gap.ms));
      bulkMs = Math.max(bulkMs, end.ms);
      // The worst round counts: a body that was refused held nobody up.
      if (round === 0 || !end.statuses.startsWith("200")) statuses = end.statuses;
    }
    load.check();
    const largest = besides.reduce((most, each) => Math.max(most, each), 0);
    return {
      calmP99: quantile(calm, 0.99),
      p99: quantile(besides, 0.99),
      largest,
      bulkMs,
      statuses,
    };
  } finally {
    load.close();
    sender.stop();
  }
}

export const stalls: Scenario = {
  name: "stalls",
  async run(lab): Promise<Row[]> {
    const found: Partial<Record<ProxyName | "direct", Stalls>> = {};
    found.direct = await measure(lab, lab.direct);
    lab.say(`direct: ${JSON.stringify(found.direct)}`);
    for (const name of proxyNames(lab.options)) {
      const proxy = await lab.start(name);
      found[name] = await measure(lab, proxy);
      lab.say(`${name}: ${JSON.stringify(found[name])}`);
      await proxy.stop();
    }
    const { direct, bare, sluice } = found;
    const row = (metric: string, pick: (each: Stalls) => number, note: string): Row => ({
      scenario: "stalls",
      metric,
      unit: "ms",
      bare: bare && pick(bare),
      sluice: sluice && pick(sluice),
      ratio: bare && sluice && pick(sluice) / pick(bare),
      goal: "",
      isMet: undefined,
      note: `${note}; without a proxy ${pick(direct).toFixed(1)} ms`,
    });
    const statuses = sluice ?? bare;
    const p99 = row("gap p99 beside big bodies", (each) => each.p99, "an event each 15 ms");
    return [
      row("gap p99, calm", (each) => each.calmP99, `${lab.options.streams} streams`),
      {
        ...p99,
        goal: `< ${GOAL_MS} ms`,
        isMet: sluice && sluice.p99 < GOAL_MS && sluice.statuses.startsWith("200"),
      },
      row("largest gap beside big bodies", (each) => each.largest, "all rounds"),
      row(
        "time of the big bodies",
        (each) => each.bulkMs,
        `50 MB up, 200 MB error down, statuses ${statuses?.statuses ?? ""}`,
      ),
    ];
  },
};
