// Memory of the whole process tree: idle, with many open streams, and after many requests.

import { closedLoop } from "../harness/closed-loop.ts";
import type { Contender } from "../harness/contenders.ts";
import { type Lab, type ProxyName, proxyNames, type Row, type Scenario } from "../harness/lab.ts";
import { QUIET_STREAM } from "../harness/models.ts";
import { type Memory, memoryOf } from "../harness/proc-figures.ts";
import { StreamLoad } from "../harness/stream-load.ts";

const MEGABYTE = 1_000_000;
const STREAMS_GOAL_MB = 240;
const GROWTH_GOAL = 1.1;
const SETTLE_MS = 2000;
const CONNECTIONS = 64;
const WARM_SHARE = 0.1;

interface Figures {
  readonly idle: Memory;
  readonly streaming: Memory;
  readonly warm: Memory;
  readonly after: Memory;
}

async function settled(proxy: Contender): Promise<Memory> {
  await Bun.sleep(SETTLE_MS);
  return memoryOf(proxy.pid);
}

async function withStreams(lab: Lab, proxy: Contender): Promise<Memory> {
  const load = new StreamLoad(proxy);
  try {
    await load.open(lab.options.openStreams, QUIET_STREAM);
    const memory = await settled(proxy);
    load.check();
    return memory;
  } finally {
    load.close();
  }
}

async function measure(lab: Lab, name: ProxyName): Promise<Figures> {
  const streamer = await lab.start(name);
  const idle = await settled(streamer);
  const streaming = await withStreams(lab, streamer);
  await streamer.stop();
  const worker = await lab.start(name);
  const warmRequests = Math.round(lab.options.requests * WARM_SHARE);
  await closedLoop(worker, CONNECTIONS, { requests: warmRequests });
  const warm = await settled(worker);
  await closedLoop(worker, CONNECTIONS, { requests: lab.options.requests - warmRequests });
  const after = await settled(worker);
  await worker.stop();
  const inMb = (memory: Memory) => (memory.residentBytes / MEGABYTE).toFixed(0);
  lab.say(
    `${name}: idle ${inMb(idle)}, streams ${inMb(streaming)}, warm ${inMb(warm)}, after ${inMb(after)} MB`,
  );
  return { idle, streaming, warm, after };
}

function rowsOf(lab: Lab, found: Partial<Record<ProxyName, Figures>>): Row[] {
  const { openStreams, requests } = lab.options;
  const row = (metric: string, pick: (figures: Figures) => Memory): Row => {
    const [bare, sluice] = [found.bare, found.sluice].map((figures) =>
      figures === undefined ? undefined : pick(figures),
    );
    const own = sluice ?? bare;
    return {
      scenario: "memory",
      metric,
      unit: "MB",
      bare: bare && bare.residentBytes / MEGABYTE,
      sluice: sluice && sluice.residentBytes / MEGABYTE,
      ratio: bare && sluice && sluice.residentBytes / bare.residentBytes,
      goal: "",
      isMet: undefined,
      note: own ? `resident; ${(own.proportionalBytes / MEGABYTE).toFixed(0)} proportional` : "",
    };
  };
  const streaming = row(`memory, ${openStreams} streams`, (figures) => figures.streaming);
  const after = row(`memory, ${requests} requests`, (figures) => figures.after);
  const own = found.sluice;
  const growth = own && own.after.residentBytes / own.warm.residentBytes;
  const isFullSize = openStreams === 5000;
  return [
    row("memory, idle", (figures) => figures.idle),
    {
      ...streaming,
      goal: isFullSize ? `<= ${STREAMS_GOAL_MB} MB` : "",
      isMet: isFullSize && streaming.sluice ? streaming.sluice <= STREAMS_GOAL_MB : undefined,
    },
    row(`memory, first ${requests * WARM_SHARE}`, (figures) => figures.warm),
    {
      ...after,
      goal: `growth <= ${GROWTH_GOAL}`,
      isMet: growth === undefined ? undefined : growth <= GROWTH_GOAL,
      note: `${after.note}; grown by ${(((growth ?? 1) - 1) * 100).toFixed(1)} % since the first tenth`,
    },
  ];
}

export const memory: Scenario = {
  name: "memory",
  async run(lab): Promise<Row[]> {
    const found: Partial<Record<ProxyName, Figures>> = {};
    for (const name of proxyNames(lab.options)) found[name] = await measure(lab, name);
    return rowsOf(lab, found);
  },
};
