// Wishes that a model is known not to serve: what is left out, lowered, said otherwise or refused.

import { describe, expect, test } from "bun:test";
import type { GatewayError } from "#core/errors.ts";
import { all, type Capabilities } from "#core/features.ts";
import type { NeutralRequest, Part } from "../neutral.ts";
import { sampleUpstream } from "../sample-contexts.ts";
import { fitLimits } from "./fit-limits.ts";

const TOOLS = [{ name: "weather" }, { name: "time" }];

function request(given: Partial<NeutralRequest> = {}): NeutralRequest {
  return {
    origin: "elsewhere",
    model: "m",
    stream: false,
    instructions: [],
    turns: [{ role: "user", parts: [{ kind: "text", text: "Hello." }] }],
    tools: [],
    vendorTools: [],
    sampling: {},
    extras: new Map(),
    ...given,
  };
}

function fit(given: Partial<NeutralRequest>, model: Capabilities) {
  const context = sampleUpstream({ traits: model, stateOrigins: ["own"] });
  return { fitted: fitLimits(request(given), context), notices: context.notices };
}

function refusalOf(given: Partial<NeutralRequest>, model: Capabilities): GatewayError {
  try {
    fit(given, model);
  } catch (error) {
    return error as GatewayError;
  }
  throw new Error("It was not refused.");
}

describe("sampling", () => {
  test("goes along parameter by parameter, and each loss is told", () => {
    const sampling = { temperature: 0.5, topK: 3, seed: 7, presencePenalty: 0 };
    const features = all("none", "top_k", "seed", "presence_penalty");
    const { fitted, notices } = fit({ sampling }, { features });
    expect(fitted.sampling).toEqual({ temperature: 0.5 });
    // A penalty of 0 asks for nothing.
    expect(notices).toEqual(["dropped:top_k", "dropped:seed"]);
  });

  test("is let be where nothing is known of the model", () => {
    const sampling = { temperature: 1.9, topK: 3, stop: ["a", "b"], choices: 3 };
    const { fitted, notices } = fit({ sampling }, {});
    expect(fitted.sampling).toEqual(sampling);
    expect(notices).toEqual([]);
  });

  test("is lowered to what the model takes", () => {
    const sampling = { temperature: 1.9, stop: ["a", "b", "c"] };
    const limits = { maxTemperature: 1, stopSequences: 2 };
    const { fitted, notices } = fit({ sampling, maxOutputTokens: 9 }, { limits });
    expect(fitted.sampling).toEqual({ temperature: 1, stop: ["a", "b"] });
    expect(notices).toEqual(["clamped:temperature", "clamped:stop"]);
  });

  test.each([
    ["stop", { stop: ["x"] }],
    ["n", { choices: 2 }],
    ["logprobs", { logprobs: { top: 1 } }],
  ] as const)("%s is refused, since the answer would be another one", (feature, sampling) => {
    const error = refusalOf({ sampling }, { features: all("none", feature) });
    expect(error.code).toBe("unsupported_feature");
    expect(error.extras.param).toBe(feature);
  });
});

test("output and reasoning keep to the model's limits", () => {
  const limits = { maxOutputTokens: 100, minThinkingTokens: 1024, maxThinkingTokens: 2048 };
  const wishes = { maxOutputTokens: 500, reasoning: { budgetTokens: 9000 } };
  const { fitted, notices } = fit(wishes, { limits });
  expect(fitted).toMatchObject({ maxOutputTokens: 100, reasoning: { budgetTokens: 2048 } });
  expect(notices).toEqual(["clamped:reasoning_budget", "clamped:max_tokens"]);
  const low = fit({ reasoning: { budgetTokens: 12 } }, { limits }).fitted;
  expect(low.reasoning).toEqual({ budgetTokens: 1024 });
});

test("a wish for reasoning is left out where there is none, and told only if it asks for some", () => {
  const model: Capabilities = { features: all("none", "reasoning") };
  expect(fit({ reasoning: { effort: "high" } }, model).notices).toEqual(["dropped:reasoning"]);
  expect(fit({ reasoning: { effort: "none" } }, model).notices).toEqual([]);
  expect(fit({ reasoning: { effort: "none" } }, model).fitted.reasoning).toBeUndefined();
});

describe("tools", () => {
  test("are fewer where the vendor has no word for the choice", () => {
    const model: Capabilities = { features: all("emulated", "named_tool_choice", "allowed_tools") };
    const named = fit({ tools: TOOLS, toolChoice: { mode: "named", name: "time" } }, model);
    expect(named.fitted).toMatchObject({ tools: [TOOLS[1]], toolChoice: { mode: "required" } });
    const allowed = { mode: "allowed", names: ["weather"], required: false } as const;
    const some = fit({ tools: TOOLS, toolChoice: allowed }, model);
    expect(some.fitted).toMatchObject({ tools: [TOOLS[0]], toolChoice: { mode: "auto" } });
    expect(some.notices).toEqual(["converted:tool_choice"]);
  });

  test("are refused where there are none, too many, or no way to force a call", () => {
    expect(refusalOf({ tools: TOOLS }, { features: all("none", "tools") }).extras.param).toBe(
      "tools",
    );
    expect(refusalOf({ tools: TOOLS }, { limits: { tools: 1 } }).message).toContain("1 tools");
    const forced = { tools: TOOLS, toolChoice: { mode: "required" } } as const;
    const model: Capabilities = { features: all("none", "forced_tool_choice") };
    expect(refusalOf(forced, model).extras.param).toBe("tool_choice");
  });

  test("may be called one at a time only where there is a switch for it", () => {
    const model: Capabilities = { features: all("none", "parallel_tool_calls") };
    const serial = fit({ tools: TOOLS, parallelToolCalls: false }, model);
    expect(serial.fitted.parallelToolCalls).toBeUndefined();
    expect(serial.notices).toEqual(["dropped:parallel_tool_calls"]);
    expect(fit({ tools: TOOLS, parallelToolCalls: true }, model).notices).toEqual([]);
  });
});

describe("the conversation", () => {
  const image = {
    kind: "image",
    source: { from: "base64", mediaType: "image/png", data: "AA==" },
  } as const;

  test("is refused with media that the model cannot see", () => {
    const turns = [{ role: "user", parts: [image, image] }] as const;
    expect(refusalOf({ turns }, { features: all("none", "images") }).message).toContain("images");
    expect(refusalOf({ turns }, { limits: { images: 1 } }).message).toContain("1 images");
    expect(fit({ turns }, { limits: { images: 2 } }).fitted.turns).toEqual([...turns]);
  });

  test.each([
    ["of another type", { imageTypes: ["image/webp"] }, "image/png"],
    ["too large", { imageBase64Bytes: 3 }, "3 bytes"],
  ])("is refused with an image that is %s, also in a tool's result", (_what, limits, words) => {
    const result = { callId: "c", name: "t", content: [image], isError: false } as const;
    const places: Part[] = [image, { kind: "tool-result", ...result }];
    for (const part of places) {
      const turns = [{ role: "user", parts: [part] }] as const;
      expect(refusalOf({ turns }, { limits }).message).toContain(words);
    }
  });

  test("that ends with a begun answer asks for the rest where the model would not go on", () => {
    const begun = { role: "assistant", parts: [{ kind: "text", text: "{" }] } as const;
    const { fitted, notices } = fit({ turns: [begun] }, { features: all("emulated", "prefill") });
    expect(fitted.turns.map(({ role }) => role)).toEqual(["assistant", "user"]);
    expect(notices).toEqual(["emulated:prefill"]);
    expect(refusalOf({ turns: [begun] }, { features: all("none", "prefill") }).code).toBe(
      "unsupported_feature",
    );
    expect(fit({ turns: [begun] }, {}).fitted.turns).toEqual([begun]);
  });

  test("says instructions between turns as the user where it has to", () => {
    const told = { role: "system", parts: [{ kind: "text", text: "Be brief." }] } as const;
    const model: Capabilities = { features: all("emulated", "system_between_turns") };
    const { fitted, notices } = fit({ turns: [told] }, model);
    const text = "<system>\nBe brief.\n</system>";
    expect(fitted.turns).toEqual([{ role: "user", parts: [{ kind: "text", text }] }]);
    expect(notices).toEqual(["converted:system_turn"]);
  });

  test("loses marks and citations that mean nothing to the model", () => {
    const citations = { origin: "elsewhere", items: [], shared: [] };
    const part = { kind: "text", text: "x", cache: { ttl: "5m" }, citations } as const;
    const model: Capabilities = { features: all("none", "cache_marks", "citations") };
    const { fitted, notices } = fit({ turns: [{ role: "assistant", parts: [part] }] }, model);
    expect(fitted.turns[0]?.parts).toEqual([{ kind: "text", text: "x" }]);
    expect(notices).toEqual(["dropped:cache_control", "dropped:citations"]);
  });
});

test("a caller of the vendor's own dialect is let be", () => {
  const model: Capabilities = { features: all("none", "top_k", "tools", "images", "stop") };
  const own = { origin: "own", tools: TOOLS, sampling: { topK: 3, stop: ["x"] } };
  const { fitted, notices } = fit(own, model);
  expect(fitted.sampling).toEqual(own.sampling);
  expect(notices).toEqual([]);
});
