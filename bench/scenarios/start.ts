// Time from the start of the process to its `listening` line.

import {
  type Lab,
  type Pairs,
  pairedRow,
  proxyNames,
  type Row,
  type Scenario,
} from "../harness/lab.ts";

const GOAL_MS = 1000;

export const start: Scenario = {
  name: "start",
  async run(lab: Lab): Promise<Row[]> {
    const found: Pairs<number> = { bare: [], sluice: [] };
    for (let each = 0; each < lab.options.starts; each += 1) {
      for (const name of proxyNames(lab.options)) {
        const proxy = await lab.start(name);
        found[name].push(proxy.startMs);
        await proxy.stop();
      }
    }
    return [
      pairedRow(
        {
          scenario: "start",
          metric: "time to listening",
          unit: "ms",
          goal: `<= ${GOAL_MS} ms`,
          isMet: ({ sluice }) => sluice <= GOAL_MS,
          note: "new data folder, launcher included",
        },
        found,
      ),
    ];
  },
};
