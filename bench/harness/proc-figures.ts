// CPU and memory of a whole process tree, read from /proc.

import { readdirSync, readFileSync } from "node:fs";

const TICKS_PER_SECOND = 100;
const BYTES_PER_KB = 1024;

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly ticks: number;
}

function statOf(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in brackets may hold spaces: fields are counted behind it.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const ticks = Number(fields[11]) + Number(fields[12]);
    return { pid, parent: Number(fields[1]), ticks };
  } catch {
    return undefined;
  }
}

function treeOf(root: number): Stat[] {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => statOf(Number(name)))
    .filter((stat) => stat !== undefined);
  const tree = all.filter((stat) => stat.pid === root);
  for (const member of tree) tree.push(...all.filter((stat) => stat.parent === member.pid));
  return tree;
}

/** Seconds of CPU, user and system, that the tree has used so far. Resolution 10 ms. */
export function cpuSeconds(root: number): number {
  return treeOf(root).reduce((sum, stat) => sum + stat.ticks, 0) / TICKS_PER_SECOND;
}

export interface Memory {
  /** Resident bytes, pages that are shared counted in each process. */
  readonly residentBytes: number;
  /** Resident bytes with shared pages divided among those that share them. */
  readonly proportionalBytes: number;
}

/** Memory of the tree. */
export function memoryOf(root: number): Memory {
  let residentBytes = 0;
  let proportionalBytes = 0;
  for (const { pid } of treeOf(root)) {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    residentBytes += Number(/^Rss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) * BYTES_PER_KB;
    proportionalBytes += Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) * BYTES_PER_KB;
  }
  return { residentBytes, proportionalBytes };
}
