// Tools, the choice among them and the shape of the answer, for an upstream.

import { GatewayError } from "#core/errors.ts";
import type { Json, JsonObject } from "#core/json.ts";
import type { UpstreamContext } from "../dialect.ts";
import type { NeutralRequest, ResponseFormat, Tool, ToolChoice, VendorTool } from "../neutral.ts";
import { OPENAI_RESPONSES } from "./dialect-id.ts";
import { writeHosted } from "./hosted-tools.ts";

/** Something that this API has no place for and that must not be left out silently. */
export function unsupported(what: string): GatewayError {
  return new GatewayError("unsupported_feature", `${what} cannot be sent to a Responses API.`);
}

/** Writes `tools`, those that the vendor runs included. */
export function writeTools(request: NeutralRequest, context: UpstreamContext): JsonObject {
  const list: Json[] = request.tools.map(writeTool);
  const hosted = [...request.vendorTools].sort((a, b) => (a.position ?? 0) - (b.position ?? 0));
  for (const tool of hosted) {
    list.splice(tool.position ?? list.length, 0, writeVendorTool(tool, context));
  }
  return list.length === 0 ? {} : { tools: list };
}

/** OpenAI's own as it came, or the one that does what another vendor's does. */
function writeVendorTool(tool: VendorTool, context: UpstreamContext): JsonObject {
  if (tool.origin === OPENAI_RESPONSES) return tool.value;
  const written = tool.hosted === undefined ? undefined : writeHosted(tool.hosted);
  if (written === undefined) throw unsupported(`The tool "${tool.name}"`);
  context.notice("converted", tool.name);
  if (tool.hosted?.maxUses !== undefined) context.notice("dropped", `${tool.name}.max_uses`);
  return written;
}

/** `strict` is told in any case: here an absent one does not mean what it means elsewhere. */
function writeTool(tool: Tool): JsonObject {
  return {
    type: "function",
    name: tool.name,
    ...(tool.description !== undefined && { description: tool.description }),
    parameters: tool.parameters ?? { type: "object", properties: {} },
    strict: tool.strict ?? false,
  };
}

/** Writes `tool_choice`. */
export function writeToolChoice(choice: ToolChoice): Json {
  switch (choice.mode) {
    case "named":
      return { type: "function", name: choice.name };
    case "allowed": {
      const tools = choice.names.map((name) => ({ type: "function", name }));
      return { type: "allowed_tools", mode: choice.required ? "required" : "auto", tools };
    }
    default:
      return choice.mode;
  }
}

/** Writes `text.format`. */
export function writeFormat(format: ResponseFormat): JsonObject {
  if (format.kind === "json") return { type: "json_object" };
  return {
    type: "json_schema",
    name: format.name,
    schema: format.schema,
    ...(format.description !== undefined && { description: format.description }),
    ...(format.strict !== undefined && { strict: format.strict }),
  };
}
