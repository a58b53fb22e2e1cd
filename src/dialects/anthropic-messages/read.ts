// Reads the facts of a Messages request, checking what the rest relies on. Unknown members are fine.

import { invalidRequest } from "#core/errors.ts";
import type { CallFacts } from "#core/facts.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { asNumber, asObject, isJsonObject } from "#core/json.ts";
import type { CallHints } from "../dialect.ts";
import type { ContentTally } from "./content-facts.ts";
import { lengthOfText, tallyContent } from "./content-facts.ts";
import { ANTHROPIC_MESSAGES } from "./dialect-id.ts";

const ROLES: ReadonlySet<Json | undefined> = new Set(["user", "assistant", "system"]);

/** Reads a body; see `Dialect.read`. Usage stands in every stream of this dialect, so it is wanted. */
export function read(body: JsonObject, hints: CallHints): CallFacts {
  checkParameters(body);
  const messages = requireMessages(body);
  const tally: ContentTally = { textLength: 0, imageCount: 0, fileCount: 0 };
  if (body["system"] != null) tallyContent(body["system"], "system", tally);
  messages.forEach((message, index) => {
    readMessage(message, `messages[${index}]`, tally);
  });
  const tools = readTools(body, tally);
  const metadata = asObject(body["metadata"]) ?? {};
  return {
    operation: hints.operation,
    dialect: ANTHROPIC_MESSAGES,
    model: readModel(body, hints),
    // A counting call has one answer, whatever else its body wishes.
    stream: hints.operation === "generate" && (hints.stream ?? body["stream"] === true),
    wantsUsage: true,
    ...tally,
    maxOutputTokens: readMaxTokens(body, hints),
    choices: 1,
    messageCount: messages.length,
    toolCount: tools,
    audioCount: 0,
    hasSchema:
      hasFormat(asObject(body["output_config"])?.["format"]) || hasFormat(body["output_format"]),
    reasoning: isThinking(body),
    user: typeof metadata["user_id"] === "string" ? metadata["user_id"] : "",
    metadata: Object.fromEntries(Object.entries(metadata).filter(isText)),
  };
}

function readModel(body: JsonObject, hints: CallHints): string {
  if (hints.model !== "") return hints.model;
  const model = body["model"];
  if (typeof model === "string" && model !== "") return model;
  throw invalidRequest("model", "model must be the name of a model.");
}

function requireMessages(body: JsonObject): Json[] {
  const messages = body["messages"];
  if (Array.isArray(messages) && messages.length > 0) return messages;
  throw invalidRequest("messages", "messages must be a list of at least one message.");
}

function readMessage(message: Json, path: string, tally: ContentTally): void {
  if (!isJsonObject(message)) throw invalidRequest(path, `${path} must be an object.`);
  if (!ROLES.has(message["role"])) {
    const roles = "user, assistant or system";
    throw invalidRequest(`${path}.role`, `${path}.role must be ${roles}.`);
  }
  tallyContent(message["content"], `${path}.content`, tally);
}

function readMaxTokens(body: JsonObject, hints: CallHints): number {
  const given = body["max_tokens"];
  if (given == null && hints.operation === "count_tokens") return 0;
  const maxTokens = asNumber(given);
  if (maxTokens !== undefined && Number.isInteger(maxTokens) && maxTokens >= 0) return maxTokens;
  throw invalidRequest("max_tokens", "max_tokens must be a whole number; this API requires it.");
}

/** Checks the tools and adds what the model reads of them. */
function readTools(body: JsonObject, tally: ContentTally): number {
  const tools = body["tools"];
  if (tools == null) return 0;
  if (!Array.isArray(tools)) throw invalidRequest("tools", "tools must be a list.");
  tools.forEach((tool, index) => {
    const path = `tools[${index}]`;
    if (!isJsonObject(tool)) throw invalidRequest(path, `${path} must be an object.`);
    const isCustom = tool["type"] == null || tool["type"] === "custom";
    if (isCustom && typeof tool["name"] !== "string") {
      throw invalidRequest(`${path}.name`, `${path}.name must be a string.`);
    }
    if (isCustom && !isJsonObject(tool["input_schema"])) {
      throw invalidRequest(`${path}.input_schema`, `${path}.input_schema must be an object.`);
    }
    tally.textLength += lengthOfText(tool);
  });
  return tools.length;
}

const OBJECTS = ["thinking", "tool_choice", "output_config", "output_format", "metadata"] as const;
const NUMBERS = ["temperature", "top_p", "top_k"] as const;

function checkParameters(body: JsonObject): void {
  for (const key of OBJECTS) {
    if (body[key] != null && !isJsonObject(body[key])) {
      throw invalidRequest(key, `${key} must be an object.`);
    }
  }
  for (const key of NUMBERS) {
    if (body[key] != null && typeof body[key] !== "number") {
      throw invalidRequest(key, `${key} must be a number.`);
    }
  }
  if (body["stream"] != null && typeof body["stream"] !== "boolean") {
    throw invalidRequest("stream", "stream must be true or false.");
  }
  const stops = body["stop_sequences"];
  if (stops != null && !(Array.isArray(stops) && stops.every((stop) => typeof stop === "string"))) {
    throw invalidRequest("stop_sequences", "stop_sequences must be a list of strings.");
  }
}

function hasFormat(format: Json | undefined): boolean {
  return asObject(format) !== undefined;
}

function isThinking(body: JsonObject): boolean {
  const thinking = asObject(body["thinking"]);
  if (thinking !== undefined) return thinking["type"] !== "disabled";
  return asObject(body["output_config"])?.["effort"] != null;
}

function isText(entry: [string, Json | undefined]): entry is [string, string] {
  return typeof entry[1] === "string";
}
