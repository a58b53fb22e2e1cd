// The catalogue of models and prices: what vendors offer and charge, by name and by day.

import type { Catalogue, Rates } from "#core/pricing.ts";
import { DEMO_MODELS } from "../demo/models.ts";
import { purposeOfName } from "../traits/embeddings.ts";
import generated from "./catalogue.generated.json" with { type: "json" };
import type { CatalogueFile, CatalogueModel } from "./catalogue-file.ts";
import { type NameTest, nameTest } from "./name-rule.ts";
import { type DatedRates, datedRates, holdsAt } from "./rate-table.ts";

/** Names remembered a kind. Callers choose names, so that the memory needs a bound. */
const MAX_REMEMBERED_NAMES = 4096;

const UNKNOWN_LIMITS = Object.freeze({ inputTokens: 0, outputTokens: 0 });

interface Entry {
  readonly id: string;
  readonly isMeant: NameTest;
  readonly model: CatalogueModel;
}

/** One vendor's models. */
class VendorCatalogue {
  readonly names: readonly string[];
  readonly #entries: readonly Entry[];
  readonly #version: string;
  readonly #byName = new Map<string, Entry | undefined>();
  readonly #rates = new Map<Entry, readonly DatedRates[]>();
  readonly #withoutTools = new Map<Rates, Rates>();

  constructor(models: Readonly<Record<string, CatalogueModel>>, version: string) {
    this.#version = version;
    this.#entries = Object.entries(models).map(([id, model]) => ({
      id,
      isMeant: nameTest(model.match),
      model,
    }));
    // Some ids name a family (`ft:gpt-4o`, `ft:gpt-3.5-turbo-`): only what resolves to itself and is no
    // mere beginning is a name to ask for.
    this.names = this.#entries
      .filter((entry) => this.find(entry.id) === entry && !entry.id.endsWith("-"))
      .map(({ id }) => id);
  }

  /** The first entry whose rule matches, remembered. */
  find(name: string): Entry | undefined {
    if (this.#byName.has(name)) return this.#byName.get(name);
    const found = this.#entries.find((entry) => entry.isMeant(name));
    if (this.#byName.size >= MAX_REMEMBERED_NAMES) this.#byName.clear();
    this.#byName.set(name, found);
    return found;
  }

  rates(name: string, atMs: number): Rates | undefined {
    const entry = this.find(name);
    if (entry === undefined) return undefined;
    let dated = this.#rates.get(entry);
    if (dated === undefined) {
      dated = datedRates(entry.model.prices, this.#version);
      this.#rates.set(entry, dated);
    }
    return dated.findLast((period) => holdsAt(period, atMs))?.rates;
  }

  ratesWithoutTools(name: string, atMs: number): Rates | undefined {
    const rates = this.rates(name, atMs);
    if (rates === undefined) return undefined;
    let own = this.#withoutTools.get(rates);
    if (own === undefined) {
      own = { ...rates, serverTools: {} };
      this.#withoutTools.set(rates, own);
    }
    return own;
  }
}

/**
 * Whose prices hold for models that a kind sells without being in its own list: Azure's global deployments
 * cost what OpenAI asks, Claude on Vertex's global endpoint what Anthropic asks (prices of both, 2026-11).
 * What else the maker charges for, such as its tools, is not taken over: there the seller has its own.
 */
const SOLD_FOR: Readonly<Record<string, string>> = {
  "azure-openai": "openai",
  vertex: "anthropic",
};

/** Makes a catalogue from its written form. */
export function createCatalogue(file: CatalogueFile): Catalogue {
  const version = `catalogue:${file.date}`;
  const models = new Map(Object.entries(file.kinds));
  const vendors = new Map<string, VendorCatalogue>();
  // Made when first asked for: few configurations use every vendor.
  const vendor = (kind: string): VendorCatalogue | undefined => {
    const written = models.get(kind);
    if (written === undefined) return undefined;
    let made = vendors.get(kind);
    if (made === undefined) {
      made = new VendorCatalogue(written, version);
      vendors.set(kind, made);
    }
    return made;
  };
  const maker = (kind: string) => vendor(SOLD_FOR[kind] ?? "");
  const find = (kind: string, model: string) =>
    vendor(kind)?.find(model) ?? maker(kind)?.find(model);
  return {
    version,
    knows: (kind, model) => find(kind, model) !== undefined,
    models: (kind) => vendor(kind)?.names ?? [],
    purposeOf: purposeOfName,
    rates: (kind, model, atMs) =>
      vendor(kind)?.find(model) === undefined
        ? maker(kind)?.ratesWithoutTools(model, atMs)
        : vendor(kind)?.rates(model, atMs),
    limits: (kind, model) => {
      const window = find(kind, model)?.model.context_window;
      return window === undefined ? UNKNOWN_LIMITS : { inputTokens: window, outputTokens: 0 };
    },
  };
}

/** The catalogue that is shipped: the vendors' models as extracted, and the demo provider's own. */
export const CATALOGUE: Catalogue = createCatalogue({
  source: generated.source,
  date: generated.date,
  kinds: { ...generated.kinds, demo: DEMO_MODELS },
});
