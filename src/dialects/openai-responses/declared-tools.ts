// The tools that a request declares, wherever it does: in `tools`, inside a namespace, or in items of the
// input that add more. Other dialects know one flat list of functions, so tools in a namespace get a name
// that holds both, and whatever is no plain function is remembered under the name that it goes by.

import type { JsonObject } from "#core/json.ts";
import { asArray, asObject, asString, isJsonObject } from "#core/json.ts";

/** What a tool is to its caller. */
export type ToolForm = "function" | "custom" | "search";

/** One tool that the caller answers itself. */
export interface DeclaredTool {
  /** As it is known to other dialects. */
  readonly flatName: string;
  readonly form: ToolForm;
  readonly name: string;
  /** Empty outside of one. */
  readonly namespace: string;
  readonly declaration: JsonObject;
  /** Of the declaration in the request. */
  readonly path: string;
}

/** One tool that the vendor runs. */
export interface HostedTool {
  readonly declaration: JsonObject;
  readonly path: string;
  /** Place in `tools`; -1 when it stands elsewhere. */
  readonly position: number;
}

/** All tools of a request. */
export interface DeclaredTools {
  readonly own: readonly DeclaredTool[];
  readonly hosted: readonly HostedTool[];
}

/** Name of the tool by which a client itself looks for tools. */
export const TOOL_SEARCH = "tool_search";
const JOINT = "__";
/** Items of the input that bring tools. */
const BEARERS: ReadonlySet<string> = new Set(["additional_tools", "tool_search_output"]);

/** The name of a tool outside of its namespace. */
export function flatName(namespace: string, name: string): string {
  return namespace === "" ? name : `${namespace}${JOINT}${name}`;
}

/**
 * Finds tools by what calls name: a namespace that was not declared is one that the vendor gave to a tool
 * which its own search had found.
 */
export function nameAmong({ own }: DeclaredTools): (namespace: string, name: string) => string {
  const known = new Set(own.map((tool) => tool.flatName));
  return (namespace, name) => {
    const flat = flatName(namespace, name);
    return known.has(flat) ? flat : name;
  };
}

/** Collects the tools of a request in their order. A tool that is declared twice counts once. */
export function declaredTools(body: JsonObject): DeclaredTools {
  const own = new Map<string, DeclaredTool>();
  const hosted: HostedTool[] = [];
  const take = (entry: unknown, path: string, position: number) => {
    const tool = readTool(entry, path, "");
    if (tool !== undefined) addOnce(own, tool);
    else if (isJsonObject(entry)) addHosted({ entry, path, position }, own, hosted);
  };
  asArray(body["tools"]).forEach((entry, index) => {
    take(entry, `tools[${index}]`, index);
  });
  asArray(body["input"]).forEach((item, index) => {
    if (!isJsonObject(item) || !BEARERS.has(asString(item["type"]) ?? "")) return;
    asArray(item["tools"]).forEach((entry, place) => {
      take(entry, `input[${index}].tools[${place}]`, -1);
    });
  });
  return { own: [...own.values()], hosted };
}

/** A namespace gives its tools; all else that is not the caller's is the vendor's. */
function addHosted(
  { entry, path, position }: { entry: JsonObject; path: string; position: number },
  own: Map<string, DeclaredTool>,
  hosted: HostedTool[],
): void {
  const namespace = asString(entry["name"]);
  if (entry["type"] !== "namespace" || namespace === undefined) {
    hosted.push({ declaration: entry, path, position });
    return;
  }
  asArray(entry["tools"]).forEach((inner, index) => {
    const tool = readTool(inner, `${path}.tools[${index}]`, namespace);
    if (tool !== undefined) addOnce(own, tool);
  });
}

function addOnce(own: Map<string, DeclaredTool>, tool: DeclaredTool): void {
  if (!own.has(tool.flatName)) own.set(tool.flatName, tool);
}

function readTool(entry: unknown, path: string, namespace: string): DeclaredTool | undefined {
  const declaration = asObject(entry);
  if (declaration === undefined) return undefined;
  const form = formOf(declaration);
  const name = form === "search" ? TOOL_SEARCH : asString(declaration["name"]);
  if (form === undefined || name === undefined || name === "") return undefined;
  return { flatName: flatName(namespace, name), form, name, namespace, declaration, path };
}

function formOf(declaration: JsonObject): ToolForm | undefined {
  const type = declaration["type"];
  if (type === "function" || type === "custom") return type;
  return type === TOOL_SEARCH && declaration["execution"] === "client" ? "search" : undefined;
}
