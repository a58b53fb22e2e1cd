import { describe, expect, test } from "bun:test";
import type { Target } from "#core/target.ts";
import { Health } from "./health.ts";

const NOW = 1_700_000_000_000;

function target(model: string): Target {
  return { provider: "openai", model, key: "default", region: "" };
}

function called(health: Health, model: string, times = 1): void {
  for (let count = 0; count < times; count += 1) {
    health.began(target(model), NOW);
    health.succeeded(target(model), NOW, 5, 50);
    health.ended(target(model));
  }
}

describe("names that callers invent", () => {
  const health = new Health(() => undefined);
  called(health, "popular", 50);
  const limited = { outcome: "rate_limited", status: 429, retryAfterMs: 600_000 } as const;
  health.failed(target("limited"), NOW, { ...limited, hasOtherKeys: false });
  for (let count = 0; count < 5; count += 1) {
    const down = { outcome: "server_error", status: 500, retryAfterMs: undefined } as const;
    health.failed(target("down"), NOW, { ...down, hasOtherKeys: false });
  }
  for (let count = 0; count < 5_000; count += 1) called(health, `invented-${count}`);

  test("do not grow what is remembered without bound", () => {
    expect(health.rows(NOW).length).toBeLessThanOrEqual(2_000);
  });

  test("drive out nothing that is known of the targets in use", () => {
    expect(health.of(target("limited"), NOW).quarantinedUntilMs).toBe(NOW + 600_000);
    expect(health.of(target("down"), NOW).breaker).toBe("open");
    const popular = health.rows(NOW).find(({ target: name }) => name === "openai/popular");
    expect(popular?.samples).toBe(50);
  });

  test("make room for the newest", () => {
    const names = health.rows(NOW).map(({ target: name }) => name);
    expect(names).toContain("openai/invented-4999");
  });
});
