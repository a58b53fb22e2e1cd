// Wishes that a model is known not to serve, or not that far: left out or lowered with a notice, or
// refused, as the table of features says. The encoders see what is left.

import { type Feature, takes } from "#core/features.ts";
import type { UpstreamContext } from "../dialect.ts";
import type { NeutralRequest, ReasoningWish, Sampling, ToolChoice } from "../neutral.ts";
import { fitConversation } from "./fit-conversation.ts";
import { refusal, without } from "./without.ts";

/** The request without what the model is known to lack. A caller of the vendor's own dialect is let be. */
export function fitLimits(request: NeutralRequest, context: UpstreamContext): NeutralRequest {
  if (context.stateOrigins.has(request.origin)) return request;
  const { toolChoice, parallelToolCalls, reasoning, ...rest } = request;
  return {
    ...rest,
    ...fitConversation(request, context),
    sampling: fitSampling(request.sampling, context),
    ...fitReasoning(reasoning, context),
    ...fitOutput(request, context),
    ...fitParallel(parallelToolCalls, context),
    ...fitTools(request, context),
  };
}

function fitReasoning(
  wish: ReasoningWish | undefined,
  context: UpstreamContext,
): Pick<NeutralRequest, "reasoning"> {
  if (wish === undefined) return {};
  if (context.traits.features?.reasoning === "none") {
    const asks = (wish.effort ?? "none") !== "none" || (wish.budgetTokens ?? 0) > 0;
    if (asks || wish.adaptive === true) without("reasoning", context);
    return {};
  }
  const { budgetTokens } = wish;
  const { minThinkingTokens = 0, maxThinkingTokens = Number.POSITIVE_INFINITY } =
    context.traits.limits ?? {};
  if (budgetTokens === undefined || budgetTokens <= 0) return { reasoning: wish };
  const fitted = Math.min(Math.max(budgetTokens, minThinkingTokens), maxThinkingTokens);
  if (fitted === budgetTokens) return { reasoning: wish };
  context.notice("clamped", "reasoning_budget");
  return { reasoning: { ...wish, budgetTokens: fitted } };
}

function fitParallel(
  parallelToolCalls: boolean | undefined,
  context: UpstreamContext,
): Pick<NeutralRequest, "parallelToolCalls"> {
  if (parallelToolCalls === undefined) return {};
  if (takes(context.traits, "parallel_tool_calls")) return { parallelToolCalls };
  // Several at once is what vendors without the switch do.
  if (!parallelToolCalls) without("parallel_tool_calls", context);
  return {};
}

/** Members of `sampling` by the feature that they are. */
const SAMPLING: readonly (readonly [keyof Sampling, Feature])[] = [
  ["temperature", "temperature"],
  ["topP", "top_p"],
  ["topK", "top_k"],
  ["seed", "seed"],
  ["presencePenalty", "presence_penalty"],
  ["frequencyPenalty", "frequency_penalty"],
  ["logitBias", "logit_bias"],
  ["stop", "stop"],
  ["choices", "n"],
  ["logprobs", "logprobs"],
];
/** Values that ask for nothing: what a vendor does anyway is no loss when it is left out. */
const NEUTRAL_VALUES: Readonly<Partial<Record<keyof Sampling, unknown>>> = {
  temperature: 1,
  topP: 1,
  presencePenalty: 0,
  frequencyPenalty: 0,
  choices: 1,
};

function fitSampling(sampling: Sampling, context: UpstreamContext): Sampling {
  const fitted: Record<string, unknown> = { ...sampling };
  for (const [member, feature] of SAMPLING) {
    const value = sampling[member];
    if (value === undefined || takes(context.traits, feature)) continue;
    delete fitted[member];
    if (value !== NEUTRAL_VALUES[member]) without(feature, context);
  }
  const { maxTemperature, stopSequences } = context.traits.limits ?? {};
  const { temperature, stop } = fitted as Sampling;
  if (maxTemperature !== undefined && (temperature ?? 0) > maxTemperature) {
    fitted["temperature"] = maxTemperature;
    context.notice("clamped", "temperature");
  }
  if (stop !== undefined && stopSequences !== undefined && stop.length > stopSequences) {
    fitted["stop"] = stop.slice(0, stopSequences);
    context.notice("clamped", "stop");
  }
  return fitted as Sampling;
}

function fitOutput(
  { maxOutputTokens }: NeutralRequest,
  context: UpstreamContext,
): Pick<NeutralRequest, "maxOutputTokens"> {
  const longest = context.traits.limits?.maxOutputTokens;
  if (maxOutputTokens === undefined || longest === undefined || maxOutputTokens <= longest) {
    return {};
  }
  context.notice("clamped", "max_tokens");
  return { maxOutputTokens: longest };
}

function fitTools(
  request: NeutralRequest,
  context: UpstreamContext,
): Pick<NeutralRequest, "tools" | "toolChoice"> {
  const { tools, toolChoice } = request;
  const { traits } = context;
  const most = traits.limits?.tools ?? Number.POSITIVE_INFINITY;
  if (tools.length > most) throw refusal(`place for more than ${most} tools`, "tools", context);
  if (tools.length > 0 && !takes(traits, "tools")) throw refusal("tools", "tools", context);
  return toolChoice === undefined ? { tools } : fitChoice(request, toolChoice, context);
}

/** A choice that the vendor has no word for, said by offering fewer tools. */
function fitChoice(
  { tools }: NeutralRequest,
  choice: ToolChoice,
  context: UpstreamContext,
): { readonly tools: NeutralRequest["tools"]; readonly toolChoice: ToolChoice } {
  const { traits } = context;
  const isForced =
    choice.mode === "required" ||
    choice.mode === "named" ||
    (choice.mode === "allowed" && choice.required);
  if (isForced && traits.features?.forced_tool_choice === "none") {
    throw refusal("way to be made to call a tool", "tool_choice", context);
  }
  const isNamed = choice.mode === "named" && !takes(traits, "named_tool_choice");
  if (isNamed) {
    context.notice("converted", "tool_choice");
    const named = tools.filter(({ name }) => name === choice.name);
    return { tools: named, toolChoice: { mode: "required" } };
  }
  if (choice.mode === "allowed" && !takes(traits, "allowed_tools")) {
    context.notice("converted", "tool_choice");
    const wanted = new Set(choice.names);
    const allowed = tools.filter(({ name }) => wanted.has(name));
    return { tools: allowed, toolChoice: { mode: choice.required ? "required" : "auto" } };
  }
  return { tools, toolChoice: choice };
}
