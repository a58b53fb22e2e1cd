// Checks the content of a request and counts what is in it, in one walk.

import { invalidRequest } from "#core/errors.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asObject, isJsonObject } from "#core/json.ts";

/** What the model will read. */
export interface ContentTally {
  textLength: number;
  imageCount: number;
  fileCount: number;
}

/**
 * Counts content that is a string or a list of blocks.
 * @param path of it in the request, for errors
 * @throws GatewayError `invalid_request`
 */
export function tallyContent(content: Json | undefined, path: string, tally: ContentTally): void {
  if (typeof content === "string") {
    tally.textLength += content.length;
    return;
  }
  if (!Array.isArray(content)) throw invalidRequest(path, `${path} must be a string or a list.`);
  content.forEach((block, index) => {
    const place = `${path}[${index}]`;
    if (!isJsonObject(block)) throw invalidRequest(place, `${place} must be an object.`);
    tallyBlock(block, place, tally);
  });
}

/** UTF-16 code units of all strings in a value, names of members included. */
export function lengthOfText(value: Json | undefined): number {
  if (typeof value === "string") return value.length;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + lengthOfText(item), 0);
  if (!isJsonObject(value)) return 0;
  let sum = 0;
  for (const [key, member] of Object.entries(value)) sum += key.length + lengthOfText(member);
  return sum;
}

function tallyBlock(block: JsonObject, path: string, tally: ContentTally): void {
  switch (requireText(block, "type", path)) {
    case "text":
      tally.textLength += requireText(block, "text", path).length;
      return;
    case "image":
      requireSource(block, path);
      tally.imageCount += 1;
      return;
    case "document":
      tallyDocument(block, path, tally);
      return;
    case "container_upload":
      tally.fileCount += 1;
      return;
    case "thinking":
      tally.textLength += requireText(block, "thinking", path).length;
      return;
    case "redacted_thinking":
      requireText(block, "data", path);
      return;
    case "tool_use":
      requireText(block, "id", path);
      tally.textLength += requireText(block, "name", path).length + lengthOfInput(block, path);
      return;
    case "tool_result":
      requireText(block, "tool_use_id", path);
      if (block["content"] != null) tallyContent(block["content"], `${path}.content`, tally);
      return;
    default:
      tally.textLength += lengthOfText(block);
  }
}

function tallyDocument(block: JsonObject, path: string, tally: ContentTally): void {
  const source = requireSource(block, path);
  // A document in words is text for every model; only others need one that reads files.
  if (source["type"] !== "text" && source["type"] !== "content") tally.fileCount += 1;
  tally.textLength += lengthOfText(block["title"]) + lengthOfText(block["context"]);
  if (source["type"] === "text") tally.textLength += lengthOfText(source["data"]);
  if (source["type"] === "content") tally.textLength += lengthOfParts(source["content"]);
}

/** Text of the blocks that a document is made of; images among them have none. */
function lengthOfParts(content: Json | undefined): number {
  if (typeof content === "string") return content.length;
  return asArray(content).reduce<number>((sum, block) => {
    return sum + lengthOfText(asObject(block)?.["text"]);
  }, 0);
}

function lengthOfInput(block: JsonObject, path: string): number {
  const input = block["input"];
  if (!isJsonObject(input)) {
    throw invalidRequest(`${path}.input`, `${path}.input must be an object.`);
  }
  return lengthOfText(input);
}

function requireSource(block: JsonObject, path: string): JsonObject {
  const source = block["source"];
  if (isJsonObject(source)) return source;
  throw invalidRequest(`${path}.source`, `${path}.source must be an object.`);
}

function requireText(block: JsonObject, key: string, path: string): string {
  const text = block[key];
  if (typeof text === "string") return text;
  throw invalidRequest(`${path}.${key}`, `${path}.${key} must be a string.`);
}
