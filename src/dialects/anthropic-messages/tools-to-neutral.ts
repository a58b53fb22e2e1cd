// Tools and the choice among them, as neutral ones.

import type { JsonObject } from "#core/json.ts";
import { asArray, asObject, asString } from "#core/json.ts";
import type { NeutralRequest, Tool, ToolChoice, VendorTool } from "../neutral.ts";
import { isPlainCacheControl, readCacheMark } from "./cache-mark.ts";
import { clientTool } from "./client-tools.ts";
import { ANTHROPIC_MESSAGES } from "./dialect-id.ts";
import type { Extras } from "./extras.ts";
import { keepExtras } from "./extras.ts";
import { readHosted } from "./hosted-tools.ts";

const TOOL_MEMBERS = new Set(["name", "description", "input_schema", "strict"]);
const CHOICE_MEMBERS = new Set(["type", "name", "disable_parallel_tool_use"]);

/** Both sorts of tools, each in the caller's order. */
export interface ReadTools {
  readonly tools: readonly Tool[];
  readonly vendorTools: readonly VendorTool[];
}

/** What stands for the tools of servers that Anthropic itself asks. */
export const MCP_SERVERS = "mcp_servers";

/** Reads `tools`: those with a schema are the caller's, all others the vendor's. */
export function readTools(body: JsonObject, extras: Extras): ReadTools {
  const tools: Tool[] = [];
  const vendorTools: VendorTool[] = [];
  asArray(body["tools"]).forEach((entry, position) => {
    const tool = asObject(entry) ?? {};
    const name = asString(tool["name"]);
    const type = asString(tool["type"]) ?? "custom";
    if (type === "custom" && name !== undefined) {
      tools.push(readTool(tool, name));
      const known = isPlainCacheControl(tool) ? WITH_CACHE : TOOL_MEMBERS;
      keepExtras(extras, `tools[${position}].`, tool, known);
    } else {
      vendorTools.push({ ...readVendorTool(tool, name ?? type), position });
    }
  });
  // The servers themselves go along with what only Anthropic has.
  if (asArray(body[MCP_SERVERS]).length > 0) {
    vendorTools.push({ origin: ANTHROPIC_MESSAGES, name: MCP_SERVERS, value: {} });
  }
  return { tools, vendorTools };
}

function readVendorTool(tool: JsonObject, name: string): VendorTool {
  const hosted = readHosted(tool);
  const asFunction = clientTool(asString(tool["type"]) ?? "", name);
  return {
    origin: ANTHROPIC_MESSAGES,
    name,
    value: tool,
    ...(hosted !== undefined && { hosted }),
    ...(asFunction !== undefined && { asFunction }),
  };
}

const WITH_CACHE = new Set([...TOOL_MEMBERS, "cache_control"]);

function readTool(tool: JsonObject, name: string): Tool {
  const description = asString(tool["description"]);
  const parameters = asObject(tool["input_schema"]);
  const strict = tool["strict"];
  return {
    name,
    ...(description !== undefined && { description }),
    ...(parameters !== undefined && { parameters }),
    ...(typeof strict === "boolean" && { strict }),
    ...readCacheMark(tool),
  };
}

/** Reads `tool_choice` and the wish for parallel calls that it holds. */
export function readToolChoice(
  body: JsonObject,
  extras: Extras,
): Pick<NeutralRequest, "toolChoice" | "parallelToolCalls"> {
  const choice = asObject(body["tool_choice"]);
  if (choice === undefined) return {};
  const toolChoice = readMode(choice);
  if (toolChoice === undefined) {
    extras.set("tool_choice", choice);
    return {};
  }
  keepExtras(extras, "tool_choice.", choice, CHOICE_MEMBERS);
  const isSerial = choice["disable_parallel_tool_use"];
  return { toolChoice, ...(typeof isSerial === "boolean" && { parallelToolCalls: !isSerial }) };
}

function readMode(choice: JsonObject): ToolChoice | undefined {
  const name = asString(choice["name"]);
  switch (choice["type"]) {
    case "auto":
    case "none":
      return { mode: choice["type"] };
    case "any":
      return { mode: "required" };
    case "tool":
      return name === undefined ? undefined : { mode: "named", name };
    default:
      return undefined;
  }
}
