// All metrics in one table: the registry is filled from it and the reference page is made from it.

/** What a metric is. */
export interface MetricRow {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds of the buckets of a histogram, ascending, without +Inf. */
  readonly buckets?: readonly number[];
}

const DURATIONS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900];
const FIRST_TOKENS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2.5, 5, 10, 30, 60];

const SERVED = ["provider", "model", "tenant"] as const;

/** The table. `none` stands in a label where an exchange has no such thing, `other` beyond the bound. */
export const METRICS = {
  requests: {
    name: "sluice_requests_total",
    type: "counter",
    help: "Exchanges that ended, by the target that served last and the class of the answer's status.",
    labels: ["dialect", ...SERVED, "status"],
  },
  errors: {
    name: "sluice_errors_total",
    type: "counter",
    help: "Exchanges that ended in an error of the gateway's table, by its code.",
    labels: ["code", "dialect", "tenant"],
  },
  duration: {
    name: "sluice_request_duration_seconds",
    type: "histogram",
    help: "From the first byte of the request to the last of the answer.",
    labels: SERVED,
    buckets: DURATIONS,
  },
  firstToken: {
    name: "sluice_first_token_seconds",
    type: "histogram",
    help: "From the request to the first content of a streamed answer.",
    labels: SERVED,
    buckets: FIRST_TOKENS,
  },
  overhead: {
    name: "sluice_gateway_seconds",
    type: "histogram",
    help: "The part of an exchange that was not spent waiting for upstreams.",
    labels: ["dialect"],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
  },
  tokens: {
    name: "sluice_tokens_total",
    type: "counter",
    help: "Tokens by class. The classes are disjoint but for reasoning, which is a share of output.",
    labels: ["class", ...SERVED],
  },
  cost: {
    name: "sluice_cost_usd_total",
    type: "counter",
    help: "Cost in US dollars of the exchanges whose price is known.",
    labels: SERVED,
  },
  unpriced: {
    name: "sluice_unpriced_requests_total",
    type: "counter",
    help: "Exchanges whose cost is unknown because a price is.",
    labels: SERVED,
  },
  inFlight: {
    name: "sluice_in_flight",
    type: "gauge",
    help: "Exchanges that have begun and not ended.",
    labels: [],
  },
  heldBytes: {
    name: "sluice_held_bytes",
    type: "gauge",
    help: "Bytes of requests that are held, as max_inflight_mb bounds them.",
    labels: [],
  },
  attempts: {
    name: "sluice_attempts_total",
    type: "counter",
    help: "Tries at upstreams by how they ended.",
    labels: ["provider", "model", "outcome"],
  },
  loginFailures: {
    name: "sluice_login_failures_total",
    type: "counter",
    help: "Tokens and session keys of clouds that could not be had; calls go on while those at hand are good.",
    labels: ["provider", "outcome"],
  },
  breaker: {
    name: "sluice_breaker_state",
    type: "gauge",
    help: "1 for the state that the target is in, 0 for the states that it has left.",
    labels: ["target", "state"],
  },
  snapshotVersion: {
    name: "sluice_snapshot_version",
    type: "gauge",
    help: "Version of the configuration document in force.",
    labels: [],
  },
  snapshotChanges: {
    name: "sluice_snapshot_changes_total",
    type: "counter",
    help: "Configuration documents that came into force.",
    labels: [],
  },
  documentsRefused: {
    name: "sluice_documents_refused_total",
    type: "counter",
    help: "Configuration documents that were refused, by where they came from.",
    labels: ["source"],
  },
  faults: {
    name: "sluice_faults_total",
    type: "counter",
    help: "Faults of the gateway's own, by the part that caught them: journal, worker, handler and others.",
    labels: ["where"],
  },
} as const satisfies Record<string, MetricRow>;
