// Tools and the choice among them, as neutral ones.

import type { JsonObject } from "#core/json.ts";
import { asArray, asObject, asString } from "#core/json.ts";
import type { Tool, ToolChoice, VendorTool } from "../neutral.ts";
import { readCachePoint } from "./cache-point.ts";
import { BEDROCK_CONVERSE } from "./dialect-id.ts";
import type { Extras } from "./extras.ts";
import { keepExtras } from "./extras.ts";

const TOOL_MEMBERS = new Set(["name", "description", "inputSchema", "strict"]);
const CONFIG_MEMBERS = new Set(["tools", "toolChoice"]);

/** Both sorts of tools, each in the caller's order, and the choice among them. */
export interface ReadTools {
  readonly tools: readonly Tool[];
  readonly vendorTools: readonly VendorTool[];
  readonly toolChoice?: ToolChoice;
}

/** Reads `toolConfig`. A cache point becomes a mark of the tool before it. */
export function readTools(body: JsonObject, extras: Extras): ReadTools {
  const config = asObject(body["toolConfig"]) ?? {};
  keepExtras(extras, "toolConfig.", config, CONFIG_MEMBERS);
  const tools: Tool[] = [];
  const vendorTools: VendorTool[] = [];
  let isLastOurs = false;
  asArray(config["tools"]).forEach((entry, position) => {
    const item = asObject(entry) ?? {};
    const cache = readCachePoint(item);
    const last = tools.at(-1);
    const tool = readTool(item);
    if (tool !== undefined) {
      tools.push(tool);
      const path = `toolConfig.tools[${position}].toolSpec.`;
      keepExtras(extras, path, asObject(item["toolSpec"]) ?? {}, TOOL_MEMBERS);
    } else if (cache !== undefined && last !== undefined && isLastOurs && !last.cache) {
      tools[tools.length - 1] = { ...last, cache };
    } else vendorTools.push(vendorTool(item, position));
    isLastOurs = tool !== undefined;
  });
  return { tools, vendorTools, ...readToolChoice(config, extras) };
}

function readTool(item: JsonObject): Tool | undefined {
  const spec = asObject(item["toolSpec"]);
  const name = asString(spec?.["name"]);
  const schema = asObject(spec?.["inputSchema"]);
  if (spec === undefined || name === undefined) return undefined;
  const description = asString(spec["description"]);
  const parameters = asObject(schema?.["json"]);
  const { strict } = spec;
  return {
    name,
    ...(description !== undefined && { description }),
    ...(parameters !== undefined && { parameters }),
    ...(typeof strict === "boolean" && { strict }),
  };
}

function vendorTool(value: JsonObject, position: number): VendorTool {
  const kind = Object.keys(value)[0] ?? "tool";
  const name = asString(asObject(value[kind])?.["name"]) ?? kind;
  return { origin: BEDROCK_CONVERSE, name, value, position };
}

function readToolChoice(config: JsonObject, extras: Extras): { toolChoice?: ToolChoice } {
  const choice = asObject(config["toolChoice"]);
  if (choice === undefined) return {};
  const name = asString(asObject(choice["tool"])?.["name"]);
  if (name !== undefined) return { toolChoice: { mode: "named", name } };
  if (choice["any"] !== undefined) return { toolChoice: { mode: "required" } };
  if (choice["auto"] !== undefined) return { toolChoice: { mode: "auto" } };
  extras.set("toolConfig.toolChoice", choice);
  return {};
}
