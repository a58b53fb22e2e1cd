// The extraction of prices: exact, complete, and the same again from the installed package.

import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import type { ModelInfo, Provider } from "@pydantic/genai-prices";
import { catalogueText, extractCatalogue } from "./catalogue-extraction.ts";

const CATALOGUE = new URL("../src/providers/catalog/catalogue.generated.json", import.meta.url);
const PACKAGE = new URL("../node_modules/@pydantic/genai-prices/package.json", import.meta.url);

function extract(kind: string, model: Omit<ModelInfo, "id" | "match">) {
  const provider: Provider = {
    id: kind,
    name: kind,
    api_pattern: "",
    models: [{ id: "m", match: { equals: "m" }, ...model }],
  };
  const file = extractCatalogue(new Map([[kind, provider]]), { source: "s", date: "2026-01-01" });
  return file.kinds[kind]?.["m"];
}

describe("the catalogue", () => {
  test.skipIf(!existsSync(PACKAGE))("comes out of the installed package again", async () => {
    const { catalogueFromPackage } = await import("./extract-catalogue.ts");
    const shipped = readFileSync(CATALOGUE, "utf8");
    const { date } = JSON.parse(shipped) as { date: string };
    expect(catalogueFromPackage(date)).toBe(shipped);
  });

  test("is text that reads back as the same catalogue", () => {
    const file = extractCatalogue(new Map(), { source: "s", date: "2026-01-01" });
    expect(JSON.parse(catalogueText(file))).toEqual(file);
  });
});

describe("the extraction", () => {
  test("writes prices as the decimals that were meant", () => {
    const prices = { input_mtok: 0.1, cache_read_mtok: 0.01875, output_mtok: 3.125 };
    expect(extract("openai", { prices })?.prices).toEqual([
      { rates: { input: "0.1", cache_read: "0.01875", output: "3.125" } },
    ]);
  });

  test("refuses a price that is no exact number of pico-dollars", () => {
    for (const input_mtok of [0.1 + 0.2, 1e-7, Number.NaN, -1]) {
      expect(() => extract("openai", { prices: { input_mtok } })).toThrow("exact");
    }
  });

  test("refuses a price key that it has no place for", () => {
    expect(() => extract("openai", { prices: { input_smell_mtok: 1 } })).toThrow("input_smell");
  });

  test("makes whole tables out of tiers of single rates", () => {
    const input_mtok = {
      base: 1,
      tiers: [
        { start: 100, price: 2 },
        { start: 200, price: 3 },
      ],
    };
    const output_mtok = { base: 5, tiers: [{ start: 200, price: 6 }] };
    const prices = { input_mtok, output_mtok, cache_read_mtok: 0.5 } as ModelInfo["prices"];
    expect(extract("openai", { prices })?.prices[0]?.tiers).toEqual([
      { above_input_tokens: 100, rates: { input: "2", output: "5", cache_read: "0.5" } },
      { above_input_tokens: 200, rates: { input: "3", output: "6", cache_read: "0.5" } },
    ]);
  });

  test("keeps the days and the hours that prices hold at and refuses other conditions", () => {
    const later = { type: "start_date", start_date: "2026-03-13" } as const;
    const periods = extract("openai", {
      prices: [{ prices: { input_mtok: 2 } }, { constraint: later, prices: { input_mtok: 1 } }],
    })?.prices;
    expect(periods).toEqual([
      { rates: { input: "2" } },
      { from: "2026-03-13", rates: { input: "1" } },
    ]);
    const nightly = (end_time: string) => {
      const constraint = { type: "time_of_date", start_time: "00:30:00Z", end_time } as const;
      return extract("openai", { prices: [{ constraint, prices: { input_mtok: 1 } }] })?.prices;
    };
    expect(nightly("06:00:00Z")).toEqual([
      { daily: { from: "00:30:00", to: "06:00:00" }, rates: { input: "1" } },
    ]);
    expect(() => nightly("06:00:00+02:00")).toThrow("no UTC time");
  });
});

describe("what few vendors have", () => {
  test("prices reasoning only where it costs what all output costs", () => {
    const same = { input_mtok: 1, output_mtok: 4, output_reasoning_mtok: 4 };
    expect(extract("openai", { prices: same })?.prices).toEqual([
      { rates: { input: "1", output: "4" } },
    ]);
    expect(extract("openai", { prices: { ...same, output_reasoning_mtok: 3 } })).toMatchObject({
      prices: [],
      unmetered: ["output_reasoning_mtok"],
    });
  });

  test("leaves out of a router's prices what no decimal says", () => {
    const prices = { input_mtok: 1, cache_write_mtok: 1 / 12 };
    expect(extract("openrouter", { prices })?.prices).toEqual([{ rates: { input: "1" } }]);
  });
});

describe("where the source falls short", () => {
  test("Claude's cache writes are added, and those it has are kept", () => {
    expect(extract("anthropic", { prices: { input_mtok: 3, output_mtok: 15 } })?.prices).toEqual([
      { rates: { input: "3", output: "15", cache_write_5m: "3.75", cache_write_1h: "6" } },
    ]);
    const published = { input_mtok: 0.25, cache_write_mtok: 0.3 };
    expect(extract("anthropic", { prices: published })?.prices[0]?.rates).toEqual({
      input: "0.25",
      cache_write_5m: "0.3",
      cache_write_1h: "0.5",
    });
    expect(extract("openai", { prices: { input_mtok: 3 } })?.prices[0]?.rates).toEqual({
      input: "3",
    });
  });

  test("a model that also charges for what cannot be counted gets no price", () => {
    const model = extract("gemini", { prices: { input_mtok: 1, input_video_mtok: 9 } });
    expect(model?.prices).toEqual([]);
    expect(model?.unmetered).toEqual(["input_video_mtok"]);
  });

  test("no price is not a price of zero", () => {
    expect(extract("gemini", { prices: {} })?.prices).toEqual([]);
  });

  test("a model whose price is not the vendor's own is left out", () => {
    const prices = { input_mtok: 1 };
    expect(
      extract("openai", { prices, price_comments: "Imported from OpenRouter pricing; verify" }),
    ).toBeUndefined();
  });
});
