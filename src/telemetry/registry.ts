// Counters, gauges and histograms with children bound to label values, and their text form 0.0.4.

import { formatUsd } from "#core/money.ts";
import { OTHER } from "./label-bounds.ts";
import { LabelTree } from "./label-tree.ts";
import type { MetricRow } from "./metric-table.ts";

/** Series of one metric beyond this number all count as one whose labels are `other`. */
const MAX_SERIES = 4_000;

/** One series of a counter or gauge. */
export class NumberSeries {
  value = 0;

  add(amount: number): void {
    this.value += amount;
  }

  write(name: string, labels: string): string {
    return `${name}${braced(labels)} ${this.value}\n`;
  }
}

/** One series of an exact sum of money in nano-dollars. */
export class MoneySeries {
  value = 0n;

  add(amount: bigint): void {
    this.value += amount;
  }

  write(name: string, labels: string): string {
    return `${name}${braced(labels)} ${formatUsd(this.value)}\n`;
  }
}

/** One series of a histogram. */
export class HistogramSeries {
  readonly #bounds: readonly number[];
  readonly #counts: number[];
  #sum = 0;
  #count = 0;

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = bounds.map(() => 0);
  }

  /** @param value in the unit of the metric's name */
  observe(value: number): void {
    this.#sum += value;
    this.#count += 1;
    for (let bucket = 0; bucket < this.#bounds.length; bucket += 1) {
      if (value <= (this.#bounds[bucket] ?? 0)) {
        this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
        return;
      }
    }
  }

  write(name: string, labels: string): string {
    const before = labels === "" ? "" : `${labels},`;
    let text = "";
    let total = 0;
    for (const [index, bound] of this.#bounds.entries()) {
      total += this.#counts[index] ?? 0;
      text += `${name}_bucket{${before}le="${bound}"} ${total}\n`;
    }
    text += `${name}_bucket{${before}le="+Inf"} ${this.#count}\n`;
    return `${text}${name}_sum${braced(labels)} ${this.#sum}\n${name}_count${braced(labels)} ${this.#count}\n`;
  }
}

/** What a family holds. */
interface Series {
  write(name: string, labels: string): string;
}

/** All series of one metric. */
export class Family<One extends Series> {
  readonly #row: MetricRow;
  readonly #make: (row: MetricRow) => One;
  /** By their labels as they are written. */
  readonly #children = new Map<string, One>();
  readonly #byValues = new LabelTree<One>();

  constructor(row: MetricRow, make: (row: MetricRow) => One) {
    this.#row = row;
    this.#make = make;
  }

  /** The series with these label values, in the order of the table. */
  child(values: readonly string[]): One {
    const known = this.#byValues.get(values);
    if (known !== undefined) return known;
    if (this.#children.size < MAX_SERIES) return this.#add(values);
    const overflow = this.#row.labels.map(() => OTHER);
    return this.#byValues.get(overflow) ?? this.#add(overflow);
  }

  /** The lines of the metric with its help and type. */
  render(): string {
    const { name, help, type } = this.#row;
    let text = `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
    for (const [labels, one] of this.#children) text += one.write(name, labels);
    return text;
  }

  #add(values: readonly string[]): One {
    const made = this.#make(this.#row);
    this.#children.set(this.#labels(values), made);
    this.#byValues.set(values, made);
    return made;
  }

  #labels(values: readonly string[]): string {
    return this.#row.labels
      .map((name, index) => `${name}="${escapeLabel(values[index] ?? "")}"`)
      .join(",");
  }
}

function braced(labels: string): string {
  return labels === "" ? "" : `{${labels}}`;
}

function escapeLabel(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}
