// Tools and the choice among them, as `toolConfig` of a request and, for Claude, beside it.

import { GatewayError } from "#core/errors.ts";
import { takes } from "#core/features.ts";
import type { JsonObject } from "#core/json.ts";
import type { UpstreamContext } from "../dialect.ts";
import type { NeutralRequest, Tool } from "../neutral.ts";
import { writeCachePoint } from "./cache-point.ts";
import { BEDROCK_CONVERSE } from "./dialect-id.ts";

/** Vendor's API reference of ToolSpecification, 2026-11. */
const TOOL_NAME = /^[a-zA-Z0-9_-]{1,64}$/;

/** The parts of a request that tools decide. */
export interface WrittenTools {
  readonly toolConfig?: JsonObject;
  /** Claude's own `tool_choice`, which can say what Bedrock's cannot. */
  readonly claudeChoice?: JsonObject;
}

/**
 * Writes tools and choice.
 * @param mayForce false where the model would answer a forced call with a 400 (thinking by budget)
 * @throws GatewayError `unsupported_feature` for another vendor's tools and for impossible names
 */
export function writeTools(
  request: NeutralRequest,
  mayForce: boolean,
  context: UpstreamContext,
): WrittenTools {
  const isOwn = request.origin === BEDROCK_CONVERSE;
  const tools = isOwn ? listTools(request, context) : offeredTools(request, context);
  if (tools.length === 0) {
    if (request.toolChoice !== undefined && request.toolChoice.mode !== "none") {
      context.notice("dropped", "tool_choice");
    }
    return {};
  }
  const choice = chosen(request, mayForce || isOwn, context);
  const isSerial = request.parallelToolCalls === false;
  const isClaude = context.traits.family === "claude";
  if (isSerial && !isClaude) context.notice("dropped", "parallel_tool_calls");
  if (isClaude && !isOwn && (isSerial || request.toolChoice?.mode === "none")) {
    return { toolConfig: { tools }, claudeChoice: writeClaudeChoice(choice, isSerial) };
  }
  const toolChoice = bedrockChoice(choice);
  return { toolConfig: { tools, ...(toolChoice !== undefined && { toolChoice }) } };
}

/** What goes along, for callers of other dialects. */
function offeredTools(request: NeutralRequest, context: UpstreamContext): JsonObject[] {
  const listed = listTools(request, context);
  const called = calledTools(request);
  if (listed.length > 0) {
    if (request.toolChoice?.mode !== "none" || context.traits.family === "claude") return listed;
    // Bedrock has no "none": without the tools nothing can be called, but calls in the history need them.
    if (called.length === 0) return [];
    context.notice("dropped", "tool_choice");
    return listed;
  }
  if (called.length === 0) return [];
  context.notice("emulated", "tools");
  return called.map((name) => writeTool({ name }, false, context));
}

/** Names of the tools that the history tells of. */
function calledTools(request: NeutralRequest): string[] {
  const names = new Set<string>();
  for (const part of request.turns.flatMap(({ parts }) => parts)) {
    if (part.kind === "tool-call" || part.kind === "tool-result") names.add(part.name);
  }
  names.delete("");
  return [...names].filter((name) => TOOL_NAME.test(name));
}

/** The caller's tools and the vendor's own in the order in which they were listed. */
function listTools(request: NeutralRequest, context: UpstreamContext): JsonObject[] {
  const isOwn = request.origin === BEDROCK_CONVERSE;
  const written = allowedTools(request, context).flatMap((tool) => {
    const spec = writeTool(tool, isOwn, context);
    if (tool.cache === undefined) return [spec];
    if (isOwn || takes(context.traits, "cache_marks")) return [spec, writeCachePoint(tool.cache)];
    context.notice("dropped", "cache_control");
    return [spec];
  });
  const own = [...request.vendorTools].sort((a, b) => (a.position ?? 0) - (b.position ?? 0));
  for (const tool of own) {
    if (tool.origin !== BEDROCK_CONVERSE) throw refusal(`the tool ${tool.name}`);
    written.splice(tool.position ?? written.length, 0, tool.value);
  }
  return written;
}

/** Bedrock has no choice out of some tools, so the others are not offered. */
function allowedTools(request: NeutralRequest, context: UpstreamContext): readonly Tool[] {
  const choice = request.toolChoice;
  if (choice?.mode !== "allowed") return request.tools;
  context.notice("converted", "tool_choice");
  return request.tools.filter((tool) => choice.names.includes(tool.name));
}

function writeTool(tool: Tool, isOwn: boolean, context: UpstreamContext): JsonObject {
  if (!TOOL_NAME.test(tool.name)) {
    throw refusal("a tool name with other than letters, digits, _ and - or more than 64 of them");
  }
  const isDescribed = isOwn || (tool.description ?? "").trim() !== "";
  const schema = { type: "object", ...(tool.parameters ?? { properties: {} }) };
  return {
    toolSpec: {
      name: tool.name,
      ...(tool.description !== undefined && isDescribed && { description: tool.description }),
      inputSchema: { json: isOwn && tool.parameters !== undefined ? tool.parameters : schema },
      ...writeStrict(tool, isOwn, context),
    },
  };
}

function writeStrict(tool: Tool, isOwn: boolean, context: UpstreamContext): JsonObject {
  if (isOwn) return tool.strict === undefined ? {} : { strict: tool.strict };
  if (tool.strict !== true) return {};
  if (takes(context.traits, "strict_tools")) return { strict: true };
  context.notice("dropped", "strict");
  return {};
}

type Choice =
  | { readonly mode: "auto" | "any" | "none" }
  | { readonly mode: "tool"; readonly name: string };

function chosen(
  request: NeutralRequest,
  mayForce: boolean,
  context: UpstreamContext,
): Choice | undefined {
  const choice = request.toolChoice;
  if (choice === undefined) return undefined;
  if (choice.mode === "auto" || choice.mode === "none") return { mode: choice.mode };
  if (choice.mode === "allowed" && !choice.required) return { mode: "auto" };
  if (!mayForce) {
    context.notice("converted", "tool_choice");
    return { mode: "auto" };
  }
  return choice.mode === "named" ? { mode: "tool", name: choice.name } : { mode: "any" };
}

function bedrockChoice(choice: Choice | undefined): JsonObject | undefined {
  if (choice === undefined || choice.mode === "none") return undefined;
  return choice.mode === "tool" ? { tool: { name: choice.name } } : { [choice.mode]: {} };
}

function writeClaudeChoice(choice: Choice | undefined, isSerial: boolean): JsonObject {
  const type = choice?.mode ?? "auto";
  return {
    type,
    ...(choice?.mode === "tool" && { name: choice.name }),
    ...(isSerial && type !== "none" && { disable_parallel_tool_use: true }),
  };
}

function refusal(what: string): GatewayError {
  return new GatewayError(
    "unsupported_feature",
    `Bedrock cannot be given ${what}. Leave it out or ask for another model.`,
    { param: "tools" },
  );
}
