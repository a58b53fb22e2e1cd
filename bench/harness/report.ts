// The table for people and the JSON for comparisons.

import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";
import type { Row } from "./lab.ts";
import type { BenchOptions } from "./options.ts";

const RESULTS = join(import.meta.dir, "../results");

function figure(value: number | undefined): string {
  if (value === undefined) return "-";
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString("en-US");
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2);
}

function verdict({ goal, isMet }: Row): string {
  if (goal === "") return "";
  if (isMet === undefined) return goal;
  return `${goal} ${isMet ? "met" : "MISSED"}`;
}

/** The table as text. */
export function table(rows: readonly Row[]): string {
  const head = ["metric", "unit", "bare", "sluice", "ratio", "goal", "note"];
  const lines = rows.map((row) => [
    row.metric,
    row.unit,
    figure(row.bare),
    figure(row.sluice),
    figure(row.ratio),
    verdict(row),
    row.note,
  ]);
  const widths = head.map((title, column) =>
    Math.max(title.length, ...lines.map((line) => line[column]?.length ?? 0)),
  );
  const isNumber = (column: number) => column >= 2 && column <= 4;
  const render = (line: readonly string[]) =>
    line
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return isNumber(column) ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd();
  return [head, widths.map((width) => "-".repeat(width)), ...lines].map(render).join("\n");
}

/** Writes the JSON file and returns its path. */
export function writeResults(rows: readonly Row[], options: BenchOptions, pinned: boolean): string {
  mkdirSync(RESULTS, { recursive: true });
  const at = new Date().toISOString();
  const machine = {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memoryBytes: totalmem(),
    kernel: release(),
    bun: Bun.version,
    pinned,
  };
  const file = join(RESULTS, `${at.replaceAll(":", "-").slice(0, 19)}.json`);
  writeFileSync(file, `${JSON.stringify({ at, machine, options, rows }, null, 2)}\n`);
  return file;
}
