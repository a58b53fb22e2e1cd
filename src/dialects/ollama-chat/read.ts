// Facts of an Ollama request: what routing, metering and translation rely on, and nothing else is checked.

import { invalidRequest } from "#core/errors.ts";
import type { CallFacts } from "#core/facts.ts";
import type { JsonObject } from "#core/json.ts";
import { isJsonObject } from "#core/json.ts";
import type { CallHints } from "../dialect.ts";
import {
  booleanAt,
  listAt,
  numberAt,
  objectAt,
  objectsAt,
  requiredString,
  stringAt,
} from "../openai-chat/fields.ts";
import { OLLAMA_CHAT } from "./dialect-id.ts";

/**
 * Reads the facts of a request.
 * @throws GatewayError `invalid_request` with the path of the field
 */
export function readChat(body: JsonObject, hints: CallHints): CallFacts {
  const messages = objectsAt(body, "messages");
  if (messages.length === 0) throw invalidRequest("messages", '"messages" must not be empty.');
  const tools = listAt(body, "tools");
  const { format } = body;
  let textLength = tools.length === 0 ? 0 : JSON.stringify(tools).length;
  let imageCount = 0;
  messages.forEach((message, index) => {
    const path = `messages[${index}]`;
    requiredString(message, "role", path);
    textLength += (stringAt(message, "content", path) ?? "").length;
    textLength += (stringAt(message, "thinking", path) ?? "").length;
    const calls = objectsAt(message, "tool_calls", path);
    if (calls.length > 0) textLength += JSON.stringify(calls).length;
    imageCount += listAt(message, "images", path).length;
  });
  if (isJsonObject(format)) textLength += JSON.stringify(format).length;
  return {
    operation: hints.operation,
    dialect: OLLAMA_CHAT,
    model: requiredString(body, "model"),
    stream: booleanAt(body, "stream") ?? true,
    wantsUsage: true,
    textLength,
    maxOutputTokens: outputCapOf(body),
    choices: 1,
    messageCount: messages.length,
    toolCount: tools.length,
    imageCount,
    audioCount: 0,
    fileCount: 0,
    hasSchema: format !== undefined && format !== null && format !== "",
    reasoning: body["think"] !== undefined && body["think"] !== null && body["think"] !== false,
    user: "",
    metadata: {},
  };
}

/** Negative numbers mean no cap. */
export function outputCapOf(body: JsonObject): number {
  const cap = numberAt(objectAt(body, "options") ?? {}, "num_predict", "options") ?? 0;
  return Number.isSafeInteger(cap) && cap > 0 ? cap : 0;
}
