// Tools that OpenAI runs in the Responses API, to and from what other vendors' tools do too.

import type { JsonObject } from "#core/json.ts";
import { asArray, asObject, asString } from "#core/json.ts";
import type { HostedTool } from "../neutral.ts";

/** What a tool of OpenAI's does; undefined when nobody else has its like. */
export function readHosted(tool: JsonObject): HostedTool | undefined {
  const type = asString(tool["type"]) ?? "";
  if (/^web_search(?:_preview)?(?:_\d{4}_\d{2}_\d{2})?$/.test(type)) return readSearch(tool);
  // Files of the container live at OpenAI.
  const files = asObject(tool["container"])?.["file_ids"];
  const hasFiles = asArray(files).length > 0 || typeof tool["container"] === "string";
  return type === "code_interpreter" && !hasFiles ? { does: "code-execution" } : undefined;
}

function readSearch(tool: JsonObject): HostedTool {
  const domains = asArray(asObject(tool["filters"])?.["allowed_domains"]);
  const allowedDomains = domains.filter((domain) => typeof domain === "string");
  const given = asObject(tool["user_location"]);
  const location = (["city", "region", "country", "timezone"] as const).flatMap((name) => {
    const value = asString(given?.[name]);
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    does: "web-search",
    ...(allowedDomains.length > 0 && { allowedDomains }),
    ...(location.length > 0 && { location: Object.fromEntries(location) }),
  };
}

/** OpenAI's tool for it; undefined when it has none, or none that keeps to the domains given. */
export function writeHosted(tool: HostedTool): JsonObject | undefined {
  if (tool.does === "code-execution") {
    return { type: "code_interpreter", container: { type: "auto" } };
  }
  if (tool.does !== "web-search" || tool.blockedDomains !== undefined) return undefined;
  const { allowedDomains, location } = tool;
  return {
    type: "web_search",
    ...(allowedDomains !== undefined && { filters: { allowed_domains: [...allowedDomains] } }),
    ...(location !== undefined && { user_location: { type: "approximate", ...location } }),
  };
}
