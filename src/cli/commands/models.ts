// `sluice models` and `sluice prices`: what a configuration offers and what it costs.

import { Command } from "commander";
import type { Json, JsonObject } from "#core/json.ts";
import { formatUsd, type PicoUsd } from "#core/money.ts";
import type { TokenRates } from "#core/pricing.ts";
import type { Snapshot } from "#snapshot/snapshot.ts";
import { CommandFault } from "../command-fault.ts";
import { type CommandContext, type GlobalOptions, printResult } from "../context.ts";
import { compileOffline } from "../offline-document.ts";
import { plainText, table } from "../terminal-text.ts";

interface Options extends GlobalOptions {
  readonly config?: string;
}

/** A rate a token times this many tokens is what people call a price; in nano-dollars. */
const NANO_PER_MILLION_TOKENS = 1000n;

const CONFIG = ["-c, --config <file>", "configuration file (default: as `sluice start`)"] as const;
const FILTER = ["[text...]", "only names that hold one of these"] as const;

/** Builds `sluice models`. */
export function modelsCommand(context: CommandContext): Command {
  return new Command("models")
    .summary("list the models that a configuration offers")
    .description(
      "Virtual models and every `provider/model` that a caller without an allow-list may ask for.",
    )
    .argument(...FILTER)
    .option(...CONFIG)
    .action(async (texts: string[], _: unknown, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const { listedModels } = await compiled(context, options);
      const rows = listedModels
        .filter(({ id }) => isWanted(id, texts))
        .map(({ id, ownedBy, inputTokens, outputTokens }) => ({
          model: id,
          provider: ownedBy,
          context_tokens: inputTokens === 0 ? null : inputTokens,
          output_tokens: outputTokens === 0 ? null : outputTokens,
        }));
      print(context, options, ["model", "provider", "context_tokens", "output_tokens"], rows);
    });
}

/** Builds `sluice prices`. */
export function pricesCommand(context: CommandContext): Command {
  return new Command("prices")
    .summary("list prices in US dollars a million tokens")
    .description(
      "Prices in force today: those of the configuration win over the catalogue, field by field.",
    )
    .argument(...FILTER)
    .option(...CONFIG)
    .action(async (texts: string[], _: unknown, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const snapshot = await compiled(context, options);
      const rows = snapshot.listedModels
        .filter(({ id, ownedBy }) => snapshot.providers.has(ownedBy) && isWanted(id, texts))
        .flatMap(({ id, ownedBy }) =>
          priceRows(snapshot, id, ownedBy, context.environment.startedAtMs),
        );
      const columns = [
        "model",
        "input",
        "cache_read",
        "cache_write_5m",
        "cache_write_1h",
        "output",
      ];
      print(context, options, [...columns, "above_input_tokens", "source"], rows);
    });
}

/** One row, and one more a tier. A model without a price has a row that says so. */
function priceRows(
  snapshot: Snapshot,
  id: string,
  provider: string,
  nowMs: number,
): readonly JsonObject[] {
  const rates = snapshot.rates(provider, id.slice(provider.length + 1), nowMs);
  if (rates === undefined) return [{ model: id, source: "unknown" }];
  const { base, tiers, version } = rates;
  return [
    { model: id, ...priceFields(base), above_input_tokens: null, source: version },
    ...tiers.map((tier) => ({
      model: id,
      ...priceFields(tier.rates),
      above_input_tokens: tier.aboveInputTokens,
      source: version,
    })),
  ];
}

function priceFields(rates: TokenRates): JsonObject {
  return {
    input: price(rates.input),
    cache_read: price(rates.cacheRead),
    cache_write_5m: price(rates.cacheWrite5m),
    cache_write_1h: price(rates.cacheWrite1h),
    output: price(rates.output),
  };
}

function price(rate: PicoUsd | undefined): string | null {
  return rate === undefined ? null : formatUsd(rate * NANO_PER_MILLION_TOKENS);
}

async function compiled(context: CommandContext, options: Options): Promise<Snapshot> {
  const { name, result } = await compileOffline(options.config, context.environment.startedAtMs);
  if (result.ok) return result.snapshot;
  throw new CommandFault(1, `${name} has errors; \`sluice check\` lists them`);
}

function isWanted(id: string, texts: readonly string[]): boolean {
  return texts.length === 0 || texts.some((text) => id.includes(text));
}

function print(
  context: CommandContext,
  options: Options,
  columns: readonly string[],
  rows: readonly JsonObject[],
): void {
  const json: Json = { data: rows.map((row) => ({ ...row })) };
  const cells = () => rows.map((row) => columns.map((name) => plainText(row[name])));
  printResult(context, options, { json, text: () => table(columns, cells()) });
}
