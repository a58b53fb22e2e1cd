// The options of a run.

export interface BenchOptions {
  /** Pairs of measurements; each pair measures both proxies. */
  readonly pairs: number;
  /** Seconds of one measurement of throughput, latency or streams. */
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly streams: number;
  readonly openStreams: number;
  /** Requests between the two looks at memory. */
  readonly requests: number;
  readonly stallRounds: number;
  readonly starts: number;
  /** Empty = all scenarios. */
  readonly only: readonly string[];
  readonly withSluice: boolean;
}

const FULL = {
  pairs: 5,
  seconds: 5,
  warmUpSeconds: 3,
  streams: 200,
  openStreams: 5000,
  requests: 100_000,
  stallRounds: 10,
  starts: 5,
};

const QUICK = {
  ...FULL,
  pairs: 1,
  seconds: 1,
  warmUpSeconds: 1,
  openStreams: 1000,
  requests: 10_000,
  stallRounds: 2,
  starts: 1,
};

const USAGE = `npm run bench -- [--quick] [--long] [--only NAME]... [--without-sluice]
  --quick           about 30 seconds; figures are rough
  --long            1,000,000 requests in the memory scenario instead of 100,000
  --only NAME       requests | latency | events | memory | stalls | start (may be repeated)
  --without-sluice  measure the bare proxy alone`;

/** @throws Error with the usage text when an argument is unknown */
export function readOptions(args: readonly string[]): BenchOptions {
  const only: string[] = [];
  const flags = new Set<string>();
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? "";
    if (arg === "--only") only.push(args[++at] ?? "");
    else if (["--quick", "--long", "--without-sluice"].includes(arg)) flags.add(arg);
    else throw new Error(`Unknown argument ${arg}.\n${USAGE}`);
  }
  const scale = flags.has("--quick") ? QUICK : FULL;
  const requests = flags.has("--long") ? 1_000_000 : scale.requests;
  return { ...scale, requests, only, withSluice: !flags.has("--without-sluice") };
}
