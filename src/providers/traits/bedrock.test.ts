import { expect, test } from "bun:test";
import { supportOf } from "#core/features.ts";
import { bedrockTraits, claudeName } from "./bedrock.ts";

test("a Claude model is known by its maker's own name", () => {
  expect(claudeName("eu.anthropic.claude-sonnet-4-5-20250929-v1:0")).toBe(
    "claude-sonnet-4-5-20250929",
  );
  expect(claudeName("anthropic.claude-opus-4-6-v1")).toBe("claude-opus-4-6");
  expect(claudeName("amazon.nova-pro-v1:0")).toBeUndefined();
  expect(claudeName("arn:aws:bedrock:eu-west-1:1:application-inference-profile/ab12")).toBe(
    undefined,
  );
});

test.each([
  ["us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude", "budget"],
  ["global.anthropic.claude-opus-4-6-v1", "claude", "adaptive"],
  ["anthropic.claude-3-haiku-20240307-v1:0", "claude", "none"],
  ["us.amazon.nova-micro-v1:0", "nova", "none"],
  ["amazon.nova-2-lite-v1:0", "nova", "effort"],
  [
    "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.amazon.nova-2-lite-v1:0",
    "nova",
    "effort",
  ],
  ["openai.gpt-oss-120b-1:0", "gpt", "effort"],
  ["qwen.qwen3-32b-v1:0", "qwen", "effort"],
  ["us-gov.mistral.pixtral-large-2502-v1:0", "mixtral", "none"],
  ["us.meta.llama4-scout-17b-instruct-v1:0", "llama", "none"],
])("%s is of the family %s and reasons by %s", (model, family, reasoning) => {
  expect(bedrockTraits(model)).toMatchObject({ family, reasoning });
});

test("what nobody knows of a model is unknown", () => {
  const unknown = bedrockTraits("someone.new-model-v1:0");
  expect(unknown.family).toBeUndefined();
  expect(supportOf(unknown, "json_schema")).toBe("unknown");
});

test("the newest Claude models take no strict tools from Amazon yet", () => {
  expect(supportOf(bedrockTraits("anthropic.claude-opus-4-7-v1"), "strict_tools")).toBe("none");
  const older = bedrockTraits("anthropic.claude-sonnet-4-5-20250929-v1:0");
  expect(supportOf(older, "strict_tools")).toBe("unknown");
});
