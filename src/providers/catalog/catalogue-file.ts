// The written form of the catalogue: what the extraction writes and the look-ups read.

/** How model names are recognised. Letter case does not count, except in `regex`. */
export type NameRule =
  | { readonly or: readonly NameRule[] }
  | { readonly and: readonly NameRule[] }
  | { readonly equals: string }
  | { readonly starts_with: string }
  | { readonly ends_with: string }
  | { readonly contains: string }
  | { readonly regex: string };

/** US dollars a million tokens, as decimal text, by class. A class that is absent is unknown. */
export interface RateTexts {
  readonly input?: string;
  readonly cache_read?: string;
  readonly cache_read_audio?: string;
  readonly cache_read_image?: string;
  readonly cache_write_5m?: string;
  readonly cache_write_1h?: string;
  readonly output?: string;
  readonly input_audio?: string;
  readonly output_audio?: string;
  readonly input_image?: string;
  readonly output_image?: string;
}

/** Prices from a day on, until the next entry begins; or at some hours of every day, which win. */
export interface PricePeriod {
  /** First day (UTC) as `YYYY-MM-DD`; absent = since ever. */
  readonly from?: string;
  /** Hours of every day (UTC) as `HH:MM:SS`, the second exclusive. */
  readonly daily?: { readonly from: string; readonly to: string };
  readonly rates: RateTexts;
  /** Complete rates for calls with more input than this, cached input included; ascending. */
  readonly tiers?: readonly { readonly above_input_tokens: number; readonly rates: RateTexts }[];
  /** US dollars a thousand calls of tools that the vendor runs, as decimal text, by name. */
  readonly server_tools?: Readonly<Record<string, string>>;
}

/** A model that a vendor offers. */
export interface CatalogueModel {
  readonly match: NameRule;
  readonly context_window?: number;
  /** Oldest first; empty = known, but without a price that Sluice could apply. */
  readonly prices: readonly PricePeriod[];
  /** What the vendor also charges for and Sluice cannot count; the reason for empty `prices`. */
  readonly unmetered?: readonly string[];
}

/** A catalogue with where it comes from. */
export interface CatalogueFile {
  /** Where the facts were taken from, with version and licence. */
  readonly source: string;
  /** Day of the source's release, `YYYY-MM-DD`. */
  readonly date: string;
  /** Provider kind -> model -> facts. The first model whose rule matches a name wins. */
  readonly kinds: Readonly<Record<string, Readonly<Record<string, CatalogueModel>>>>;
}
