// Tools and the choice among them to the neutral form.

import type { Json, JsonObject } from "#core/json.ts";
import { isJsonObject } from "#core/json.ts";
import type { Tool, ToolChoice, VendorTool } from "../neutral.ts";
import { GEMINI_GENERATE } from "./dialect-id.ts";
import type { Fields } from "./fields.ts";
import { readHosted } from "./hosted-tools.ts";
import { schemaToJsonSchema } from "./schema.ts";

const DECLARATION_FIELDS = new Set(["name", "description", "parameters", "parametersJsonSchema"]);
const TOOL_CONFIG_FIELDS = new Set(["functionCallingConfig"]);
const CALLING_FIELDS = new Set(["mode", "allowedFunctionNames"]);

/** Reads `tools`. Fields of a declaration that only Gemini has go to `extras`, by the tool's name. */
export function readTools(
  body: Fields,
  extras: Map<string, Json>,
): { tools: Tool[]; vendorTools: VendorTool[] } {
  const tools: Tool[] = [];
  const vendorTools: VendorTool[] = [];
  for (const entry of body.objects("tools")) {
    for (const declaration of entry.objects("functionDeclarations")) {
      tools.push(readDeclaration(declaration, extras));
    }
    for (const [name, value] of entry.rest(new Set(["functionDeclarations"]))) {
      const hosted = readHosted(name, value);
      const shared = hosted === undefined ? {} : { hosted };
      vendorTools.push({ origin: GEMINI_GENERATE, name, value: { [name]: value }, ...shared });
    }
  }
  return { tools, vendorTools };
}

function readDeclaration(declaration: Fields, extras: Map<string, Json>): Tool {
  const name = declaration.string("name") ?? "";
  if (name === "") declaration.refuse("name", "the name of the function");
  const description = declaration.string("description");
  const parameters = readParameters(declaration);
  for (const [field, value] of declaration.rest(DECLARATION_FIELDS)) {
    extras.set(`functionDeclarations.${name}.${field}`, value);
  }
  return {
    name,
    ...(description !== undefined && { description }),
    ...(parameters !== undefined && { parameters }),
  };
}

function readParameters(declaration: Fields): JsonObject | undefined {
  const jsonSchema = declaration.value("parametersJsonSchema");
  if (jsonSchema !== undefined) {
    return isJsonObject(jsonSchema)
      ? jsonSchema
      : declaration.refuse("parametersJsonSchema", "a JSON schema");
  }
  const schema = declaration.object("parameters");
  return schema === undefined ? undefined : schemaToJsonSchema(schema.json);
}

/** Reads `toolConfig`: the choice, and the rest into `extras`. */
export function readToolChoice(body: Fields, extras: Map<string, Json>): ToolChoice | undefined {
  const config = body.object("toolConfig");
  if (config === undefined) return undefined;
  for (const [name, value] of config.rest(TOOL_CONFIG_FIELDS))
    extras.set(`toolConfig.${name}`, value);
  const calling = config.object("functionCallingConfig");
  if (calling === undefined) return undefined;
  for (const [name, value] of calling.rest(CALLING_FIELDS)) {
    extras.set(`toolConfig.functionCallingConfig.${name}`, value);
  }
  const mode = (calling.string("mode") ?? "").toUpperCase();
  const names = calling.strings("allowedFunctionNames") ?? [];
  const choice = choiceOf(mode, names);
  const isCarried = choice !== undefined && (choice.mode !== "auto" || mode === "AUTO");
  if (!isCarried && mode !== "" && mode !== "MODE_UNSPECIFIED") {
    extras.set("toolConfig.functionCallingConfig.mode", mode);
  }
  return choice;
}

/** VALIDATED is AUTO with arguments held to the schema; with names it is the choice among these. */
function choiceOf(mode: string, names: readonly string[]): ToolChoice | undefined {
  const [name] = names;
  if (mode === "NONE") return { mode: "none" };
  if (mode === "ANY") {
    if (name === undefined) return { mode: "required" };
    return names.length === 1
      ? { mode: "named", name }
      : { mode: "allowed", names, required: true };
  }
  if (mode === "AUTO" || mode === "VALIDATED") {
    return name === undefined ? { mode: "auto" } : { mode: "allowed", names, required: false };
  }
  return undefined;
}
