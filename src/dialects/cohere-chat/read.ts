// Facts of a Cohere request: what routing, metering and translation rely on, and nothing else is checked.

import { invalidRequest } from "#core/errors.ts";
import type { CallFacts } from "#core/facts.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asObject, asString, isJsonObject } from "#core/json.ts";
import type { CallHints } from "../dialect.ts";
import {
  booleanAt,
  countAt,
  listAt,
  objectAt,
  objectsAt,
  requiredString,
} from "../openai-chat/fields.ts";
import { COHERE_CHAT } from "./dialect-id.ts";

/**
 * Reads the facts of a request.
 * @throws GatewayError `invalid_request` with the path of the field
 */
export function readChat(body: JsonObject, hints: CallHints): CallFacts {
  const messages = objectsAt(body, "messages");
  if (messages.length === 0) throw invalidRequest("messages", '"messages" must not be empty.');
  const tools = listAt(body, "tools");
  const documents = listAt(body, "documents");
  let textLength = lengthOfAll(tools) + lengthOfAll(documents);
  let imageCount = 0;
  messages.forEach((message, index) => {
    requiredString(message, "role", `messages[${index}]`);
    const items = itemsOf(message["content"], `messages[${index}].content`);
    imageCount += items.filter((item) => item["type"] === "image_url").length;
    textLength += items.reduce((sum, item) => sum + lengthOfItem(item), 0);
    textLength += (asString(message["tool_plan"]) ?? "").length;
    textLength += lengthOfAll(asArray(message["tool_calls"]));
  });
  const format = objectAt(body, "response_format");
  const thinking = objectAt(body, "thinking");
  return {
    operation: hints.operation,
    dialect: COHERE_CHAT,
    model: requiredString(body, "model"),
    stream: booleanAt(body, "stream") ?? false,
    wantsUsage: true,
    textLength,
    maxOutputTokens: countAt(body, "max_tokens", 1) ?? 0,
    choices: 1,
    messageCount: messages.length,
    toolCount: tools.length,
    imageCount,
    audioCount: 0,
    fileCount: documents.length,
    hasSchema: format !== undefined && format["type"] !== "text",
    reasoning: thinking?.["type"] === "enabled",
    user: "",
    metadata: {},
  };
}

/** @throws GatewayError `invalid_request` when content is neither a text nor a list of objects */
export function itemsOf(content: Json | undefined, path: string): readonly JsonObject[] {
  if (content === undefined || content === null || content === "") return [];
  if (typeof content === "string") return [{ type: "text", text: content }];
  if (!Array.isArray(content)) throw invalidRequest(path, `"${path}" must be a string or a list.`);
  return content.map((item, index) => {
    if (isJsonObject(item)) return item;
    throw invalidRequest(`${path}[${index}]`, `"${path}[${index}]" must be an object.`);
  });
}

function lengthOfItem(item: JsonObject): number {
  if (item["type"] === "image_url") return 0;
  const text = asString(item["text"]) ?? asString(item["thinking"]);
  if (text !== undefined) return text.length;
  return asObject(item["document"]) === undefined ? 0 : JSON.stringify(item["document"]).length;
}

function lengthOfAll(items: readonly Json[]): number {
  return items.length === 0 ? 0 : JSON.stringify(items).length;
}
