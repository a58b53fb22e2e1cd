// Metrics of the gateway, fed by its events. An exchange finds its series by one look-up.

import type { AttemptRecord } from "#core/attempt.ts";
import type { EventSink, GatewayEvent } from "#core/events.ts";
import type { ExchangeRecord } from "#core/record.ts";
import type { Target } from "#core/target.ts";
import { LabelBounds, NONE } from "./label-bounds.ts";
import { LabelTree } from "./label-tree.ts";
import { METRICS } from "./metric-table.ts";
import { Family, HistogramSeries, MoneySeries, NumberSeries } from "./registry.ts";

/** Metrics that listen and can be read. */
export interface Metrics {
  readonly sink: EventSink;
  /**
   * All metrics in the text format 0.0.4 of Prometheus.
   * @param now what is looked at only when somebody asks
   */
  render(now?: { readonly heldBytes: number }): string;
}

/** Content type of `render()`. */
export const METRICS_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

const MAX_BUNDLES = 4_000;
const BOUNDS = { provider: 100, model: 300, tenant: 300, code: 100, target: 500, where: 50 };

/** Outcomes that say nothing about whether the model exists: its name may be a caller's invention. */
const UNPROVEN = new Set<AttemptRecord["outcome"]>(["misconfigured", "rejected"]);

/** Everything that one kind of exchange adds to, bound once. */
interface Bundle {
  readonly byStatus: Map<string, NumberSeries>;
  readonly served: readonly [provider: string, model: string, tenant: string];
  readonly dialect: string;
  readonly duration: HistogramSeries;
  readonly firstToken: HistogramSeries;
  readonly overhead: HistogramSeries;
  readonly input: NumberSeries;
  readonly cacheRead: NumberSeries;
  readonly cacheWrite5m: NumberSeries;
  readonly cacheWrite1h: NumberSeries;
  readonly output: NumberSeries;
  readonly reasoning: NumberSeries;
  readonly cost: MoneySeries;
  readonly unpriced: NumberSeries;
}

/** Makes an empty set of metrics. */
export function createMetrics(): Metrics {
  const recorder = new Recorder();
  return { sink: (event) => recorder.take(event), render: (now) => recorder.render(now) };
}

const number = () => new NumberSeries();
const histogram = (row: { readonly buckets?: readonly number[] }) =>
  new HistogramSeries(row.buckets ?? []);

class Recorder {
  readonly #requests = new Family(METRICS.requests, number);
  readonly #errors = new Family(METRICS.errors, number);
  readonly #duration = new Family(METRICS.duration, histogram);
  readonly #firstToken = new Family(METRICS.firstToken, histogram);
  readonly #overhead = new Family(METRICS.overhead, histogram);
  readonly #tokens = new Family(METRICS.tokens, number);
  readonly #cost = new Family(METRICS.cost, () => new MoneySeries());
  readonly #unpriced = new Family(METRICS.unpriced, number);
  readonly #inFlight = new Family(METRICS.inFlight, number);
  readonly #heldBytes = new Family(METRICS.heldBytes, number);
  readonly #attempts = new Family(METRICS.attempts, number);
  readonly #loginFailures = new Family(METRICS.loginFailures, number);
  readonly #breaker = new Family(METRICS.breaker, number);
  readonly #snapshotVersion = new Family(METRICS.snapshotVersion, number);
  readonly #snapshotChanges = new Family(METRICS.snapshotChanges, number);
  readonly #documentsRefused = new Family(METRICS.documentsRefused, number);
  readonly #faults = new Family(METRICS.faults, number);
  readonly #families = [
    this.#requests,
    this.#errors,
    this.#duration,
    this.#firstToken,
    this.#overhead,
    this.#tokens,
    this.#cost,
    this.#unpriced,
    this.#inFlight,
    this.#heldBytes,
    this.#attempts,
    this.#loginFailures,
    this.#breaker,
    this.#snapshotVersion,
    this.#snapshotChanges,
    this.#documentsRefused,
    this.#faults,
  ];

  readonly #providers = new LabelBounds(BOUNDS.provider);
  readonly #models = new LabelBounds(BOUNDS.model);
  readonly #tenants = new LabelBounds(BOUNDS.tenant);
  readonly #codes = new LabelBounds(BOUNDS.code);
  readonly #targets = new LabelBounds(BOUNDS.target);
  readonly #places = new LabelBounds(BOUNDS.where);
  readonly #bundles = new LabelTree<Bundle>();
  #bundleCount = 0;
  readonly #breakerStates = new Map<string, string>();
  readonly #open = this.#inFlight.child([]);

  render(now: { readonly heldBytes: number } = { heldBytes: 0 }): string {
    this.#heldBytes.child([]).value = now.heldBytes;
    return this.#families.map((family) => family.render()).join("");
  }

  take(event: GatewayEvent): void {
    switch (event.type) {
      case "exchange-started":
        this.#open.add(1);
        break;
      case "exchange-settled":
        this.#ended();
        this.#settled(event.record);
        break;
      case "exchange-refused":
        this.#ended();
        this.#refused(event);
        break;
      case "attempt-settled":
        this.#attempted(event.attempt);
        break;
      case "breaker-changed":
        this.#breakerChanged(this.#targets.admit(event.target), event.state);
        break;
      case "login-failed":
        this.#loginFailures.child([this.#providers.admit(event.provider), event.outcome]).add(1);
        break;
      case "snapshot-changed":
        this.#snapshotVersion.child([]).value = event.version;
        this.#snapshotChanges.child([]).add(1);
        break;
      case "document-refused":
        this.#documentsRefused.child([event.source.split(":", 1)[0] ?? ""]).add(1);
        break;
      case "fault-caught":
        this.#faults.child([this.#places.admit(event.where)]).add(1);
        break;
    }
  }

  #ended(): void {
    if (this.#open.value > 0) this.#open.add(-1);
  }

  #settled(record: ExchangeRecord): void {
    const bundle = this.#bundle(record);
    this.#countStatus(bundle, record.status);
    if (record.code !== "") this.#countError(record.code, bundle.dialect, bundle.served[2]);
    bundle.duration.observe(record.durationMs / 1000);
    bundle.overhead.observe(Math.max(0, record.durationMs - record.upstreamMs) / 1000);
    if (record.firstTokenMs !== undefined && record.facts?.stream === true) {
      bundle.firstToken.observe(record.firstTokenMs / 1000);
    }
    const { usage, cost } = record;
    bundle.input.add(usage.inputTokens);
    bundle.cacheRead.add(usage.cacheReadTokens);
    bundle.cacheWrite5m.add(usage.cacheWrite5mTokens);
    bundle.cacheWrite1h.add(usage.cacheWrite1hTokens);
    bundle.output.add(usage.outputTokens);
    bundle.reasoning.add(usage.reasoningTokens);
    if (cost === undefined) bundle.unpriced.add(1);
    else bundle.cost.add(cost);
  }

  #refused(event: GatewayEvent & { readonly type: "exchange-refused" }): void {
    const dialect = event.dialect === "" ? NONE : event.dialect;
    const status = statusClass(event.status);
    this.#requests.child([dialect, NONE, NONE, NONE, status]).add(1);
    this.#countError(event.code, dialect, NONE);
  }

  #attempted({ target, outcome }: AttemptRecord): void {
    const model = this.#models.admit(target.model, !UNPROVEN.has(outcome));
    this.#attempts.child([this.#providers.admit(target.provider), model, outcome]).add(1);
  }

  #breakerChanged(target: string, state: string): void {
    const before = this.#breakerStates.get(target);
    if (before !== undefined) this.#breaker.child([target, before]).value = 0;
    this.#breakerStates.set(target, state);
    this.#breaker.child([target, state]).value = 1;
  }

  #countStatus({ byStatus, dialect, served }: Bundle, status: number): void {
    const label = statusClass(status);
    const series = byStatus.get(label) ?? this.#requests.child([dialect, ...served, label]);
    byStatus.set(label, series);
    series.add(1);
  }

  #countError(code: string, dialect: string, tenant: string): void {
    this.#errors.child([this.#codes.admit(code), dialect, tenant]).add(1);
  }

  #bundle(record: ExchangeRecord): Bundle {
    const last = record.attempts.at(-1);
    const provider = this.#providers.admit(last?.target.provider ?? "");
    const model = this.#modelLabel(last?.target, last?.outcome);
    const tenant = this.#tenants.admit(record.caller.tenant);
    const dialect = record.facts?.dialect ?? NONE;
    const values = [dialect, provider, model, tenant];
    const known = this.#bundles.get(values);
    if (known !== undefined) return known;
    const made = this.#makeBundle(dialect, [provider, model, tenant]);
    if (this.#bundleCount < MAX_BUNDLES) {
      this.#bundleCount += 1;
      this.#bundles.set(values, made);
    }
    return made;
  }

  #modelLabel(target: Target | undefined, outcome: AttemptRecord["outcome"] | undefined): string {
    if (target === undefined || outcome === undefined) return NONE;
    return this.#models.admit(target.model, !UNPROVEN.has(outcome));
  }

  #makeBundle(dialect: string, served: Bundle["served"]): Bundle {
    const tokens = (name: string) => this.#tokens.child([name, ...served]);
    return {
      byStatus: new Map(),
      served,
      dialect,
      duration: this.#duration.child(served),
      firstToken: this.#firstToken.child(served),
      overhead: this.#overhead.child([dialect]),
      input: tokens("input"),
      cacheRead: tokens("cache_read"),
      cacheWrite5m: tokens("cache_write_5m"),
      cacheWrite1h: tokens("cache_write_1h"),
      output: tokens("output"),
      reasoning: tokens("reasoning"),
      cost: this.#cost.child(served),
      unpriced: this.#unpriced.child(served),
    };
  }
}

/** `2xx`, `4xx` …; 499 stands for a client that left first and has a class like any other. */
function statusClass(status: number): string {
  return `${Math.floor(status / 100)}xx`;
}
