import { describe, expect, test } from "bun:test";
import { readRetryAfter } from "./retry-after.ts";

const NOW = Date.parse("2026-11-22T12:00:00Z");

function read(headers: Record<string, string>, nowMs?: number): number | undefined {
  return readRetryAfter(new Headers(headers), nowMs);
}

describe("the time to wait", () => {
  test.each<[Record<string, string>, number | undefined]>([
    [{ "retry-after": "7" }, 7_000],
    [{ "retry-after": "0.2" }, 200],
    [{ "retry-after": "0" }, 0],
    [{ "retry-after-ms": "350", "retry-after": "9" }, 350],
    [{ "retry-after-ms": "1.5" }, 2],
    [{ "retry-after": "Sun, 22 Nov 2026 12:00:09 GMT" }, 9_000],
    [{ "retry-after": "Sun, 22 Nov 2026 11:00:00 GMT" }, 0],
    [{ "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "6m0s" }, 360_000],
    [{ "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "12ms" }, 12],
    [{ "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "7.66s" }, 7_660],
    [{ "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "2" }, 2_000],
    [{ "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(NOW + 1_500) }, 1_500],
    [{ "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(NOW / 1000 + 3) }, 3_000],
    [
      {
        "anthropic-ratelimit-requests-remaining": "0",
        "anthropic-ratelimit-requests-reset": "2026-11-22T12:00:04Z",
        "anthropic-ratelimit-input-tokens-remaining": "0",
        "anthropic-ratelimit-input-tokens-reset": "2026-11-22T12:00:11Z",
      },
      11_000,
    ],
    [{ "retry-after": "3", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "60" }, 3_000],
    // What has something left is no reason to wait.
    [{ "x-ratelimit-remaining-tokens": "5", "x-ratelimit-reset-tokens": "6m0s" }, undefined],
    [{ "x-ratelimit-reset-tokens": "6m0s" }, undefined],
    [{ "retry-after": "soon" }, undefined],
    [{ "retry-after": "-5" }, undefined],
    [{ "retry-after": "2026" }, 2_026_000],
    [{}, undefined],
  ])("of %j is %p", (headers, wanted) => {
    expect(read(headers, NOW)).toBe(wanted);
  });

  test("of a date counts from the sender's own clock where it tells it", () => {
    const date = "Sun, 22 Nov 2026 10:00:00 GMT";
    const headers = { "retry-after": "Sun, 22 Nov 2026 10:00:05 GMT", date };
    expect(read(headers, NOW)).toBe(5_000);
    expect(read(headers)).toBe(5_000);
    expect(read({ "retry-after": date })).toBeUndefined();
  });
});
