// Model families: the facts that encoders rely on, name by name.

import { describe, expect, test } from "bun:test";
import { takes } from "#core/features.ts";
import { ANTHROPIC_FAMILIES } from "./anthropic.ts";
import { traitsOf } from "./families.ts";
import { GEMINI_FAMILIES } from "./gemini.ts";
import { OPENAI_FAMILIES } from "./openai.ts";

function summary(table: typeof OPENAI_FAMILIES, model: string): string {
  const traits = traitsOf(table, model);
  return [
    traits.reasoning,
    takes(traits, "temperature") ? "sampling" : "fixed",
    takes(traits, "json_schema") ? "schema" : "no schema",
    takes(traits, "images_in_tool_results") ? "images" : "no images",
  ].join(", ");
}

describe("OpenAI's families", () => {
  test.each([
    ["gpt-4o", "none, sampling, schema, no images"],
    ["gpt-4o-2024-08-06", "none, sampling, schema, no images"],
    ["gpt-4o-2024-05-13", "none, sampling, no schema, no images"],
    ["gpt-4-turbo", "none, sampling, no schema, no images"],
    ["gpt-4.1-nano", "none, sampling, schema, no images"],
    ["ft:gpt-4o-mini-2024-07-18:acme::x", "none, sampling, schema, no images"],
    ["gpt-4o-search-preview", "none, fixed, schema, no images"],
    ["o1-mini", "none, fixed, no schema, no images"],
    ["o3-mini-2025-01-31", "effort, fixed, schema, no images"],
    ["gpt-5-mini", "effort, fixed, schema, no images"],
    ["gpt-5-chat-latest", "none, sampling, schema, no images"],
    ["gpt-9-unheard-of", "effort, fixed, schema, no images"],
  ])("%s is %s", (model, expected) => {
    expect(summary(OPENAI_FAMILIES, model)).toBe(expected);
  });

  test("all take the new name of the output cap", () => {
    for (const model of ["gpt-3.5-turbo", "gpt-4o", "o3", "gpt-6-sol"]) {
      expect(traitsOf(OPENAI_FAMILIES, model).outputCapField).toBe("max_completion_tokens");
    }
  });
});

describe("Claude's families", () => {
  test.each([
    ["claude-2.1", "none, sampling, no schema, no images"],
    ["claude-3-haiku-20240307", "none, sampling, no schema, images"],
    ["claude-3-5-sonnet-20241022", "none, sampling, no schema, images"],
    ["claude-3-7-sonnet-20250219", "budget, sampling, no schema, images"],
    ["claude-sonnet-4-20250514", "budget, sampling, no schema, images"],
    ["claude-opus-4", "budget, sampling, no schema, images"],
    ["claude-opus-4-1-20250805", "budget, sampling, no schema, images"],
    ["claude-haiku-4-5-20251001", "budget, sampling, schema, images"],
    ["claude-opus-4-6", "adaptive, sampling, schema, images"],
    ["claude-sonnet-4-6", "adaptive, sampling, schema, images"],
    ["claude-opus-4-7", "adaptive, fixed, schema, images"],
    ["claude-opus-4-9", "adaptive, fixed, schema, images"],
    ["claude-mythos-preview", "adaptive, fixed, schema, images"],
    ["claude-sonnet-5", "adaptive, fixed, schema, images"],
  ])("%s is %s", (model, expected) => {
    expect(summary(ANTHROPIC_FAMILIES, model)).toBe(expected);
  });

  test("never ask old models for more output than they can write", () => {
    expect(traitsOf(ANTHROPIC_FAMILIES, "claude-3-opus-20240229").defaultOutputTokens).toBe(4096);
    expect(traitsOf(ANTHROPIC_FAMILIES, "claude-3-5-haiku-latest").defaultOutputTokens).toBe(8192);
  });
});

describe("Gemini's families", () => {
  test.each([
    ["gemini-1.5-pro", "none, sampling, schema, no images"],
    ["gemini-2.0-flash", "none, sampling, schema, no images"],
    ["gemini-2.5-flash", "budget, sampling, schema, no images"],
    ["gemini-2.5-flash-image", "none, sampling, schema, no images"],
    ["gemini-3-flash-preview", "level, sampling, schema, images"],
    ["gemini-flash-latest", "level, sampling, schema, images"],
    ["gemma-3-27b-it", "none, sampling, no schema, no images"],
    ["gemini-5-ultra", "level, sampling, schema, images"],
  ])("%s is %s", (model, expected) => {
    expect(summary(GEMINI_FAMILIES, model)).toBe(expected);
  });
});

test("every table tells its source and when it was checked", () => {
  for (const table of [OPENAI_FAMILIES, ANTHROPIC_FAMILIES, GEMINI_FAMILIES]) {
    expect(table.source).toStartWith("https://");
    expect(table.date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  }
});

test("the letter case of a name does not count", () => {
  expect(summary(ANTHROPIC_FAMILIES, "Claude-3-Opus")).toBe(
    summary(ANTHROPIC_FAMILIES, "claude-3-opus"),
  );
});
