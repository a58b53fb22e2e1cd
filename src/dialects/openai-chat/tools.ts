// Tools, the choice among them and the shape of the answer, both ways.

import { GatewayError, invalidRequest } from "#core/errors.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { asObject, asString } from "#core/json.ts";
import type { UpstreamContext } from "../dialect.ts";
import type { NeutralRequest, ResponseFormat, Tool, ToolChoice, VendorTool } from "../neutral.ts";
import { cacheOf } from "./content-to-parts.ts";
import { OPENAI_CHAT } from "./dialect-id.ts";
import type { Extras } from "./extras.ts";
import { keepUnknown } from "./extras.ts";
import { booleanAt, objectAt, objectsAt, requiredString, stringAt } from "./fields.ts";
import { readHosted, readSearchOptions, writeSearchOptions } from "./hosted-tools.ts";

/** A hosted tool that is asked for by a field of its own instead of an entry in `tools`. */
const WEB_SEARCH = "web_search_options";

const TOOL_MEMBERS: ReadonlySet<string> = new Set(["type", "function", "cache_control"]);
const FUNCTION_MEMBERS: ReadonlySet<string> = new Set([
  ...["name", "description", "parameters", "strict"],
]);

/** Reads `tools` and the hosted tools. */
export function readTools(
  body: JsonObject,
  extras: Extras,
): Pick<NeutralRequest, "tools" | "vendorTools"> {
  const tools: Tool[] = [];
  const vendorTools: VendorTool[] = [];
  objectsAt(body, "tools").forEach((tool, position) => {
    const path = `tools[${position}]`;
    // Mistral's own client leaves the type out.
    const type = stringAt(tool, "type", path) ?? "function";
    if (type === "function") {
      tools.push(readTool(tool, path));
      keepUnknown(extras, "tools", tool, TOOL_MEMBERS);
      keepUnknown(extras, "tools.function", objectAt(tool, "function", path), FUNCTION_MEMBERS);
    } else vendorTools.push(readVendorTool(tool, type, position));
  });
  const search = objectAt(body, WEB_SEARCH);
  if (search !== undefined) {
    const hosted = readSearchOptions(search);
    vendorTools.push({ origin: OPENAI_CHAT, name: WEB_SEARCH, value: search, hosted });
  }
  return { tools, vendorTools };
}

function readVendorTool(tool: JsonObject, name: string, position: number): VendorTool {
  const hosted = readHosted(tool);
  const shared = hosted === undefined ? {} : { hosted };
  return { origin: OPENAI_CHAT, name, value: tool, position, ...shared };
}

function readTool(tool: JsonObject, path: string): Tool {
  const declared = objectAt(tool, "function", path) ?? {};
  const place = `${path}.function`;
  const description = stringAt(declared, "description", place);
  const parameters = objectAt(declared, "parameters", place);
  const strict = booleanAt(declared, "strict", place);
  const cache = cacheOf(tool);
  return {
    name: requiredString(declared, "name", place),
    ...(description !== undefined && { description }),
    ...(parameters !== undefined && { parameters }),
    ...(strict !== undefined && { strict }),
    ...(cache !== undefined && { cache }),
  };
}

/** Writes `tools` and the hosted tools of this dialect. */
export function writeTools(request: NeutralRequest, context: UpstreamContext): JsonObject {
  const list: Json[] = request.tools.map(writeTool);
  const body: JsonObject = {};
  for (const tool of request.vendorTools) {
    if (tool.origin !== OPENAI_CHAT) body[WEB_SEARCH] = writeForeign(tool, context);
    else if (tool.name === WEB_SEARCH) body[WEB_SEARCH] = tool.value;
    else list.splice(tool.position ?? list.length, 0, tool.value);
  }
  if (list.length > 0) body["tools"] = list;
  return body;
}

function writeForeign(tool: VendorTool, context: UpstreamContext): JsonObject {
  const options =
    tool.hosted === undefined ? undefined : writeSearchOptions(tool.hosted, context.model);
  if (options === undefined) throw unsupported(`The tool "${tool.name}"`);
  context.notice("converted", tool.name);
  return options;
}

function writeTool(tool: Tool): JsonObject {
  return {
    type: "function",
    function: {
      name: tool.name,
      ...(tool.description !== undefined && { description: tool.description }),
      ...(tool.parameters !== undefined && { parameters: tool.parameters }),
      ...(tool.strict !== undefined && { strict: tool.strict }),
    },
  };
}

/** Something that this dialect has no place for and that must not be left out silently. */
export function unsupported(what: string): GatewayError {
  return new GatewayError(
    "unsupported_feature",
    `${what} cannot be sent to a chat completions API.`,
  );
}

/** Reads `tool_choice`; `any` is Mistral's word for `required`. */
export function readToolChoice(body: JsonObject): ToolChoice | undefined {
  const choice = body["tool_choice"] ?? undefined;
  if (choice === undefined) return undefined;
  if (choice === "auto" || choice === "none" || choice === "required") return { mode: choice };
  if (choice === "any") return { mode: "required" };
  const chosen = asObject(choice);
  const name = asString(asObject(chosen?.["function"])?.["name"]);
  if (name !== undefined) return { mode: "named", name };
  const allowed = asObject(chosen?.["allowed_tools"]);
  if (allowed !== undefined) return readAllowed(allowed);
  throw invalidRequest("tool_choice", '"tool_choice" is none of the forms that are known.');
}

function readAllowed(allowed: JsonObject): ToolChoice {
  const path = "tool_choice.allowed_tools";
  const names = objectsAt(allowed, "tools", path).map((tool, index) => {
    const place = `${path}.tools[${index}].function`;
    return requiredString(asObject(tool["function"]) ?? {}, "name", place);
  });
  return { mode: "allowed", names, required: allowed["mode"] === "required" };
}

/** Writes `tool_choice`. */
export function writeToolChoice(choice: ToolChoice): Json {
  switch (choice.mode) {
    case "named":
      return { type: "function", function: { name: choice.name } };
    case "allowed": {
      const tools = choice.names.map((name) => ({ type: "function", function: { name } }));
      const mode = choice.required ? "required" : "auto";
      return { type: "allowed_tools", allowed_tools: { mode, tools } };
    }
    default:
      return choice.mode;
  }
}

/** Reads `response_format`; plain text is what no format means. */
export function readResponseFormat(body: JsonObject): ResponseFormat | undefined {
  const format = objectAt(body, "response_format");
  const type = format?.["type"];
  if (format === undefined || type === "text") return undefined;
  if (type === "json_object") return { kind: "json" };
  const path = "response_format.json_schema";
  const given =
    type === "json_schema" ? objectAt(format, "json_schema", "response_format") : undefined;
  if (given === undefined) {
    throw invalidRequest(
      "response_format",
      '"response_format" is none of the forms that are known.',
    );
  }
  const description = stringAt(given, "description", path);
  const strict = booleanAt(given, "strict", path);
  return {
    kind: "schema",
    name: requiredString(given, "name", path),
    schema: objectAt(given, "schema", path) ?? {},
    ...(description !== undefined && { description }),
    ...(strict !== undefined && { strict }),
  };
}

/** Writes `response_format` for a model that has schemas. */
export function writeResponseFormat(format: ResponseFormat): JsonObject {
  if (format.kind === "json") return { type: "json_object" };
  const { kind: _kind, ...schema } = format;
  return { type: "json_schema", json_schema: { ...schema } };
}
