// A neutral request as a Cohere request.

import { type Feature, takes } from "#core/features.ts";
import type { JsonObject } from "#core/json.ts";
import type { UpstreamContext } from "../dialect.ts";
import { announceExtras } from "../extras.ts";
import type { NeutralRequest, ReasoningWish, Tool } from "../neutral.ts";
import { COHERE_CHAT } from "./dialect-id.ts";
import { turnsToMessages } from "./turns-to-messages.ts";
import { unsupported } from "./unsupported.ts";

/**
 * Writes a request.
 * @throws GatewayError `unsupported_feature` naming what Cohere cannot be asked
 */
export function requestFromNeutral(request: NeutralRequest, context: UpstreamContext): JsonObject {
  const { messages, documents } = turnsToMessages(request, context);
  announceLosses(request, context);
  const cap = request.maxOutputTokens;
  return {
    ...writeExtras(request, context),
    model: context.model,
    messages,
    stream: request.stream,
    ...(documents.length > 0 && { documents }),
    ...writeTools(request, context),
    ...(cap !== undefined && { max_tokens: cap }),
    ...writeSampling(request, context),
    ...writeThinking(request.reasoning, context),
    ...writeResponseFormat(request),
  };
}

/** Members that only Cohere has go back to it; of others they are announced. */
function writeExtras(request: NeutralRequest, context: UpstreamContext): JsonObject {
  if (request.origin === COHERE_CHAT) return Object.fromEntries(request.extras);
  announceExtras(request.extras, context);
  return {};
}

function announceLosses(request: NeutralRequest, context: UpstreamContext): void {
  if (request.user !== undefined) context.notice("dropped", "user");
  if (request.metadata !== undefined) context.notice("dropped", "metadata");
  if (request.serviceTier !== undefined) context.notice("dropped", "service_tier");
  if (request.parallelToolCalls === false) context.notice("dropped", "parallel_tool_calls");
  if (request.tools.some((tool) => tool.cache !== undefined)) {
    context.notice("dropped", "cache_control");
  }
}

/** Tools, and what of a choice among them Cohere knows: all or none of those that it is given. */
function writeTools(request: NeutralRequest, context: UpstreamContext): JsonObject {
  const [vendorTool] = request.vendorTools;
  if (vendorTool !== undefined) throw unsupported(`The tool "${vendorTool.name}"`);
  const { toolChoice } = request;
  const names =
    toolChoice?.mode === "named"
      ? [toolChoice.name]
      : toolChoice?.mode === "allowed"
        ? toolChoice.names
        : undefined;
  if (names !== undefined) context.notice("emulated", "tool_choice");
  const tools = request.tools.filter((tool) => names === undefined || names.includes(tool.name));
  if (tools.length === 0) return {};
  return {
    tools: tools.map(writeTool),
    ...writeStrictness(tools, context),
    ...writeToolChoice(toolChoice),
  };
}

function writeToolChoice(choice: NeutralRequest["toolChoice"]): JsonObject {
  if (choice?.mode === "none") return { tool_choice: "NONE" };
  const isRequired =
    choice?.mode === "required" ||
    choice?.mode === "named" ||
    (choice?.mode === "allowed" && choice.required);
  return isRequired ? { tool_choice: "REQUIRED" } : {};
}

/** One switch for all tools. */
function writeStrictness(tools: readonly Tool[], context: UpstreamContext): JsonObject {
  const strict = tools.filter((tool) => tool.strict === true).length;
  if (strict === tools.length) return { strict_tools: true };
  if (strict > 0) context.notice("dropped", "tools.strict");
  return {};
}

function writeTool(tool: Tool): JsonObject {
  return {
    type: "function",
    function: {
      name: tool.name,
      ...(tool.description !== undefined && { description: tool.description }),
      ...(tool.parameters !== undefined && { parameters: tool.parameters }),
    },
  };
}

function writeSampling(request: NeutralRequest, context: UpstreamContext): JsonObject {
  const { sampling } = request;
  if ((sampling.choices ?? 1) > 1) throw unsupported("A wish for more than one answer");
  if (sampling.logprobs !== undefined && request.origin !== COHERE_CHAT) {
    throw unsupported("A wish for log probabilities, which it gives by numbers of tokens,");
  }
  if (sampling.logitBias !== undefined) context.notice("dropped", "logit_bias");
  const wishes: readonly (readonly [field: string, feature: Feature, value: number | undefined])[] =
    [
      ["temperature", "temperature", sampling.temperature],
      ["p", "top_p", sampling.topP],
      ["k", "top_k", sampling.topK],
      ["seed", "seed", sampling.seed],
      ["presence_penalty", "presence_penalty", sampling.presencePenalty],
      ["frequency_penalty", "frequency_penalty", sampling.frequencyPenalty],
    ];
  const written: JsonObject = {};
  for (const [field, feature, value] of wishes) {
    if (value === undefined) continue;
    if (takes(context.traits, feature)) written[field] = within(field, feature, value, context);
    else context.notice("dropped", feature);
  }
  return {
    ...written,
    ...(sampling.stop !== undefined && { stop_sequences: [...sampling.stop] }),
    ...(sampling.logprobs !== undefined && { logprobs: true }),
  };
}

/** What Cohere takes; values beyond are answered with a 400 (docs.cohere.com/v2/reference/chat, 2026-11). */
const RANGES: Readonly<Record<string, readonly [least: number, most: number]>> = {
  p: [0.01, 0.99],
  k: [0, 500],
  presence_penalty: [0, 1],
  frequency_penalty: [0, 1],
};

function within(field: string, feature: Feature, value: number, context: UpstreamContext): number {
  const [least, most] = RANGES[field] ?? [value, value];
  const fitting = Math.min(Math.max(value, least), most);
  if (fitting !== value) context.notice("clamped", feature);
  return fitting;
}

/** Thinking is on, off or bound to a budget; there are no efforts between. */
function writeThinking(wish: ReasoningWish | undefined, context: UpstreamContext): JsonObject {
  if (wish === undefined) return {};
  if (wish.visible === false) context.notice("dropped", "reasoning.visible");
  const isOff = wish.effort === "none" || (wish.budgetTokens ?? 1) <= 0;
  if (context.traits.reasoning === "none") {
    if (!isOff && Object.keys(wish).some((key) => key !== "visible")) {
      context.notice("dropped", "reasoning");
    }
    return {};
  }
  if (isOff) return { thinking: { type: "disabled" } };
  const budget = wish.budgetTokens;
  if (wish.effort !== undefined) context.notice("converted", "reasoning_effort");
  if (wish.effort === undefined && budget === undefined && wish.adaptive !== true) return {};
  return {
    thinking: { type: "enabled", ...(budget !== undefined && { token_budget: budget }) },
  };
}

function writeResponseFormat(request: NeutralRequest): JsonObject {
  const format = request.responseFormat;
  if (format === undefined) return {};
  if (request.tools.length > 0 && request.origin !== COHERE_CHAT) {
    throw unsupported("A wish for JSON together with tools");
  }
  const schema = format.kind === "schema" ? { json_schema: format.schema } : {};
  return { response_format: { type: "json_object", ...schema } };
}
