// Tools and the choice among them, as neutral ones. A custom tool takes free text; to others it is a
// function with that text as its one argument.

import { invalidRequest } from "#core/errors.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asObject, asString } from "#core/json.ts";
import type { NeutralRequest, Tool, ToolChoice } from "../neutral.ts";
import { booleanAt, objectAt, stringAt } from "../openai-chat/fields.ts";
import type { DeclaredTool, DeclaredTools } from "./declared-tools.ts";
import { declaredTools, nameAmong, TOOL_SEARCH } from "./declared-tools.ts";
import { OPENAI_RESPONSES } from "./dialect-id.ts";
import { readHosted } from "./hosted-tools.ts";

type Extras = Map<string, Json>;

/** Read below, or about when a tool is shown to the model: others show all tools at once. */
const FUNCTION_MEMBERS: ReadonlySet<string> = new Set([
  ...["type", "name", "description", "parameters", "strict", "defer_loading"],
]);
const CUSTOM_MEMBERS: ReadonlySet<string> = new Set([
  ...["type", "name", "description", "format", "defer_loading"],
]);
const SEARCH_MEMBERS: ReadonlySet<string> = new Set([
  ...["type", "description", "parameters", "execution"],
]);

/** Reads the tools of a request, wherever they are declared. */
export function readTools(
  body: JsonObject,
  extras: Extras,
): Pick<NeutralRequest, "tools" | "vendorTools"> {
  const declared = declaredTools(body);
  return {
    tools: declared.own.map((tool) => readTool(tool, extras)),
    vendorTools: declared.hosted.flatMap(({ declaration, position }) => {
      const name = asString(declaration["type"]) ?? "tool";
      if (name === TOOL_SEARCH) {
        // It only chooses which of the other tools the model sees, and they are all offered.
        extras.set(`tools.${TOOL_SEARCH}`, true);
        return [];
      }
      const place = position < 0 ? {} : { position };
      const hosted = readHosted(declaration);
      const shared = hosted === undefined ? {} : { hosted };
      return [{ origin: OPENAI_RESPONSES, name, value: declaration, ...place, ...shared }];
    }),
  };
}

function readTool(tool: DeclaredTool, extras: Extras): Tool {
  const { declaration, path, flatName: name } = tool;
  const members = { function: FUNCTION_MEMBERS, custom: CUSTOM_MEMBERS, search: SEARCH_MEMBERS };
  for (const [key, value] of Object.entries(declaration)) {
    if (value === undefined || value === null || members[tool.form].has(key)) continue;
    extras.set(`${path}.${key}`, value);
  }
  if (tool.form === "custom") return readCustom(tool, extras);
  const description = stringAt(declaration, "description", path);
  const parameters = objectAt(declaration, "parameters", path);
  // Here `false` has to be said; everywhere else it is what no word means.
  const isStrict = booleanAt(declaration, "strict", path) === true;
  return {
    name,
    ...(description !== undefined && { description }),
    ...(parameters !== undefined && { parameters }),
    ...(isStrict && { strict: true }),
  };
}

/** What a custom tool takes, as others know it. */
const FREE_TEXT: JsonObject = Object.freeze({
  type: "object",
  properties: { input: { type: "string" } },
  required: ["input"],
  additionalProperties: false,
});

/** A grammar can be told to the model of another vendor, but not enforced. */
function readCustom({ declaration, path, flatName: name }: DeclaredTool, extras: Extras): Tool {
  const told = stringAt(declaration, "description", path);
  const format = objectAt(declaration, "format", path);
  const grammar = format?.["type"] === "grammar" ? asString(format["definition"]) : undefined;
  if (format !== undefined && format["type"] !== "text") extras.set(`${path}.format`, format);
  const syntax = asString(format?.["syntax"]) ?? "";
  const rule =
    grammar === undefined ? [] : [`The input must keep this ${syntax} grammar:\n${grammar}`];
  const description = [...(told === undefined ? [] : [told]), ...rule].join("\n\n");
  return { name, ...(description !== "" && { description }), parameters: FREE_TEXT };
}

/** Reads `tool_choice`. The choice of a tool that the vendor runs goes to `extras`. */
export function readToolChoice(body: JsonObject, extras: Extras): { toolChoice?: ToolChoice } {
  const choice = body["tool_choice"] ?? undefined;
  if (choice === undefined) return {};
  if (choice === "auto" || choice === "none" || choice === "required") {
    return { toolChoice: { mode: choice } };
  }
  const chosen = asObject(choice);
  if (chosen === undefined) {
    throw invalidRequest("tool_choice", '"tool_choice" is none of the forms that are known.');
  }
  if (chosen["type"] === "allowed_tools") return { toolChoice: readAllowed(chosen, body) };
  const name = calledName(chosen, declaredTools(body));
  if (name !== undefined) return { toolChoice: { mode: "named", name } };
  extras.set("tool_choice", choice);
  return {};
}

function readAllowed(chosen: JsonObject, body: JsonObject): ToolChoice {
  const declared = declaredTools(body);
  const names = asArray(chosen["tools"]).flatMap((entry) => {
    return calledName(asObject(entry) ?? {}, declared) ?? [];
  });
  return { mode: "allowed", names, required: chosen["mode"] === "required" };
}

/** The flat name of one of the caller's tools; in a namespace it may be named without that. */
function calledName(entry: JsonObject, declared: DeclaredTools): string | undefined {
  const { type } = entry;
  if (type !== "function" && type !== "custom") return undefined;
  const name = asString(entry["name"]);
  if (name === undefined) return undefined;
  const flat = nameAmong(declared)(asString(entry["namespace"]) ?? "", name);
  const isKnown = declared.own.some((tool) => tool.flatName === flat);
  return isKnown ? flat : (declared.own.find((tool) => tool.name === name)?.flatName ?? flat);
}
