// Turns the price data of `@pydantic/genai-prices` into our own catalogue: exact decimal texts instead
// of floats, the token classes that Sluice counts, and what the vendors document but the data lacks.

import type { MatchLogic, ModelInfo, ModelPrice, Provider } from "@pydantic/genai-prices";
import { picoPerToken } from "#core/money.ts";
import type {
  CatalogueFile,
  CatalogueModel,
  NameRule,
  PricePeriod,
  RateTexts,
} from "#providers/catalog/catalogue-file.ts";

/** The package's ids of the providers that we have kinds for. */
export const SOURCE_PROVIDERS = {
  openai: "openai",
  anthropic: "anthropic",
  gemini: "google",
  "azure-openai": "azure",
  bedrock: "aws",
  vertex: "google",
  mistral: "mistral",
  cohere: "cohere",
  groq: "groq",
  deepseek: "deepseek",
  xai: "x-ai",
  openrouter: "openrouter",
  voyage: "voyageai",
  together: "together",
  fireworks: "fireworks",
  cerebras: "cerebras",
  perplexity: "perplexity",
  moonshot: "moonshotai",
  zai: "zai",
};

type RateName = keyof RateTexts;
type SourceValue = ModelPrice[string];

/** Price keys of the source that are rates of ours. */
const RATE_KEYS: ReadonlyMap<string, RateName> = new Map([
  ["input_mtok", "input"],
  ["cache_read_mtok", "cache_read"],
  ["cache_audio_read_mtok", "cache_read_audio"],
  ["cache_image_read_mtok", "cache_read_image"],
  ["cache_write_mtok", "cache_write_5m"],
  ["cache_write_1h_mtok", "cache_write_1h"],
  ["output_mtok", "output"],
  ["input_audio_mtok", "input_audio"],
  ["output_audio_mtok", "output_audio"],
  ["input_image_mtok", "input_image"],
  ["output_image_mtok", "output_image"],
]);

/** Price keys of the source that are calls of the vendor's own tools, by the vendor's name for them. */
const TOOL_KEYS: ReadonlyMap<string, string> = new Map([
  ["web_searches_kcount", "web_search"],
  ["storage_searches_kcount", "file_search"],
]);

/** Sound that is billed by the hour it lasts, twice over: in all and as input. */
const HOUR_KEYS: ReadonlySet<string> = new Set(["audio_hours", "input_audio_hours"]);
/** What such sound is counted in, among what is billed by the piece. */
const AUDIO_SECONDS = "audio_seconds";

/** What Sluice cannot count: a model with such a price is known, but has no price here. */
const UNMETERED_KEYS: ReadonlySet<string> = new Set([
  "input_video_mtok",
  "output_video_mtok",
  "input_document_kpages",
  "input_annotated_document_kpages",
  "input_text_messages_kcount",
  "output_citation_mtok",
  "requests_kcount",
]);
/** Reasoning at a price of its own: our counters are priced as a whole, so that only the same price will do. */
const REASONING_KEY = "output_reasoning_mtok";

/** The rest of what Azure sells is reached by another API. */
const OPENAI_NAMES = /^(?:o\d|gpt-|text-embedding-|codex|ada$|babbage$|curie$|davinci$)/;

/** Not a model of the vendor's own API at the vendor's own price. */
function isForeign(kind: string, model: ModelInfo): boolean {
  if (/^(imported from|seen on) openrouter/i.test(model.price_comments ?? "")) return true;
  if (kind === "openai") return model.id.includes(":extended");
  if (kind === "gemini") return model.id.startsWith("claude") || model.id.endsWith("-maas");
  if (kind === "azure-openai") return !OPENAI_NAMES.test(model.id);
  // What is free of charge on Google's other API is billed as hardware here.
  if (kind === "vertex") return model.id.startsWith("gemma") && !model.id.endsWith("-maas");
  return false;
}

/**
 * The catalogue in our own form.
 * @param providers the source's provider of each kind
 * @throws Error when the source holds something that the catalogue cannot say exactly
 */
export function extractCatalogue(
  providers: ReadonlyMap<string, Provider>,
  origin: { readonly source: string; readonly date: string },
): CatalogueFile {
  const kinds: Record<string, Record<string, CatalogueModel>> = {};
  for (const [kind, provider] of providers) {
    const models: Record<string, CatalogueModel> = {};
    for (const model of provider.models) {
      if (!isForeign(kind, model)) models[idOf(kind, model)] = extractModel(kind, model);
    }
    kinds[kind] = models;
  }
  return { ...origin, kinds };
}

/** The vendor's own name, where the source has made one up: `regional.` and names turned round. */
function idOf(kind: string, { id }: ModelInfo): string {
  if (kind === "bedrock") return id.replace(/^regional\./, "");
  if (kind === "zai") return id.toLowerCase();
  if (kind === "openai" && id === MODERATION) return "omni-moderation-latest";
  return kind === "vertex" ? id.replace(/^claude-4-(opus|sonnet)$/, "claude-$1-4") : id;
}

/** At Bedrock the maker stands in every name: without it, it is a name of the maker's own API. */
const WITH_MAKER: NameRule = { regex: "(?:^|[./:])[a-z0-9-]+\\.[a-z]" };

/** The catalogue as text, one model a line, so that a change of a price is a change of a line. */
export function catalogueText(file: CatalogueFile): string {
  const kinds = Object.entries(file.kinds).map(([kind, models]) => {
    const lines = Object.entries(models).map(
      ([id, model]) => `      ${JSON.stringify(id)}: ${JSON.stringify(model)}`,
    );
    return `    ${JSON.stringify(kind)}: {\n${lines.join(",\n")}\n    }`;
  });
  const head = `  "source": ${JSON.stringify(file.source)},\n  "date": ${JSON.stringify(file.date)}`;
  return `{\n${head},\n  "kinds": {\n${kinds.join(",\n")}\n  }\n}\n`;
}

function extractModel(kind: string, model: ModelInfo): CatalogueModel {
  const periods = Array.isArray(model.prices)
    ? model.prices.map(({ constraint, prices }) => ({ when: timeOf(model, constraint), prices }))
    : [{ when: {}, prices: model.prices }];
  const keys = new Set(periods.flatMap((period) => keysOf(period.prices)));
  // Claude's cache has the same prices relative to its input wherever it is sold.
  const vendor = model.id.includes("claude") ? "anthropic" : kind;
  const isInexact = periods.some(({ prices }) => !isTimeExact(prices));
  const unmetered = [...keys].filter(
    (key) => UNMETERED_KEYS.has(key) || key === REASONING_KEY || (HOUR_KEYS.has(key) && isInexact),
  );
  const prices =
    unmetered.length > 0
      ? []
      : periods.flatMap((period) => extractPeriod(vendor, period.when, period.prices));
  const match = nameRule(model.match);
  const isRouters = kind === ROUTER && FREE.test(model.id);
  const isFree = prices.length === 0 && (isRouters || model.id === MODERATION);
  return {
    match: kind === "bedrock" ? { and: [WITH_MAKER, match] } : match,
    ...(model.context_window === undefined ? {} : { context_window: model.context_window }),
    prices: isFree ? [FREE_PERIOD] : prices,
    ...(unmetered.length === 0 ? {} : { unmetered }),
  };
}

/** The keys of a price, without reasoning that costs what all output costs. */
function keysOf(prices: ModelPrice): string[] {
  const isTheSame = prices[REASONING_KEY] === prices.output_mtok;
  return Object.keys(prices).filter((key) => key !== REASONING_KEY || !isTheSame);
}

/** When a price holds: from a day on, or at hours of every day. */
function timeOf(
  model: ModelInfo,
  constraint: PriceConstraint,
): Pick<PricePeriod, "from" | "daily"> {
  if (constraint === undefined) return {};
  const { start_date: from, start_time: start, end_time: end } = constraint;
  if (constraint.type === "start_date" && from !== undefined) return { from };
  if (constraint.type === "time_of_date" && start !== undefined && end !== undefined) {
    return { daily: { from: utcTime(model, start), to: utcTime(model, end) } };
  }
  throw new Error(`${model.id}: prices with a constraint of type ${constraint.type}`);
}

type PriceConstraint =
  | {
      readonly type: string;
      readonly start_date?: string;
      readonly start_time?: string;
      readonly end_time?: string;
    }
  | undefined;

function utcTime(model: ModelInfo, text: string): string {
  const [, time] = /^(\d\d:\d\d:\d\d)Z$/.exec(text) ?? [];
  if (time === undefined)
    throw new Error(`${model.id}: prices from ${text} on, which is no UTC time`);
  return time;
}

function extractPeriod(
  kind: string,
  when: Pick<PricePeriod, "from" | "daily">,
  prices: ModelPrice,
): readonly PricePeriod[] {
  const base: Partial<Record<RateName, string>> = {};
  const steps = new Map<number, Partial<Record<RateName, string>>>();
  const tools: Record<string, string> = {};
  for (const [key, value] of Object.entries(prices)) {
    if (value === undefined || key === REASONING_KEY) continue;
    if (HOUR_KEYS.has(key)) {
      tools[AUDIO_SECONDS] = perThousandSeconds(value) ?? "";
      continue;
    }
    // A class without a rate is unknown, and a call that uses it is flagged: better than nearly right.
    if (kind === ROUTER && typeof value === "number" && !isExact(value)) continue;
    const rate = RATE_KEYS.get(key);
    const tool = TOOL_KEYS.get(key);
    if (rate !== undefined) collectRate(rate, value, base, steps);
    else if (tool !== undefined && typeof value === "number") tools[tool] = exactDecimal(value);
    else throw new Error(`price key ${key} has no place in the catalogue`);
  }
  if (Object.keys(base).length === 0 && Object.keys(tools).length === 0) return [];
  const complete = kind === "anthropic" ? withCacheWrites : (rates: RateTexts) => rates;
  if (kind === "anthropic" && tools["web_search"] !== undefined) {
    // Fetching pages costs nothing but its tokens (platform.claude.com, web fetch tool, 2026-11).
    tools["web_fetch"] = "0";
  }
  const tiers = tiersOf(base, steps).map((tier) => ({ ...tier, rates: complete(tier.rates) }));
  return [
    {
      ...when,
      rates: complete(base),
      ...(tiers.length === 0 ? {} : { tiers }),
      ...(Object.keys(tools).length === 0 ? {} : { server_tools: tools }),
    },
  ];
}

function collectRate(
  rate: RateName,
  value: Exclude<SourceValue, undefined>,
  base: Partial<Record<RateName, string>>,
  steps: Map<number, Partial<Record<RateName, string>>>,
): void {
  if (typeof value === "number") {
    base[rate] = exactDecimal(value);
    return;
  }
  base[rate] = exactDecimal(value.base);
  for (const tier of value.tiers) {
    const step = steps.get(tier.start) ?? {};
    step[rate] = exactDecimal(tier.price);
    steps.set(tier.start, step);
  }
}

/** Dollars an hour as dollars a thousand seconds; undefined where that is no decimal of six digits. */
function perThousandSeconds(value: SourceValue): string | undefined {
  const millionths = typeof value === "number" ? picoPerToken(String(value)) : undefined;
  if (millionths === undefined || (millionths * 10n) % 36n !== 0n) return undefined;
  return decimalText((millionths * 10n) / 36n);
}

function isTimeExact(prices: ModelPrice): boolean {
  return [...HOUR_KEYS].every(
    (key) => prices[key] === undefined || perThousandSeconds(prices[key]) !== undefined,
  );
}

/** Whole tables of rates from steps of single rates: what a step does not name stays as it was. */
function tiersOf(
  base: RateTexts,
  steps: ReadonlyMap<number, RateTexts>,
): { above_input_tokens: number; rates: RateTexts }[] {
  let rates = base;
  return [...steps.entries()]
    .sort(([left], [right]) => left - right)
    .map(([start, step]) => {
      rates = { ...rates, ...step };
      return { above_input_tokens: start, rates };
    });
}

/** Cache writes cost 1.25 times (5 minutes) and twice (1 hour) the input (platform.claude.com, prompt caching, 2026-11). */
function withCacheWrites(rates: RateTexts): RateTexts {
  if (rates.input === undefined) return rates;
  return {
    ...rates,
    cache_write_5m: rates.cache_write_5m ?? timesHundredths(rates.input, 125n),
    cache_write_1h: rates.cache_write_1h ?? timesHundredths(rates.input, 200n),
  };
}

function timesHundredths(text: string, hundredths: bigint): string {
  const pico = picoPerToken(text);
  if (pico === undefined || (pico * hundredths) % 100n !== 0n) {
    throw new Error(`${text} times ${hundredths}/100 is not exact`);
  }
  return decimalText((pico * hundredths) / 100n);
}

/** Millionths as a decimal text. */
function decimalText(millionths: bigint): string {
  const digits = millionths.toString().padStart(7, "0");
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`.replace(/\.?0+$/, "");
}

/** The source's name for OpenAI's moderation models, which are free of charge (platform.openai.com, 2026-11). */
const MODERATION = "moderation";

/** It passes on prices of others, some of them quotients that no decimal text says exactly. */
const ROUTER = "openrouter";
/** Models of the router that cost nothing, as their names say. */
const FREE = /:free$/;
const FREE_PERIOD: PricePeriod = { rates: { input: "0", output: "0" } };

function isExact(value: number): boolean {
  return picoPerToken(String(value)) !== undefined;
}

/** The shortest decimal that reads back as the same float is what the source's authors wrote. */
function exactDecimal(value: number): string {
  const text = String(value);
  if (picoPerToken(text) === undefined || Number(text) !== value) {
    throw new Error(`price ${text} cannot be written as an exact number of pico-dollars a token`);
  }
  return text;
}

/** The source's rule, checked to be one that the look-ups understand. */
function nameRule(rule: MatchLogic): NameRule {
  if ("or" in rule) return { or: rule.or.map(nameRule) };
  if ("and" in rule) return { and: rule.and.map(nameRule) };
  if ("equals" in rule) return { equals: rule.equals };
  if ("starts_with" in rule) return { starts_with: rule.starts_with };
  if ("ends_with" in rule) return { ends_with: rule.ends_with };
  if ("contains" in rule) return { contains: rule.contains };
  if ("regex" in rule) return { regex: new RegExp(rule.regex).source };
  throw new Error(`unknown name rule ${JSON.stringify(rule)}`);
}
