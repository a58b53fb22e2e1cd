// What every scenario works with, and the shape of what it finds.

import type { Contender } from "./contenders.ts";
import type { BenchOptions } from "./options.ts";
import { median } from "./statistics.ts";

/** One line of the table. Undefined = not measured. */
export interface Row {
  readonly scenario: string;
  readonly metric: string;
  readonly unit: string;
  readonly bare: number | undefined;
  readonly sluice: number | undefined;
  /** Median of the pairs' ratios, Sluice to bare. */
  readonly ratio: number | undefined;
  /** In words, empty when there is none. */
  readonly goal: string;
  readonly isMet: boolean | undefined;
  readonly note: string;
}

export interface Lab {
  readonly options: BenchOptions;
  /** The upstream itself. */
  readonly direct: Contender;
  /** Starts a proxy of its own for this scenario; the lab stops it. */
  start(name: ProxyName): Promise<Contender>;
  /** A line about what is going on, for people. */
  say(text: string): void;
}

export type ProxyName = "bare" | "sluice";

export interface Scenario {
  readonly name: string;
  run(lab: Lab): Promise<Row[]>;
}

/** Which proxies this run measures. */
export function proxyNames(options: BenchOptions): ProxyName[] {
  return options.withSluice ? ["bare", "sluice"] : ["bare"];
}

/** Values of each proxy, pair by pair. */
export type Pairs<T> = Record<ProxyName, T[]>;

/** Measures pair by pair, the order turned round each time so that drift cancels out. */
export async function inPairs<T>(
  lab: Lab,
  measure: (proxy: Contender) => Promise<T>,
): Promise<Pairs<T>> {
  const proxies: Contender[] = [];
  for (const name of proxyNames(lab.options)) proxies.push(await lab.start(name));
  const found: Pairs<T> = { bare: [], sluice: [] };
  for (let pair = 0; pair < lab.options.pairs; pair += 1) {
    for (const proxy of pair % 2 === 0 ? proxies : proxies.toReversed()) {
      if (proxy.name === "direct") continue;
      found[proxy.name].push(await measure(proxy));
    }
  }
  for (const proxy of proxies) await proxy.stop();
  return found;
}

/** What a row is made of besides its figures. */
export interface RowText {
  readonly scenario: string;
  readonly metric: string;
  readonly unit: string;
  readonly goal?: string;
  readonly note?: string;
  /** Tells whether the goal is met. */
  isMet?(figures: { readonly sluice: number; readonly ratio: number }): boolean;
}

/** A row out of paired values: medians of the values, median of the ratios. */
export function pairedRow(text: RowText, { bare, sluice }: Pairs<number>): Row {
  const ratios = sluice.map((value, pair) => value / (bare[pair] ?? Number.NaN));
  const ratio = ratios.length === 0 ? undefined : median(ratios);
  const value = sluice.length === 0 ? undefined : median(sluice);
  return {
    scenario: text.scenario,
    metric: text.metric,
    unit: text.unit,
    bare: bare.length === 0 ? undefined : median(bare),
    sluice: value,
    ratio,
    goal: text.goal ?? "",
    isMet:
      text.isMet === undefined || value === undefined || ratio === undefined
        ? undefined
        : text.isMet({ sluice: value, ratio }),
    note: text.note ?? "",
  };
}

/** One value of each pair. */
export function picked<T>(pairs: Pairs<T>, pick: (value: T) => number): Pairs<number> {
  return { bare: pairs.bare.map(pick), sluice: pairs.sluice.map(pick) };
}
