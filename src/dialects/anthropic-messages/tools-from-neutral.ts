// Tools and the choice among them, as a request to Anthropic names them.

import { GatewayError } from "#core/errors.ts";
import type { JsonObject } from "#core/json.ts";
import type { UpstreamContext } from "../dialect.ts";
import type { NeutralRequest, Tool, VendorTool } from "../neutral.ts";
import { writeCacheMark } from "./cache-mark.ts";
import { ANTHROPIC_MESSAGES } from "./dialect-id.ts";
import { writeHosted } from "./hosted-tools.ts";
import { MCP_SERVERS } from "./tools-to-neutral.ts";

/** Vendor's documentation of tool use, 2026-11. */
const TOOL_NAME = /^[a-zA-Z0-9_-]{1,128}$/;

/**
 * Writes `tools`, the caller's and the vendor's own in the order in which they were listed.
 * @throws GatewayError `unsupported_feature` for another vendor's tools and for impossible names
 */
export function writeTools(request: NeutralRequest, context: UpstreamContext): JsonObject[] {
  const written = allowedTools(request, context).map(writeTool);
  const listed = request.vendorTools.filter((tool) => !isElsewhere(tool));
  const ownTools = listed.sort((a, b) => (a.position ?? 0) - (b.position ?? 0));
  for (const tool of ownTools) {
    written.splice(tool.position ?? written.length, 0, writeVendorTool(tool, context));
  }
  return written;
}

/** Tools of an MCP server stand in a list of their own. */
function isElsewhere({ origin, name }: VendorTool): boolean {
  return origin === ANTHROPIC_MESSAGES && name === MCP_SERVERS;
}

/** Anthropic's own as it came, or the one that does what another vendor's does. */
function writeVendorTool(tool: VendorTool, context: UpstreamContext): JsonObject {
  if (tool.origin === ANTHROPIC_MESSAGES) return tool.value;
  const hosted = tool.hosted === undefined ? undefined : writeHosted(tool.hosted);
  if (hosted === undefined) throw refusal(`the tool ${tool.name}`);
  context.notice("converted", tool.name);
  return hosted;
}

/** Anthropic has no choice out of some tools, so the others are not offered. */
function allowedTools(request: NeutralRequest, context: UpstreamContext): readonly Tool[] {
  const choice = request.toolChoice;
  if (choice?.mode !== "allowed") return request.tools;
  context.notice("converted", "tool_choice");
  return request.tools.filter((tool) => choice.names.includes(tool.name));
}

function writeTool(tool: Tool): JsonObject {
  if (!TOOL_NAME.test(tool.name)) {
    throw refusal("a tool name with other than letters, digits, _ and - or more than 128 of them");
  }
  return {
    name: tool.name,
    ...(tool.description !== undefined && { description: tool.description }),
    // Anthropic takes objects alone, whatever else a schema allows beside them.
    input_schema: { ...(tool.parameters ?? { properties: {} }), type: "object" },
    ...(tool.strict !== undefined && { strict: tool.strict }),
    ...writeCacheMark(tool.cache),
  };
}

/**
 * Writes `tool_choice`.
 * @param mayForce false where the model would answer a forced call with a 400 (thinking by budget)
 */
export function writeToolChoice(
  request: NeutralRequest,
  mayForce: boolean,
  context: UpstreamContext,
): JsonObject {
  const hasTools = request.tools.length + request.vendorTools.length > 0;
  const isOwn = request.origin === ANTHROPIC_MESSAGES;
  const wanted = readMode(request);
  if (wanted === undefined) return {};
  // Tools of an MCP server stand elsewhere in the body, so the caller of this dialect knows better.
  if (!hasTools && !isOwn) {
    if (request.toolChoice !== undefined) context.notice("dropped", "tool_choice");
    return {};
  }
  const isForced = wanted["type"] === "any" || wanted["type"] === "tool";
  if (isForced && !mayForce && !isOwn) context.notice("converted", "tool_choice");
  const choice = isForced && !mayForce && !isOwn ? { type: "auto" } : wanted;
  const isSerial = request.parallelToolCalls === false && choice["type"] !== "none";
  return { tool_choice: { ...choice, ...(isSerial && { disable_parallel_tool_use: true }) } };
}

function readMode(request: NeutralRequest): JsonObject | undefined {
  const choice = request.toolChoice;
  switch (choice?.mode) {
    case undefined:
      return request.parallelToolCalls === false ? { type: "auto" } : undefined;
    case "auto":
    case "none":
      return { type: choice.mode };
    case "required":
      return { type: "any" };
    case "named":
      return { type: "tool", name: choice.name };
    case "allowed":
      return { type: choice.required ? "any" : "auto" };
  }
}

function refusal(what: string): GatewayError {
  return new GatewayError(
    "unsupported_feature",
    `Anthropic's models cannot be given ${what}. Leave it out or ask for another model.`,
    { param: "tools" },
  );
}
