// CPU that a proxy spends on one event of a paced stream.

import type { Contender } from "../harness/contenders.ts";
import { inPairs, type Lab, pairedRow, type Row, type Scenario } from "../harness/lab.ts";
import { BUSY_STREAM } from "../harness/models.ts";
import { cpuSeconds } from "../harness/proc-figures.ts";
import { StreamLoad } from "../harness/stream-load.ts";

const GOAL = 1.4;

async function microsAnEvent(lab: Lab, proxy: Contender): Promise<number> {
  const load = new StreamLoad(proxy);
  try {
    await load.open(lab.options.streams, BUSY_STREAM);
    await Bun.sleep(lab.options.warmUpSeconds * 1000);
    const cpuBefore = cpuSeconds(proxy.pid);
    const eventsBefore = load.events;
    await Bun.sleep(lab.options.seconds * 1000);
    const events = load.events - eventsBefore;
    const cpu = cpuSeconds(proxy.pid) - cpuBefore;
    load.check();
    const micros = (cpu / events) * 1e6;
    const rate = events / lab.options.seconds;
    lab.say(`${proxy.name}: ${micros.toFixed(1)} us an event at ${rate.toFixed(0)} a second`);
    return micros;
  } finally {
    load.close();
  }
}

export const events: Scenario = {
  name: "events",
  async run(lab): Promise<Row[]> {
    const pairs = await inPairs(lab, (proxy) => microsAnEvent(lab, proxy));
    return [
      pairedRow(
        {
          scenario: "events",
          metric: "CPU a streamed event",
          unit: "us",
          goal: `ratio <= ${GOAL}`,
          isMet: ({ ratio }) => ratio <= GOAL,
          note: `${lab.options.streams} streams, an event each 20 ms`,
        },
        pairs,
      ),
    ];
  },
};
