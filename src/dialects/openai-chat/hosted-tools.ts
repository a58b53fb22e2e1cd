// Search, the one tool that OpenAI's chat models run, to and from what other vendors' searches do. It is
// asked for by a field of its own; OpenRouter lists its own among the tools.

import type { JsonObject } from "#core/json.ts";
import { asNumber, asObject, asString } from "#core/json.ts";
import type { HostedTool } from "../neutral.ts";

/** What `web_search_options` asks for. */
export function readSearchOptions(options: JsonObject): HostedTool {
  const given = asObject(asObject(options["user_location"])?.["approximate"]);
  if (given === undefined) return { does: "web-search" };
  const members = (["city", "region", "country", "timezone"] as const).flatMap((name) => {
    const value = asString(given[name]);
    return value === undefined ? [] : [[name, value] as const];
  });
  return { does: "web-search", location: Object.fromEntries(members) };
}

/** What an entry of `tools` that is no function does; undefined when nobody else has its like. */
export function readHosted(tool: JsonObject): HostedTool | undefined {
  if (tool["type"] !== "openrouter:web_search") return undefined;
  const maxUses = asNumber(asObject(tool["parameters"])?.["max_uses"]);
  return { does: "web-search", ...(maxUses !== undefined && { maxUses }) };
}

/**
 * `web_search_options`; undefined when it is no search, when the model has none
 * (platform.openai.com/docs/guides/tools-web-search, 2026-11), or when it is bound to domains.
 */
export function writeSearchOptions(tool: HostedTool, model: string): JsonObject | undefined {
  const isBound = tool.allowedDomains !== undefined || tool.blockedDomains !== undefined;
  if (tool.does !== "web-search" || isBound || !/search/i.test(model)) return undefined;
  if (tool.location === undefined) return {};
  return { user_location: { type: "approximate", approximate: { ...tool.location } } };
}
