// Rules that recognise model names.

import { describe, expect, test } from "bun:test";
import type { NameRule } from "./catalogue-file.ts";
import { nameTest } from "./name-rule.ts";

const CASES: readonly (readonly [NameRule, readonly string[], readonly string[]])[] = [
  [{ equals: "gpt-4o" }, ["gpt-4o", "GPT-4o"], ["gpt-4o-mini", "", " gpt-4o"]],
  [{ starts_with: "claude-3" }, ["claude-3", "Claude-3-x"], ["a-claude-3"]],
  [{ ends_with: "-tts" }, ["a-tts", "A-TTS"], ["a-tts-1"]],
  [{ contains: "flash" }, ["flash", "gemini-FLASH-1"], ["flas"]],
  [{ regex: "^o[134]$" }, ["o1", "o3"], ["O1", "o2", "o11"]],
  [{ or: [{ equals: "a" }, { equals: "b" }] }, ["a", "b"], ["c", "ab"]],
  [{ and: [{ starts_with: "a" }, { ends_with: "z" }] }, ["az", "a-z"], ["a", "z"]],
  [{ or: [] }, [], ["", "a"]],
];

describe("a name rule", () => {
  for (const [rule, meant, others] of CASES) {
    test(`${JSON.stringify(rule)} takes what it says and nothing else`, () => {
      const isMeant = nameTest(rule);
      for (const name of meant) expect(isMeant(name)).toBe(true);
      for (const name of others) expect(isMeant(name)).toBe(false);
    });
  }

  test("does not look at names longer than any vendor's", () => {
    expect(nameTest({ starts_with: "a" })("a".repeat(200))).toBe(true);
    expect(nameTest({ starts_with: "a" })("a".repeat(201))).toBe(false);
  });
});
