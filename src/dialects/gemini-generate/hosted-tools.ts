// Tools that Google runs, to and from what other vendors' tools do too.

import type { JsonObject } from "#core/json.ts";
import { asArray, asObject } from "#core/json.ts";
import type { HostedTool } from "../neutral.ts";

/** Members of a tool (ai.google.dev/api/caching#Tool, 2026-08). */
const MEMBERS: ReadonlyMap<string, HostedTool["does"]> = new Map([
  ["googleSearch", "web-search"],
  ["googleSearchRetrieval", "web-search"],
  ["urlContext", "web-fetch"],
  ["codeExecution", "code-execution"],
] as const);

/** What a tool of Google's does; undefined when nobody else has its like. */
export function readHosted(name: string, value: unknown): HostedTool | undefined {
  const does = MEMBERS.get(name);
  if (does === undefined) return undefined;
  const excluded = asArray(asObject(value)?.["excludeDomains"]);
  const blockedDomains = excluded.filter((domain) => typeof domain === "string");
  return { does, ...(blockedDomains.length > 0 && { blockedDomains }) };
}

/** What Google's tool cannot be told, of a tool that another vendor runs. */
export function untold(tool: HostedTool): string[] {
  return [
    ...(tool.maxUses === undefined ? [] : ["max_uses"]),
    ...(tool.location === undefined ? [] : ["user_location"]),
  ];
}

/** Google's tool for it; undefined when it has none, or none that keeps to the domains given. */
export function writeHosted(tool: HostedTool): JsonObject | undefined {
  // A search over the whole web is another thing than one of the pages that the caller trusts.
  if (tool.allowedDomains !== undefined || tool.blockedDomains !== undefined) return undefined;
  switch (tool.does) {
    case "web-search":
      return { googleSearch: {} };
    case "web-fetch":
      return { urlContext: {} };
    case "code-execution":
      return { codeExecution: {} };
    case "tool-search":
      return undefined;
  }
}
