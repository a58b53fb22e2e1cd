// The shipped catalogue: totals known from invoices, names, days, and a bounded memory.

import { describe, expect, test } from "bun:test";
import { formatUsd } from "#core/money.ts";
import { costOf } from "#core/pricing.ts";
import { type Usage, usage } from "#core/usage.ts";
import generated from "./catalogue.generated.json" with { type: "json" };
import { CATALOGUE, createCatalogue } from "./catalogue.ts";
import type { CatalogueFile } from "./catalogue-file.ts";

const TODAY = Date.parse("2026-11-22T12:00:00Z");

function cost(kind: string, model: string, used: Partial<Usage>, atMs = TODAY): string | undefined {
  const rates = CATALOGUE.rates(kind, model, atMs);
  if (rates === undefined) return undefined;
  const nano = costOf(usage(used), rates);
  return nano === undefined ? undefined : formatUsd(nano);
}

describe("totals known from invoices", () => {
  test("Sonnet 3.7 with a cache write costs exactly $0.054399", () => {
    const used = { inputTokens: 3, cacheWrite5mTokens: 12_304, outputTokens: 550 };
    for (const model of ["claude-3-7-sonnet-20250219", "claude-3-7-sonnet-latest"]) {
      expect(cost("anthropic", model, used)).toBe("0.054399");
    }
  });

  test("Opus 4.7 with a large cache write costs exactly $1.06376125", () => {
    const used = { inputTokens: 6, cacheWrite5mTokens: 159_217, outputTokens: 2745 };
    expect(cost("anthropic", "claude-opus-4-7", used)).toBe("1.06376125");
  });
});

describe("names", () => {
  test.each([
    ["openai", "gpt-4o-2024-08-06", "gpt-4o"],
    ["openai", "gpt-5-mini-2025-08-07", "gpt-5-mini"],
    ["openai", "gpt-5.6", "gpt-5.6-sol"],
    ["openai", "o3-mini-2025-01-31", "o3-mini"],
    ["anthropic", "claude-haiku-4-5-20251001", "claude-haiku-4-5"],
    ["anthropic", "claude-sonnet-4-20250514", "claude-sonnet-4-0"],
    ["anthropic", "claude-opus-5-20260801", "claude-opus-5"],
    ["gemini", "gemini-2.5-flash-latest", "gemini-2.5-flash"],
    ["gemini", "gemini-3-flash-preview-0901", "gemini-3-flash-preview"],
  ])("%s: %s is priced as %s", (kind, dated, plain) => {
    const rates = CATALOGUE.rates(kind, dated, TODAY);
    expect(rates).toBeDefined();
    expect(rates).toBe(CATALOGUE.rates(kind, plain, TODAY));
  });

  test("do not run into their neighbours", () => {
    const million = { inputTokens: 1_000_000 };
    expect(cost("openai", "gpt-4o", million)).toBe("2.5");
    expect(cost("openai", "gpt-4o-2024-05-13", million)).toBe("5");
    expect(cost("openai", "gpt-4o-mini", million)).toBe("0.15");
    expect(cost("anthropic", "claude-opus-4-5", million)).toBe("5");
    expect(cost("anthropic", "claude-opus-4", million)).toBe("15");
  });

  test("are compared without regard to letter case", () => {
    expect(CATALOGUE.knows("anthropic", "Claude-Haiku-4-5")).toBe(true);
  });

  test("that nobody offers are unknown and have no price", () => {
    for (const model of ["", "gpt-99", "__proto__", "constructor", "gpt-4o".repeat(100)]) {
      expect(CATALOGUE.knows("openai", model)).toBe(false);
      expect(CATALOGUE.rates("openai", model, TODAY)).toBeUndefined();
      expect(CATALOGUE.limits("openai", model)).toEqual({ inputTokens: 0, outputTokens: 0 });
    }
    expect(CATALOGUE.knows("__proto__", "gpt-4o")).toBe(false);
    expect(CATALOGUE.knows("", "gpt-4o")).toBe(false);
    expect(CATALOGUE.models("constructor")).toEqual([]);
  });

  test("of one vendor are unknown to the others, so that a bare name is not ambiguous", () => {
    for (const kind of ["openai", "anthropic", "gemini", "demo"]) {
      for (const other of ["openai", "anthropic", "gemini", "demo"]) {
        if (kind === other) continue;
        const shared = CATALOGUE.models(kind).filter((model) => CATALOGUE.knows(other, model));
        expect(shared).toEqual([]);
      }
    }
  });

  test("in the list all resolve to an entry", () => {
    for (const kind of ["openai", "anthropic", "gemini", "demo"]) {
      expect(CATALOGUE.models(kind).length).toBeGreaterThan(7);
      for (const model of CATALOGUE.models(kind)) expect(CATALOGUE.knows(kind, model)).toBe(true);
    }
    expect(CATALOGUE.models("openai")).toContain("gpt-4o-mini");
    expect(CATALOGUE.models("openai").filter((name) => /^ft:|-$/.test(name))).toEqual([]);
  });

  test("still resolve after more others than are remembered", () => {
    const catalogue = createCatalogue({
      source: "test",
      date: "2026-01-01",
      kinds: { a: { m: { match: { starts_with: "m" }, prices: [{ rates: { input: "1" } }] } } },
    });
    const first = catalogue.rates("a", "m", TODAY);
    for (let index = 0; index < 10_000; index += 1) catalogue.knows("a", `m-${index}`);
    expect(catalogue.rates("a", "m", TODAY)).toBe(first as NonNullable<typeof first>);
  });
});

describe("what is not billed by the token", () => {
  test("sound costs what its seconds cost", () => {
    const used = { serverToolRequests: { audio_seconds: 90 } };
    expect(cost("openai", "whisper-1", used)).toBe("0.009");
    expect(cost("openai", "whisper-1", { ...used, inputTokens: 1 })).toBeUndefined();
  });

  test("moderations are free at OpenAI", () => {
    for (const model of [
      "omni-moderation-latest",
      "omni-moderation-2024-09-26",
      "text-moderation-stable",
    ]) {
      expect(cost("openai", model, { inputTokens: 1_000 })).toBe("0");
    }
  });

  test("sound out of a cache costs its own price", () => {
    const cached = { cacheReadTokens: 1_000_000, cacheReadAudioTokens: 400_000 };
    // 600,000 at $0.03 and 400,000 at $0.10.
    expect(cost("gemini", "gemini-2.5-flash", cached)).toBe("0.058");
    expect(cost("gemini", "gemini-2.5-flash", { cacheReadTokens: 1_000_000 })).toBe("0.03");
  });
});

describe("days", () => {
  const million = { inputTokens: 1_000_000 };

  test("a price holds from the start of its first day in UTC", () => {
    expect(cost("openai", "o3", million, Date.parse("2025-06-09T23:59:59.999Z"))).toBe("10");
    expect(cost("openai", "o3", million, Date.parse("2025-06-10T00:00:00.000Z"))).toBe("2");
  });

  test("a price that is announced does not hold yet", () => {
    expect(cost("gemini", "gemini-3.6-flash", million)).toBe("0.75");
    expect(cost("gemini", "gemini-3.6-flash", million, Date.parse("2027-01-01"))).toBe("1.5");
  });

  test("tiers come and go with the day", () => {
    const long = { inputTokens: 200_001 };
    const before = Date.parse("2026-03-01");
    expect(cost("anthropic", "claude-opus-4-6", long, before)).toBe("2.00001");
    expect(cost("anthropic", "claude-opus-4-6", long)).toBe("1.000005");
  });

  test("without any price that had begun the cost is unknown", () => {
    const catalogue = createCatalogue({
      source: "test",
      date: "2026-01-01",
      kinds: {
        a: {
          m: { match: { equals: "m" }, prices: [{ from: "2026-06-01", rates: { input: "1" } }] },
        },
      },
    });
    expect(catalogue.rates("a", "m", Date.parse("2026-05-31"))).toBeUndefined();
    expect(catalogue.rates("a", "m", Date.parse("2026-06-01"))).toBeDefined();
  });
});

describe("tiers", () => {
  test.each([
    [199_999, "0.599997"],
    [200_000, "0.6"],
    [200_001, "1.200006"],
  ])("Sonnet 4.5 with %p input tokens costs $%s", (inputTokens, dollars) => {
    expect(cost("anthropic", "claude-sonnet-4-5", { inputTokens })).toBe(dollars);
  });

  test("count cached input, and price it by the tier", () => {
    const below = { inputTokens: 99_999, cacheReadTokens: 100_000 };
    expect(cost("anthropic", "claude-sonnet-4-5", below)).toBe("0.329997");
    const above = { inputTokens: 100_001, cacheReadTokens: 100_000 };
    expect(cost("anthropic", "claude-sonnet-4-5", above)).toBe("0.660006");
  });
});

describe("classes", () => {
  test("every Claude model has a price for both cache writes: 1.25 and 2 times the input", () => {
    for (const model of CATALOGUE.models("anthropic")) {
      const base = CATALOGUE.rates("anthropic", model, TODAY)?.base;
      expect(base?.input).toBeGreaterThan(0n);
      const input = base?.input ?? 0n;
      expect(base?.cacheWrite1h).toBe(input * 2n);
      // Haiku 3 is published with a rounded price for the short write.
      if (model !== "claude-3-haiku") expect(base?.cacheWrite5m).toBe((input * 125n) / 100n);
    }
  });

  test("web searches cost a cent each, and reading a page nothing", () => {
    const used = { serverToolRequests: { web_search: 3, web_fetch: 5 } };
    expect(cost("anthropic", "claude-opus-5", used)).toBe("0.03");
  });

  test("images that a model makes have their own price", () => {
    const used = { outputTokens: 1_000_000, outputImageTokens: 1_000_000 };
    expect(cost("gemini", "gemini-2.5-flash-image", used)).toBe("30");
  });

  test("embeddings cost input only", () => {
    expect(cost("openai", "text-embedding-3-small", { inputTokens: 1_000_000 })).toBe("0.02");
    expect(cost("openai", "text-embedding-3-small", { outputTokens: 1 })).toBeUndefined();
  });

  test("a model whose price by the hour is no decimal by the second is known but has no price", () => {
    expect(CATALOGUE.knows("groq", "whisper-large-v3")).toBe(true);
    expect(CATALOGUE.rates("groq", "whisper-large-v3", TODAY)).toBeUndefined();
  });
});

test("the context window is told where it is known", () => {
  expect(CATALOGUE.limits("openai", "gpt-4o-2024-08-06").inputTokens).toBe(128_000);
  expect(CATALOGUE.limits("gemini", "gemini-2.5-pro").inputTokens).toBe(0);
});

test("prices name the catalogue that they come from", () => {
  expect(CATALOGUE.version).toBe("catalogue:2026-09-23");
  expect(CATALOGUE.rates("demo", "echo", TODAY)?.version).toBe(CATALOGUE.version);
});

test("every price in the file is an exact decimal and every rule can be used", () => {
  const file: CatalogueFile = generated;
  for (const [kind, models] of Object.entries(file.kinds)) {
    for (const [id, model] of Object.entries(models)) {
      const found = CATALOGUE.rates(kind, id, Number.MAX_SAFE_INTEGER);
      if (model.prices.length > 0 && CATALOGUE.models(kind).includes(id)) {
        expect(found).toBeDefined();
      }
    }
  }
  expect(JSON.stringify(file)).not.toMatch(/"(input|output|cache_\w+)":\d/);
});

describe("prices by the hour", () => {
  test("hold within their hours of every day, and others do outside of them", () => {
    const used = { inputTokens: 1_000_000, outputTokens: 1_000_000 };
    const at = (time: string) =>
      cost("deepseek", "deepseek-v4-pro", used, Date.parse(`2026-11-22T${time}Z`));
    expect(at("00:59:59.999")).toBe("2.64");
    expect(at("01:00:00")).toBe("5.28");
    expect(at("03:59:59.999")).toBe("5.28");
    expect(at("04:00:00")).toBe("2.64");
    expect(at("09:00:00")).toBe("5.28");
  });
});

describe("vendors that imitate others", () => {
  const used = { inputTokens: 1_000_000, outputTokens: 1_000_000 };

  test.each([
    ["groq", "openai/gpt-oss-120b"],
    ["mistral", "mistral-large-latest"],
    ["cohere", "command-r7b-12-2024"],
    ["xai", "grok-4-0709"],
    ["openrouter", "anthropic/claude-sonnet-4.5"],
    ["moonshot", "kimi-k2-thinking"],
    ["zai", "glm-5.2"],
  ])("%s has a price for %s", (kind, model) => {
    expect(cost(kind, model, used)).toMatch(/^\d+(?:\.\d+)?$/);
  });

  test("are free only where the name says so, and unknown where they bill what nobody counts", () => {
    expect(cost("openrouter", "agentica-org/deepcoder-14b-preview:free", used)).toBe("0");
    expect(cost("perplexity", "sonar-pro", used)).toBeUndefined();
    expect(cost("groq", "whisper-large-v3", used)).toBeUndefined();
  });
});
