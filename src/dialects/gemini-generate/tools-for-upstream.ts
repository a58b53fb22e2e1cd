// Tools and the choice among them for a request to Gemini.

import { GatewayError } from "#core/errors.ts";
import type { Json, JsonObject } from "#core/json.ts";
import type { UpstreamContext } from "../dialect.ts";
import type { NeutralRequest, Tool, ToolChoice } from "../neutral.ts";
import { GEMINI_GENERATE } from "./dialect-id.ts";
import { adaptToolName } from "./tool-names.ts";

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
    if (tool.origin !== GEMINI_GENERATE) {
      throw new GatewayError(
        "unsupported_feature",
        `The model "${context.model}" has no tool "${tool.name.slice(0, 60)}" of another vendor.`,
      );
    }
    entries.push(tool.value);
  }
  return entries.length === 0 ? undefined : entries;
}

/** The schema goes as it is: `parametersJsonSchema` takes JSON schema, `parameters` a part of it. */
function writeDeclaration(tool: Tool): JsonObject {
  return {
    name: adaptToolName(tool.name),
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
      return { mode: "ANY", allowedFunctionNames: [adaptToolName(choice.name)] };
    case "allowed": {
      const allowedFunctionNames: Json[] = choice.names.map(adaptToolName);
      return { mode: choice.required ? "ANY" : "VALIDATED", allowedFunctionNames };
    }
  }
}
