// What a reply says again of its request, and what is needed to name the caller's tools as it named
// them. Kept on the facts of the call, because replies are written without its body.

import type { CallFacts } from "#core/facts.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asObject, asString, isJsonObject } from "#core/json.ts";
import type { ToolForm } from "./declared-tools.ts";
import { declaredTools } from "./declared-tools.ts";

/** Small members that replies repeat; instructions and tools are left out for their size. */
const REPEATED = [
  "max_output_tokens",
  "max_tool_calls",
  "metadata",
  "parallel_tool_calls",
  "prompt_cache_key",
  "reasoning",
  "safety_identifier",
  "temperature",
  "text",
  "tool_choice",
  "top_logprobs",
  "top_p",
  "truncation",
  "user",
] as const;

/** How the caller knows a tool that goes by another name or form elsewhere. */
export interface KnownTool {
  readonly form: ToolForm;
  readonly name: string;
  readonly namespace: string;
}

/** What to keep of a request; undefined when there is nothing. */
export function echoOf(body: JsonObject): JsonObject | undefined {
  const settings: JsonObject = {};
  for (const key of REPEATED) {
    const value = body[key];
    if (value !== undefined && value !== null) settings[key] = value;
  }
  const tools = hasSpecialTool(body) ? specialTools(body) : [];
  if (tools.length === 0 && Object.keys(settings).length === 0) return undefined;
  return { settings, ...(tools.length > 0 && { tools }) };
}

/** The members that a reply repeats. */
export function repeatedSettings(facts: CallFacts): JsonObject {
  return asObject(facts.echo?.["settings"]) ?? {};
}

/** The tools that are no plain functions, by the name that other dialects know. */
export function knownTools(facts: CallFacts): ReadonlyMap<string, KnownTool> {
  const known = new Map<string, KnownTool>();
  for (const entry of asArray(facts.echo?.["tools"])) {
    const [flat, form, name, namespace] = asArray(entry).map((text) => asString(text) ?? "");
    if (flat === undefined || name === undefined || namespace === undefined) continue;
    if (form === "function" || form === "custom" || form === "search") {
      known.set(flat, { form, name, namespace });
    }
  }
  return known;
}

function specialTools(body: JsonObject): Json[] {
  return declaredTools(body)
    .own.filter(({ form, namespace }) => form !== "function" || namespace !== "")
    .map((tool) => [tool.flatName, tool.form, tool.name, tool.namespace]);
}

/** True when not every tool is a plain function; nearly all requests are done with this look. */
function hasSpecialTool(body: JsonObject): boolean {
  const isSpecial = (tool: Json) => asObject(tool)?.["type"] !== "function";
  if (asArray(body["tools"]).some(isSpecial)) return true;
  return asArray(body["input"]).some((item) => isJsonObject(item) && Array.isArray(item["tools"]));
}
