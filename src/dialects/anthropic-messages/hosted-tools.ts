// Tools that Anthropic runs, to and from what other vendors' tools do too.

import type { JsonObject } from "#core/json.ts";
import { asArray, asNumber, asObject, asString } from "#core/json.ts";
import type { HostedTool } from "../neutral.ts";

/** Type names without their date. The versions differ in what the model may do with the results. */
const KINDS: readonly (readonly [type: RegExp, does: HostedTool["does"]])[] = [
  [/^web_search_\d{8}$/, "web-search"],
  [/^web_fetch_\d{8}$/, "web-fetch"],
  [/^code_execution_\d{8}$/, "code-execution"],
  [/^tool_search_tool_(?:bm25|regex)(?:_\d{8})?$/, "tool-search"],
];

/** The versions that every model with hosted tools takes (vendor's SDK types, 2026-11). */
const TYPES: Readonly<Partial<Record<HostedTool["does"], { type: string; name: string }>>> = {
  "web-search": { type: "web_search_20250305", name: "web_search" },
  "web-fetch": { type: "web_fetch_20250910", name: "web_fetch" },
  "code-execution": { type: "code_execution_20250825", name: "code_execution" },
};

/** What a tool of Anthropic's does; undefined when nobody else has its like. */
export function readHosted(tool: JsonObject): HostedTool | undefined {
  const type = asString(tool["type"]) ?? "";
  const does = KINDS.find(([kind]) => kind.test(type))?.[1];
  if (does === undefined) return undefined;
  const maxUses = asNumber(tool["max_uses"]);
  const location = readLocation(asObject(tool["user_location"]));
  return {
    does,
    ...readDomains("allowedDomains", tool["allowed_domains"]),
    ...readDomains("blockedDomains", tool["blocked_domains"]),
    ...(maxUses !== undefined && { maxUses }),
    ...(location !== undefined && { location }),
  };
}

function readDomains(name: "allowedDomains" | "blockedDomains", value: unknown) {
  const domains = asArray(value).filter((domain) => typeof domain === "string");
  return domains.length === 0 ? {} : { [name]: domains };
}

function readLocation(given: JsonObject | undefined): HostedTool["location"] {
  if (given === undefined) return undefined;
  const members = (["city", "region", "country", "timezone"] as const).flatMap((name) => {
    const value = asString(given[name]);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(members);
}

/** Anthropic's tool for it; undefined when it has none. */
export function writeHosted(tool: HostedTool): JsonObject | undefined {
  const type = TYPES[tool.does];
  if (type === undefined) return undefined;
  const { allowedDomains, blockedDomains, maxUses, location } = tool;
  return {
    ...type,
    ...(allowedDomains !== undefined && { allowed_domains: [...allowedDomains] }),
    ...(blockedDomains !== undefined && { blocked_domains: [...blockedDomains] }),
    ...(maxUses !== undefined && { max_uses: maxUses }),
    ...(location !== undefined && { user_location: { type: "approximate", ...location } }),
  };
}
