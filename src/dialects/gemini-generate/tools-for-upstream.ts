// Tools and the choice among them for a request to Gemini.

import { GatewayError } from "#core/errors.ts";
import type { Json, JsonObject } from "#core/json.ts";
import type { UpstreamContext } from "../dialect.ts";
import type { NeutralRequest, Tool, ToolChoice, VendorTool } from "../neutral.ts";
import { GEMINI_GENERATE } from "./dialect-id.ts";
import { untold, writeHosted } from "./hosted-tools.ts";

/** Writes `tools`; undefined when there are none. */
export function writeTools(
  request: NeutralRequest,
  context: UpstreamContext,
): JsonObject[] | undefined {
  const entries: JsonObject[] = [];
  if (request.tools.length > 0) {
    if (request.tools.some((tool) => tool.cache !== undefined)) {
      context.notice("dropped", "cache_control");
    }
    entries.push({ functionDeclarations: request.tools.map(writeDeclaration) });
  }
  for (const tool of request.vendorTools) {
    entries.push(tool.origin === GEMINI_GENERATE ? tool.value : writeForeign(tool, context));
  }
  if (runsForeignTools(request) && request.tools.length > 0 && !mayCombine(context)) {
    throw refusal(context, "no tools of the caller beside its own");
  }
  return entries.length === 0 ? undefined : entries;
}

function writeForeign(tool: VendorTool, context: UpstreamContext): JsonObject {
  const written = tool.hosted === undefined ? undefined : writeHosted(tool.hosted);
  if (tool.hosted === undefined || written === undefined) {
    throw refusal(context, `no tool "${tool.name.slice(0, 60)}" of another vendor`);
  }
  context.notice("converted", tool.name);
  for (const wish of untold(tool.hosted)) context.notice("dropped", `${tool.name}.${wish}`);
  return written;
}

function runsForeignTools({ vendorTools }: NeutralRequest): boolean {
  return vendorTools.some((tool) => tool.origin !== GEMINI_GENERATE);
}

/** Functions and Google's own tools in one request came with thinking levels (Gemini 3). */
function mayCombine(context: UpstreamContext): boolean {
  return context.traits.reasoning === "level";
}

/** Tool invocations of Google's have to be asked for where functions are offered beside them. */
export function writeServerSide(request: NeutralRequest): JsonObject {
  const isMixed = runsForeignTools(request) && request.tools.length > 0;
  return isMixed ? { includeServerSideToolInvocations: true } : {};
}

function refusal(context: UpstreamContext, what: string): GatewayError {
  return new GatewayError("unsupported_feature", `The model "${context.model}" takes ${what}.`, {
    param: "tools",
  });
}

/** The schema goes as it is: `parametersJsonSchema` takes JSON schema, `parameters` a part of it. */
function writeDeclaration(tool: Tool): JsonObject {
  return {
    name: tool.name,
    ...(tool.description !== undefined && { description: tool.description }),
    ...(tool.parameters !== undefined && { parametersJsonSchema: tool.parameters }),
  };
}

/** Writes `toolConfig.functionCallingConfig`; undefined leaves the choice to Gemini's default. */
export function writeToolChoice(
  request: NeutralRequest,
  context: UpstreamContext,
): JsonObject | undefined {
  // Gemini has no switch for parallel calls.
  if (request.parallelToolCalls === false) context.notice("dropped", "parallel_tool_calls");
  const isStrict = request.tools.some((tool) => tool.strict === true);
  const { toolChoice } = request;
  // VALIDATED is AUTO with arguments held to the schema, which is what `strict` asks for.
  if (isStrict && (toolChoice === undefined || toolChoice.mode === "auto")) {
    return { mode: "VALIDATED" };
  }
  return toolChoice === undefined ? undefined : writeChoice(toolChoice);
}

function writeChoice(choice: ToolChoice): JsonObject {
  switch (choice.mode) {
    case "auto":
      return { mode: "AUTO" };
    case "none":
      return { mode: "NONE" };
    case "required":
      return { mode: "ANY" };
    case "named":
      return { mode: "ANY", allowedFunctionNames: [choice.name] };
    case "allowed": {
      const allowedFunctionNames: Json[] = [...choice.names];
      return { mode: choice.required ? "ANY" : "VALIDATED", allowedFunctionNames };
    }
  }
}
