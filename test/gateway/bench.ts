// One gateway process with one scripted upstream behind all its providers. Tests declare their routes
// while they are collected; each gets models of its own, so that no breaker or script is shared.

import { afterAll, beforeAll, expect } from "bun:test";
import { asArray, asObject, type JsonObject } from "#core/json.ts";
import { type GatewayProcess, startGateway } from "#support/gateway-process.ts";
import { type RecordedRequest, startUpstream, type Upstream } from "#support/upstream/upstream.ts";

/** The API languages that the tests speak, and the kind of provider that speaks each. */
export const DIALECTS = ["openai-chat", "anthropic-messages", "gemini-generate"] as const;
export type DialectName = (typeof DIALECTS)[number];

/** Every dialect with the next one: a pair that has to be translated. */
export const CROSS_PAIRS: readonly (readonly [DialectName, DialectName])[] = [
  ["openai-chat", "anthropic-messages"],
  ["anthropic-messages", "gemini-generate"],
  ["gemini-generate", "openai-chat"],
];

/** Every dialect with itself and with another. */
export const PAIRS: readonly (readonly [DialectName, DialectName])[] = [
  ...DIALECTS.map((dialect) => [dialect, dialect] as const),
  ...CROSS_PAIRS,
];

export const CALLER_KEY = "gateway-caller-key-51b7d0e3c9a24f86";
export const PROVIDER_KEY = "gateway-provider-key-2f8e4d6a9c1b7053";

/** US dollars per million tokens; the default answer of 11 and 7 tokens costs 25 of a million. */
const PRICES = "{ input: 1, cache_read: 0.1, cache_write_5m: 1.25, cache_write_1h: 2, output: 2 }";

const PROVIDERS: Readonly<Record<DialectName, string>> = {
  "openai-chat": "openai",
  "anthropic-messages": "claude",
  "gemini-generate": "google",
};

/** A target of a route: a model that no other test uses. */
export interface TestTarget {
  readonly provider: string;
  readonly model: string;
  /** `provider/model`. */
  readonly name: string;
}

/** A virtual model of its own. */
export interface TestRoute {
  readonly model: string;
  readonly targets: readonly TestTarget[];
}

/** What a route needs: dialects or providers by name, and keys of the virtual model. */
export interface RouteWish {
  readonly targets: readonly (DialectName | string)[];
  readonly settings?: Readonly<Record<string, string | number>>;
}

/** Parts of the document. `ORIGIN` in them stands for the scripted upstream's address. */
export interface BenchOptions {
  readonly server?: string;
  /** Further entries under `providers`, priced like the others. */
  readonly providers?: readonly string[];
  /** Entries under `providers` that only the catalogue can price. */
  readonly catalogued?: readonly string[];
  /** Further top-level sections. */
  readonly sections?: readonly string[];
}

export class GatewayBench {
  readonly #options: BenchOptions;
  readonly #models: string[] = [];
  #upstream: Upstream | undefined;
  #gateway: GatewayProcess | undefined;

  constructor(options: BenchOptions) {
    this.#options = options;
  }

  get upstream(): Upstream {
    if (this.#upstream === undefined) throw new Error("The bench is not started.");
    return this.#upstream;
  }

  get gateway(): GatewayProcess {
    if (this.#gateway === undefined) throw new Error("The bench is not started.");
    return this.#gateway;
  }

  get baseUrl(): string {
    return this.gateway.baseUrl;
  }

  /** Declares a virtual model; only while tests are collected. */
  route(...targets: readonly (DialectName | string)[]): TestRoute {
    return this.routeWith({ targets });
  }

  /** Declares a virtual model with settings; one try a target unless they say otherwise. */
  routeWith({ targets, settings = {} }: RouteWish): TestRoute {
    if (this.#gateway !== undefined) throw new Error("Routes are declared before the start.");
    const model = `route-${this.#models.length}`;
    const made = targets.map((wanted, index): TestTarget => {
      const provider = wanted in PROVIDERS ? PROVIDERS[wanted as DialectName] : wanted;
      const own = `${model}-${index}`;
      return { provider, model: own, name: `${provider}/${own}` };
    });
    const keys = { attempts: targets.length, ...settings };
    const lines = Object.entries(keys).map(([name, value]) => `${name}: ${value}`);
    const names = made.map(({ name }) => name).join(", ");
    this.#models.push(`  ${model}: { targets: [${names}], ${lines.join(", ")} }`);
    return { model, targets: made };
  }

  async start(): Promise<void> {
    this.#upstream = await startUpstream();
    this.#gateway = await startGateway({ config: this.document() });
  }

  /**
   * What must hold after any traffic: nothing is counted as under way, nothing of our own went wrong,
   * and no credential was printed.
   */
  async expectQuiet(): Promise<void> {
    for (let looks = 0; (await this.#underWay()) > 0; looks += 1) {
      if (looks > 1_000) throw new Error("Something is still counted as under way.");
    }
    expect(await this.metric("sluice_faults_total", {})).toBe(0);
    const printed = this.gateway.stdout + this.gateway.stderr;
    for (const key of [CALLER_KEY, PROVIDER_KEY]) expect(printed).not.toContain(key);
  }

  async #underWay(): Promise<number> {
    const page = asObject(await (await this.gateway.admin("/targets?limit=1000")).json());
    const rows = asArray(page?.["data"]) as JsonObject[];
    const attempts = rows.reduce((sum, row) => sum + Number(row["in_flight"]), 0);
    return attempts + (await this.metric("sluice_in_flight", {}));
  }

  async stop(): Promise<void> {
    await this.#gateway?.stop();
    await this.#upstream?.stop();
  }

  /** The document as the gateway was started with. */
  document(): string {
    const { server = "", providers = [], catalogued = [], sections = [] } = this.#options;
    const text = `version: 1
${server === "" ? "" : `server: { ${server} }`}
providers:
  openai: { kind: openai, base_url: ORIGIN/v1, api_key: ${PROVIDER_KEY} }
  claude: { kind: anthropic, base_url: ORIGIN, api_key: ${PROVIDER_KEY} }
  google: { kind: gemini, base_url: ORIGIN, api_key: ${PROVIDER_KEY} }
${[...providers, ...catalogued].map((line) => `  ${line}\n`).join("")}
models:
${this.#models.join("\n")}
tenants: { acme: {} }
prices:
  openai/*: ${PRICES}
  claude/*: ${PRICES}
  google/*: ${PRICES}
${providers.map((line) => `  ${line.slice(0, line.indexOf(":"))}/*: ${PRICES}\n`).join("")}
keys:
  - { name: tests, tenant: acme, value: ${CALLER_KEY} }
${sections.join("\n")}
`;
    return text.replaceAll("ORIGIN", this.upstream.origin);
  }

  /** What the upstream saw of this target, in order. */
  seenBy(target: TestTarget | undefined): RecordedRequest[] {
    return this.upstream.requests.filter(({ endpoint }) => endpoint.model === target?.model);
  }

  /** The first request that this target gets, as soon as it has arrived whole. */
  async arrived(target: TestTarget | undefined): Promise<RecordedRequest> {
    for (let index = 0; ; index += 1) {
      const request = await this.upstream.received(index);
      if (request.endpoint.model === target?.model) return request;
    }
  }

  /** How often each target of the route was asked. */
  calls(route: TestRoute): number[] {
    return route.targets.map((target) => this.seenBy(target).length);
  }

  /** The decision record of an exchange, as soon as it has ended. */
  async record(id: string): Promise<JsonObject> {
    for (;;) {
      const reply = await this.gateway.admin(`/decisions/${encodeURIComponent(id)}`);
      const body = asObject(await reply.json()) ?? {};
      if (reply.status === 200) return body;
      if (reply.status !== 404) throw new Error(`The admin API answered ${reply.status}.`);
    }
  }

  /** The newest decision record of a route, as soon as there is one. */
  async lastRecord(route: TestRoute): Promise<JsonObject> {
    for (;;) {
      const reply = await this.gateway.admin(`/decisions?limit=1&model=${route.model}`);
      const page = asObject(await reply.json());
      if (reply.status !== 200) throw new Error(`The admin API answered ${reply.status}.`);
      const [first] = (page?.["data"] ?? []) as JsonObject[];
      if (first !== undefined) return first;
    }
  }

  /** The sum of a metric's series that have all of these labels. */
  async metric(name: string, labels: Readonly<Record<string, string>>): Promise<number> {
    const authorization = `Bearer ${this.gateway.adminKey}`;
    const reply = await fetch(`${this.baseUrl}/metrics`, { headers: { authorization } });
    const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
    return (await reply.text())
      .split("\n")
      .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
      .filter((line) => wanted.every((text) => line.includes(text)))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
  }

  /** The usage row of a route; undefined when no exchange of it has ended. */
  async usage(route: TestRoute): Promise<JsonObject | undefined> {
    const rows = await this.gateway.usageRows("model");
    return rows.find((row) => row["model"] === route.model);
  }
}

/** A bench that starts before the tests of this file and stops after them. */
export function gatewayBench(options: BenchOptions = {}): GatewayBench {
  const bench = new GatewayBench(options);
  beforeAll(() => bench.start());
  afterAll(async () => {
    try {
      await bench.expectQuiet();
    } finally {
      await bench.stop();
    }
  });
  return bench;
}
