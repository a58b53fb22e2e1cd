// Pricing: exact costs, tiers, and prices that are never assumed to be nothing.

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { formatUsd, picoToNano } from "./money.ts";
import { costOf, isFree, RATE_CLASSES, type Rates, tokenRates, worstCaseOf } from "./pricing.ts";
import { totalTokens, type Usage, usage } from "./usage.ts";

const PLAIN: Rates = {
  base: tokenRates({ input: 3_000_000n, output: 15_000_000n }),
  tiers: [],
  serverTools: {},
  version: "test",
};

/** Every class at a rate of its own, so that a mix-up shows. */
const DISTINCT: Rates = {
  ...PLAIN,
  base: tokenRates({
    input: 3n,
    cacheRead: 5n,
    cacheReadAudio: 31n,
    cacheReadImage: 37n,
    cacheWrite5m: 7n,
    cacheWrite1h: 11n,
    output: 13n,
    inputAudio: 17n,
    outputAudio: 19n,
    inputImage: 23n,
    outputImage: 29n,
  }),
};

function rates(base: Parameters<typeof tokenRates>[0]): Rates {
  return { ...PLAIN, base: tokenRates(base) };
}

function pico(used: Partial<Usage>, at: Rates): bigint | undefined {
  // A thousandfold in each rate makes a nano-dollar of each pico-dollar, so that nothing is rounded.
  const scaled = tokenRates(
    Object.fromEntries(Object.entries(at.base).map(([key, rate]) => [key, (rate ?? 0n) * 1000n])),
  );
  return costOf(usage(used), { ...at, base: scaled });
}

describe("the cost of a usage", () => {
  test("is zero when nothing was used, whatever is known of prices", () => {
    expect(costOf(usage({}), rates({}))).toBe(0n);
  });

  test.each([
    [{ inputTokens: 2 }, 6n],
    [{ cacheReadTokens: 2 }, 10n],
    [{ cacheWrite5mTokens: 2 }, 14n],
    [{ cacheWrite1hTokens: 2 }, 22n],
    [{ outputTokens: 2 }, 26n],
    [{ outputTokens: 2, reasoningTokens: 2 }, 26n],
    [{ inputTokens: 5, inputAudioTokens: 2 }, 9n + 34n],
    [{ outputTokens: 5, outputAudioTokens: 2 }, 39n + 38n],
    [{ inputTokens: 5, inputImageTokens: 2 }, 9n + 46n],
    [{ outputTokens: 5, outputImageTokens: 2 }, 39n + 58n],
    [{ inputTokens: 9, inputAudioTokens: 2, inputImageTokens: 3 }, 12n + 34n + 69n],
  ])("charges %j at its own rate", (used, expected) => {
    expect(pico(used, DISTINCT)).toBe(expected);
  });

  test("never charges a share beyond the whole that it is part of", () => {
    expect(pico({ inputTokens: 1, inputAudioTokens: 50, inputImageTokens: 50 }, DISTINCT)).toBe(
      17n,
    );
    expect(pico({ outputAudioTokens: 50 }, DISTINCT)).toBe(0n);
  });

  test("rounds once, half up, at the end", () => {
    const half = rates({ input: 250n, output: 250n });
    expect(costOf(usage({ inputTokens: 1 }), half)).toBe(0n);
    expect(costOf(usage({ inputTokens: 1, outputTokens: 1 }), half)).toBe(1n);
    expect(costOf(usage({ inputTokens: 3, outputTokens: 2 }), half)).toBe(1n);
    expect(costOf(usage({ inputTokens: 3, outputTokens: 3 }), half)).toBe(2n);
  });

  test("stays exact far beyond what a float can hold", () => {
    const used = usage({ inputTokens: 9_007_199_254_740_991, outputTokens: 1 });
    const cost = costOf(used, PLAIN);
    expect(cost).toBe(picoToNano(9_007_199_254_740_991n * 3_000_000n + 15_000_000n));
    expect(formatUsd(cost ?? 0n)).toBe("27021597764.222988");
  });
});

describe("a price that is missing", () => {
  test("charges cached input as input", () => {
    expect(costOf(usage({ cacheReadTokens: 1000 }), PLAIN)).toBe(3_000_000n);
    expect(costOf(usage({ cacheWrite5mTokens: 1000 }), PLAIN)).toBe(3_000_000n);
    expect(costOf(usage({ cacheWrite1hTokens: 1000 }), PLAIN)).toBe(3_000_000n);
  });

  test("charges the long cache write at least as the short one", () => {
    const at = rates({ input: 1000n, cacheWrite5m: 2000n });
    expect(costOf(usage({ cacheWrite1hTokens: 1 }), at)).toBe(2n);
  });

  test("charges audio and images as text", () => {
    expect(costOf(usage({ inputTokens: 10, inputAudioTokens: 4 }), PLAIN)).toBe(30_000n);
    expect(costOf(usage({ outputTokens: 10, outputImageTokens: 4 }), PLAIN)).toBe(150_000n);
  });

  test("leaves the cost unknown, never free, when nothing can stand in", () => {
    expect(costOf(usage({ inputTokens: 1 }), rates({ output: 1n }))).toBeUndefined();
    expect(costOf(usage({ outputTokens: 1 }), rates({ input: 1n }))).toBeUndefined();
    expect(costOf(usage({ cacheReadTokens: 1 }), rates({ output: 1n }))).toBeUndefined();
  });

  test("does not matter for a class that was not used", () => {
    expect(costOf(usage({ inputTokens: 1 }), rates({ input: 1000n }))).toBe(1n);
  });

  test("differs from a price of zero", () => {
    expect(costOf(usage({ inputTokens: 5 }), rates({ input: 0n }))).toBe(0n);
  });
});

describe("tools that the vendor runs", () => {
  const at: Rates = { ...PLAIN, serverTools: { web_search: 10_000_000_000n, web_fetch: 0n } };

  test("are charged by the call", () => {
    const used = usage({ serverToolRequests: { web_search: 2, web_fetch: 9 } });
    expect(formatUsd(costOf(used, at) ?? -1n)).toBe("0.02");
  });

  test("make the cost unknown when they have no price", () => {
    expect(costOf(usage({ serverToolRequests: { code_execution: 1 } }), at)).toBeUndefined();
  });

  test("cost nothing when they were not called", () => {
    expect(costOf(usage({ serverToolRequests: { code_execution: 0 } }), at)).toBe(0n);
  });

  test("find no price on the prototype of an object", () => {
    for (const name of ["constructor", "toString", "__proto__"]) {
      const used = usage({ serverToolRequests: Object.fromEntries([[name, 1]]) });
      expect(costOf(used, at)).toBeUndefined();
    }
  });
});

describe("tiers", () => {
  const TIERED: Rates = {
    ...PLAIN,
    base: tokenRates({ input: 1000n, cacheRead: 1000n, cacheWrite5m: 1000n, output: 1000n }),
    tiers: [
      {
        aboveInputTokens: 200_000,
        rates: tokenRates({ input: 2000n, cacheRead: 2000n, cacheWrite5m: 2000n, output: 3000n }),
      },
      { aboveInputTokens: 500_000, rates: tokenRates({ input: 5000n, output: 5000n }) },
    ],
  };

  test.each([
    [199_999, 199_999n],
    [200_000, 200_000n],
    [200_001, 400_002n],
    [500_000, 1_000_000n],
    [500_001, 2_500_005n],
  ])("charge %p input tokens as %p nano-dollars", (inputTokens, expected) => {
    expect(costOf(usage({ inputTokens }), TIERED)).toBe(expected);
  });

  test("count cached input as input", () => {
    const below = { inputTokens: 1, cacheReadTokens: 150_000, cacheWrite5mTokens: 49_998 };
    expect(costOf(usage(below), TIERED)).toBe(199_999n);
    expect(costOf(usage({ ...below, cacheReadTokens: 150_002 }), TIERED)).toBe(400_002n);
  });

  test("change the price of output too, and are not reached by output", () => {
    expect(costOf(usage({ inputTokens: 200_001, outputTokens: 10 }), TIERED)).toBe(400_032n);
    expect(costOf(usage({ inputTokens: 1, outputTokens: 400_000 }), TIERED)).toBe(400_001n);
  });
});

const counter = fc.integer({ min: 0, max: 2_000_000 });
const CLASSES = [
  "inputTokens",
  "cacheReadTokens",
  "cacheWrite5mTokens",
  "cacheWrite1hTokens",
  "outputTokens",
] as const;

describe("whatever was used", () => {
  const rate = fc.bigInt({ min: 0n, max: 10n ** 9n });

  test("the costs of the parts add up to the cost of the whole", () => {
    fc.assert(
      fc.property(fc.tuple(counter, counter, counter, counter, counter), (counts) => {
        const whole = Object.fromEntries(CLASSES.map((name, at) => [name, counts[at] ?? 0]));
        let sum = 0n;
        for (const name of CLASSES) sum += pico({ [name]: whole[name] ?? 0 }, DISTINCT) ?? -1n;
        expect(pico(whole, DISTINCT)).toBe(sum);
      }),
    );
  });

  test("one rate for everything makes the cost the total times the rate", () => {
    fc.assert(
      fc.property(fc.tuple(counter, counter, counter, counter, counter), rate, (counts, price) => {
        const used = usage(
          Object.fromEntries(CLASSES.map((name, at) => [name, counts[at] ?? 0])) as Partial<Usage>,
        );
        const at = rates({ input: price, output: price });
        expect(costOf(used, at)).toBe(picoToNano(BigInt(totalTokens(used)) * price));
      }),
    );
  });

  test("an unknown rate never makes it cheaper: it is the same, dearer or unknown", () => {
    fc.assert(
      fc.property(counter, counter, rate, (cached, output, price) => {
        const used = usage({ cacheReadTokens: cached, outputTokens: output });
        const full = costOf(used, rates({ input: price, cacheRead: price / 10n, output: 1n }));
        const partial = costOf(used, rates({ input: price, output: 1n }));
        const none = costOf(used, rates({}));
        expect(partial ?? -1n).toBeGreaterThanOrEqual(full ?? 0n);
        if (cached + output > 0) expect(none).toBeUndefined();
      }),
    );
  });
});

test("what costs nothing is known to be free", () => {
  expect(isFree(rates({ input: 0n, output: 0n }))).toBe(true);
  expect(isFree(rates({ input: 0n, output: 0n, inputAudio: 1n }))).toBe(false);
  expect(isFree(rates({ input: 0n }))).toBe(false);
  expect(isFree(rates({}))).toBe(false);
  expect(isFree({ ...rates({ input: 0n, output: 0n }), serverTools: { search: 5n } })).toBe(false);
});

describe("the worst case of a call", () => {
  test("charges input and output at the dearest class of each", () => {
    const dear = rates({ input: 3000n, cacheWrite1h: 6000n, inputImage: 4000n, output: 5000n });
    expect(worstCaseOf(dear, 10, 100)).toBe(60n + 500n);
    expect(worstCaseOf(DISTINCT, 1000, 1000)).toBe(37n + 29n);
  });

  test("charges the whole call in the tier that its input reaches", () => {
    const tier = {
      aboveInputTokens: 10,
      rates: tokenRates({ input: 2000n, cacheWrite5m: 3000n, output: 7000n }),
    };
    const at = { ...rates({ input: 1000n, output: 1000n }), tiers: [tier] };
    expect(worstCaseOf(at, 10, 1)).toBe(11n);
    expect(worstCaseOf(at, 11, 1)).toBe(40n);
  });

  test("counts what a cache gave of sound and images apart", () => {
    const cached = { cacheReadTokens: 10, cacheReadAudioTokens: 3, cacheReadImageTokens: 2 };
    expect(pico(cached, DISTINCT)).toBe(5n * 5n + 3n * 31n + 2n * 37n);
    // Without a price of their own they cost what all cached input costs; shares never exceed the whole.
    expect(costOf(usage(cached), rates({ input: 3000n, cacheRead: 5000n }))).toBe(50n);
    expect(pico({ ...cached, cacheReadAudioTokens: 99 }, DISTINCT)).toBe(310n);
    expect(worstCaseOf(rates({ input: 1000n, cacheReadAudio: 4000n, output: 0n }), 2, 0)).toBe(8n);
  });

  test("has no bound where the price of input or output is unknown, unless there is none of it", () => {
    expect(worstCaseOf(rates({ output: 1000n }), 1, 1)).toBeUndefined();
    expect(worstCaseOf(rates({ cacheWrite1h: 1000n, output: 1000n }), 1, 1)).toBeUndefined();
    expect(worstCaseOf(rates({ input: 1000n, outputAudio: 1000n }), 1, 1)).toBeUndefined();
    expect(worstCaseOf(rates({ output: 1000n }), 0, 2)).toBe(2n);
    expect(worstCaseOf(rates({ input: 1000n }), 2, 0)).toBe(2n);
    expect(worstCaseOf(rates({}), 0, 0)).toBe(0n);
  });

  const count = fc.integer({ min: 0, max: 200_000 });
  const priced = fc.record(
    Object.fromEntries(
      RATE_CLASSES.map((name) => [name, fc.bigInt({ min: 0n, max: 10n ** 9n })]),
    ) as Record<(typeof RATE_CLASSES)[number], fc.Arbitrary<bigint>>,
    { requiredKeys: ["input", "output"] },
  );
  const shares = fc.tuple(count, count, count, count);

  test("is never below what any mix of classes costs, and some single class costs just that", () => {
    fc.assert(
      fc.property(
        fc.tuple(count, count, count, count, count),
        shares,
        priced,
        (counts, of, base) => {
          const [inputTokens, cacheReadTokens, cacheWrite5mTokens, cacheWrite1hTokens] = counts;
          const [inputAudioTokens, inputImageTokens, outputAudioTokens, outputImageTokens] = of;
          const outputTokens = counts[4];
          const written = { inputTokens, cacheReadTokens, cacheWrite5mTokens, cacheWrite1hTokens };
          const parts = {
            inputAudioTokens,
            inputImageTokens,
            outputAudioTokens,
            outputImageTokens,
          };
          const input = inputTokens + cacheReadTokens + cacheWrite5mTokens + cacheWrite1hTokens;
          const at = rates(base);
          const worst = worstCaseOf(at, input, outputTokens) ?? -1n;
          const cost = costOf(usage({ ...written, ...parts, outputTokens }), at) ?? -1n;
          expect(worst).toBeGreaterThanOrEqual(cost);
          const ways = [{}, { inputAudioTokens: input }, { inputImageTokens: input }].map(
            (way) => ({
              inputTokens: input,
              ...way,
            }),
          );
          const all = [
            ...ways,
            { cacheReadTokens: input },
            { cacheReadTokens: input, cacheReadAudioTokens: input },
            { cacheReadTokens: input, cacheReadImageTokens: input },
            { cacheWrite5mTokens: input },
            { cacheWrite1hTokens: input },
          ].flatMap((way) =>
            [{}, { outputAudioTokens: outputTokens }, { outputImageTokens: outputTokens }].map(
              (out) => costOf(usage({ ...way, ...out, outputTokens }), at) ?? -1n,
            ),
          );
          expect(all.reduce((left, right) => (left > right ? left : right))).toBe(worst);
        },
      ),
    );
  });
});
