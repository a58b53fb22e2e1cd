// A neutral request as an Ollama request.

import { type Feature, takes } from "#core/features.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { asObject } from "#core/json.ts";
import type { UpstreamContext } from "../dialect.ts";
import { announceExtras } from "../extras.ts";
import type { NeutralRequest, ReasoningWish, Tool } from "../neutral.ts";
import { OLLAMA_CHAT } from "./dialect-id.ts";
import { turnsToMessages } from "./turns-to-messages.ts";
import { unsupported } from "./unsupported.ts";

/** What a caller in any dialect may add to its body for this server. */
const PASSED: ReadonlySet<string> = new Set(["keep_alive", "options"]);
const OPTION = "options.";

/**
 * Writes a request.
 * @throws GatewayError `unsupported_feature` naming what Ollama cannot be asked
 */
export function requestFromNeutral(request: NeutralRequest, context: UpstreamContext): JsonObject {
  announceLosses(request, context);
  const options = { ...givenOptions(request), ...writeOptions(request, context) };
  const keepAlive = request.extras.get("keep_alive");
  return {
    ...ownExtras(request),
    model: context.model,
    messages: turnsToMessages(request, context),
    // It streams unless told otherwise.
    stream: request.stream,
    ...writeTools(request, context),
    ...writeFormat(request),
    ...writeThink(request.reasoning, context),
    ...writeLogprobs(request),
    ...(Object.keys(options).length > 0 && { options }),
    ...(keepAlive !== undefined && { keep_alive: keepAlive }),
  };
}

function announceLosses(request: NeutralRequest, context: UpstreamContext): void {
  if (request.origin !== OLLAMA_CHAT) announceExtras(request.extras, context, PASSED);
  if (request.user !== undefined) context.notice("dropped", "user");
  if (request.metadata !== undefined) context.notice("dropped", "metadata");
  if (request.serviceTier !== undefined) context.notice("dropped", "service_tier");
  if (request.parallelToolCalls === false) context.notice("dropped", "parallel_tool_calls");
  if (request.tools.some((tool) => tool.strict === true)) context.notice("dropped", "tools.strict");
  if (request.tools.some((tool) => tool.cache !== undefined)) {
    context.notice("dropped", "cache_control");
  }
}

/** Members that only Ollama has go back to it. */
function ownExtras(request: NeutralRequest): JsonObject {
  if (request.origin !== OLLAMA_CHAT) return {};
  return Object.fromEntries([...request.extras].filter(([path]) => !path.startsWith(OPTION)));
}

/** Options of the model, of which only the caller can know: the size of the context, for one. */
function givenOptions(request: NeutralRequest): JsonObject {
  if (request.origin !== OLLAMA_CHAT) return { ...asObject(request.extras.get("options")) };
  const own = [...request.extras].filter(([path]) => path.startsWith(OPTION));
  return Object.fromEntries(own.map(([path, value]) => [path.slice(OPTION.length), value]));
}

function writeOptions(request: NeutralRequest, context: UpstreamContext): JsonObject {
  const { sampling } = request;
  if ((sampling.choices ?? 1) > 1) throw unsupported("A wish for more than one answer");
  if (sampling.logitBias !== undefined) context.notice("dropped", "logit_bias");
  const wishes: readonly (readonly [feature: Feature, value: Json | undefined])[] = [
    ["temperature", sampling.temperature],
    ["top_p", sampling.topP],
    ["top_k", sampling.topK],
    ["seed", sampling.seed],
    ["presence_penalty", sampling.presencePenalty],
    ["frequency_penalty", sampling.frequencyPenalty],
  ];
  const written: JsonObject = {};
  for (const [feature, value] of wishes) {
    if (value === undefined) continue;
    if (takes(context.traits, feature)) written[feature] = value;
    else context.notice("dropped", feature);
  }
  const cap = request.maxOutputTokens;
  return {
    ...written,
    ...(sampling.stop !== undefined && { stop: [...sampling.stop] }),
    ...(cap !== undefined && { num_predict: cap }),
  };
}

/** Tools. There is no way to demand a call, and none to forbid one but leaving the tools out. */
function writeTools(request: NeutralRequest, context: UpstreamContext): JsonObject {
  const [vendorTool] = request.vendorTools;
  if (vendorTool !== undefined) throw unsupported(`The tool "${vendorTool.name}"`);
  const { toolChoice } = request;
  if (toolChoice?.mode === "none") return {};
  const isDemanded =
    toolChoice?.mode === "required" ||
    toolChoice?.mode === "named" ||
    (toolChoice?.mode === "allowed" && toolChoice.required);
  if (isDemanded) throw unsupported("A demand that a tool is called");
  const names = toolChoice?.mode === "allowed" ? toolChoice.names : undefined;
  if (names !== undefined) context.notice("emulated", "tool_choice");
  const tools = request.tools.filter((tool) => names === undefined || names.includes(tool.name));
  return tools.length === 0 ? {} : { tools: tools.map(writeTool) };
}

function writeTool(tool: Tool): JsonObject {
  return {
    type: "function",
    function: {
      name: tool.name,
      ...(tool.description !== undefined && { description: tool.description }),
      // They must be there; none at all are what this says.
      parameters: tool.parameters ?? { type: "object", properties: {} },
    },
  };
}

function writeFormat(request: NeutralRequest): JsonObject {
  const format = request.responseFormat;
  if (format === undefined) return {};
  return { format: format.kind === "json" ? "json" : format.schema };
}

/** Most models think or do not; those with levels take a word. */
function writeThink(wish: ReasoningWish | undefined, context: UpstreamContext): JsonObject {
  if (wish === undefined) return {};
  if (wish.visible === false) context.notice("dropped", "reasoning.visible");
  const isOff = wish.effort === "none" || (wish.effort === undefined && wish.budgetTokens === 0);
  const isAsked = wish.effort !== undefined || wish.adaptive === true || "budgetTokens" in wish;
  if (context.traits.reasoning === "none") {
    if (isAsked && !isOff) context.notice("dropped", "reasoning");
    return {};
  }
  if (!isAsked) return {};
  if (isOff) return { think: false };
  if (wish.budgetTokens !== undefined) context.notice("converted", "reasoning.budget_tokens");
  if (wish.effort === undefined) return { think: true };
  if (context.traits.reasoning !== "level") {
    context.notice("converted", "reasoning_effort");
    return { think: true };
  }
  return { think: levelOf(wish.effort, context) };
}

function levelOf(effort: NonNullable<ReasoningWish["effort"]>, context: UpstreamContext): string {
  if (effort === "low" || effort === "medium" || effort === "high") return effort;
  context.notice("converted", "reasoning_effort");
  return effort === "minimal" ? "low" : "high";
}

function writeLogprobs(request: NeutralRequest): JsonObject {
  const { logprobs } = request.sampling;
  if (logprobs === undefined) return {};
  // Events of the neutral form have no place for them.
  if (request.stream && request.origin !== OLLAMA_CHAT) {
    throw unsupported("A wish for logprobs in a stream of another dialect");
  }
  return { logprobs: true, ...(logprobs.top > 0 && { top_logprobs: logprobs.top }) };
}
