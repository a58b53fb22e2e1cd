// The addresses that an answer cites, found by the vendors' own marks for a citation, whatever dialect
// the answer is in. Results of a search that the answer does not cite are none.

import { asArray, asObject, asString, type JsonObject } from "#core/json.ts";

/** @param values the reply, or the events of its stream */
export function citedAddresses(values: readonly unknown[]): string[] {
  const found = new Set<string>();
  for (const value of values) walk(value, found);
  return [...found].sort();
}

function walk(value: unknown, found: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, found);
    return;
  }
  const object = asObject(value);
  if (object === undefined) return;
  for (const address of addressesIn(object)) if (address !== undefined) found.add(address);
  for (const member of Object.values(object)) {
    if (typeof member === "object" && member !== null) walk(member, found);
  }
}

function addressesIn(object: JsonObject): (string | undefined)[] {
  switch (object["type"]) {
    case "web_search_result_location":
      return [asString(object["url"])];
    case "search_result_location":
      return [address(object["source"])];
    case "url_citation":
      return [asString((asObject(object["url_citation"]) ?? object)["url"])];
    default:
      return [...groundingIn(object), ...listIn(object), ...webLocationIn(object)];
  }
}

/** Google's chunks: pages, places and images, and stored documents that have an address. */
function groundingIn(object: JsonObject): (string | undefined)[] {
  return asArray(object["groundingChunks"]).map((entry) => {
    const chunk = asObject(entry) ?? {};
    const page = asObject(chunk["web"]) ?? asObject(chunk["maps"]) ?? asObject(chunk["image"]);
    const stored = asObject(chunk["retrievedContext"]);
    return asString(page?.["uri"]) ?? asString(page?.["sourceUri"]) ?? address(stored?.["uri"]);
  });
}

/** The list beside an answer of Perplexity's and xAI's. */
function listIn(object: JsonObject): (string | undefined)[] {
  const isReply = object["choices"] !== undefined;
  return isReply ? asArray(object["citations"]).map((entry) => address(entry)) : [];
}

/** Bedrock's `location: {web: {url}}`. */
function webLocationIn(object: JsonObject): (string | undefined)[] {
  return [asString(asObject(asObject(object["location"])?.["web"])?.["url"])];
}

function address(value: unknown): string | undefined {
  const text = asString(value);
  return text !== undefined && /^https?:/i.test(text) ? text : undefined;
}
