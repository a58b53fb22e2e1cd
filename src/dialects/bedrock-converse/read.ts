// Reads the facts of a Converse request, checking what the rest relies on. Unknown members are fine.

import { invalidRequest } from "#core/errors.ts";
import type { CallFacts } from "#core/facts.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { asNumber, asObject, asString, isJsonObject } from "#core/json.ts";
import type { CallHints } from "../dialect.ts";
import { BEDROCK_CONVERSE } from "./dialect-id.ts";
import { readModelFields } from "./model-fields.ts";

interface Tally {
  textLength: number;
  imageCount: number;
  audioCount: number;
  fileCount: number;
}

const ROLES: ReadonlySet<Json | undefined> = new Set(["user", "assistant", "system"]);
const SECTIONS = ["inferenceConfig", "toolConfig", "outputConfig", "requestMetadata"] as const;

/** Reads a body; see `Dialect.read`. Model and stream stand in the path; streams always tell usage. */
export function read(body: JsonObject, hints: CallHints): CallFacts {
  if (hints.model === "") throw invalidRequest("modelId", "The path must name a model.");
  for (const key of SECTIONS) {
    if (body[key] != null && !isJsonObject(body[key])) {
      throw invalidRequest(key, `${key} must be an object.`);
    }
  }
  const tally: Tally = { textLength: 0, imageCount: 0, audioCount: 0, fileCount: 0 };
  const messages = requireMessages(body);
  messages.forEach((message, index) => {
    readMessage(message, `messages[${index}]`, tally);
  });
  if (body["system"] != null) tallyContent(body["system"], "system", tally);
  const tools = readTools(body, tally);
  const told = readModelFields(asObject(body["additionalModelRequestFields"]));
  const output = asObject(body["outputConfig"]);
  return {
    operation: hints.operation,
    dialect: BEDROCK_CONVERSE,
    model: hints.model,
    stream: hints.stream ?? false,
    wantsUsage: true,
    ...tally,
    maxOutputTokens: readMaxTokens(body),
    choices: 1,
    messageCount: messages.length,
    toolCount: tools,
    hasSchema: asObject(output?.["textFormat"]) !== undefined,
    reasoning:
      output?.["effort"] != null ||
      (told.reasoning !== undefined && told.reasoning.effort !== "none"),
    user: "",
    metadata: readMetadata(body),
  };
}

function requireMessages(body: JsonObject): Json[] {
  const { messages } = body;
  if (Array.isArray(messages) && messages.length > 0) return messages;
  throw invalidRequest("messages", "messages must be a list of at least one message.");
}

function readMessage(message: Json, path: string, tally: Tally): void {
  if (!isJsonObject(message)) throw invalidRequest(path, `${path} must be an object.`);
  if (!ROLES.has(message["role"])) {
    throw invalidRequest(`${path}.role`, `${path}.role must be user, assistant or system.`);
  }
  tallyContent(message["content"], `${path}.content`, tally);
}

function tallyContent(content: Json | undefined, path: string, tally: Tally): void {
  if (!Array.isArray(content)) throw invalidRequest(path, `${path} must be a list.`);
  content.forEach((block, index) => {
    const place = `${path}[${index}]`;
    if (!isJsonObject(block)) throw invalidRequest(place, `${place} must be an object.`);
    tallyBlock(block, place, tally);
  });
}

function tallyBlock(block: JsonObject, path: string, tally: Tally): void {
  for (const [kind, value] of Object.entries(block)) {
    if (kind === "text" && typeof value !== "string") {
      throw invalidRequest(`${path}.text`, `${path}.text must be a string.`);
    }
    if (kind === "image") tally.imageCount += 1;
    else if (kind === "audio") tally.audioCount += 1;
    else if (kind === "document" || kind === "video") tally.fileCount += 1;
    else if (kind === "toolResult") tallyResult(asObject(value), `${path}.toolResult`, tally);
    else tally.textLength += lengthOfText(value);
  }
}

function tallyResult(result: JsonObject | undefined, path: string, tally: Tally): void {
  if (typeof result?.["toolUseId"] !== "string") {
    throw invalidRequest(`${path}.toolUseId`, `${path}.toolUseId must be a string.`);
  }
  if (result["content"] != null) tallyContent(result["content"], `${path}.content`, tally);
}

/** UTF-16 code units of all strings in a value, names of members included. */
function lengthOfText(value: Json | undefined): number {
  if (typeof value === "string") return value.length;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + lengthOfText(item), 0);
  if (!isJsonObject(value)) return 0;
  let sum = 0;
  for (const [key, member] of Object.entries(value)) sum += key.length + lengthOfText(member);
  return sum;
}

function readTools(body: JsonObject, tally: Tally): number {
  const tools = asObject(body["toolConfig"])?.["tools"];
  if (tools == null) return 0;
  if (!Array.isArray(tools)) {
    throw invalidRequest("toolConfig.tools", "toolConfig.tools must be a list.");
  }
  tools.forEach((tool, index) => {
    const path = `toolConfig.tools[${index}]`;
    if (!isJsonObject(tool)) throw invalidRequest(path, `${path} must be an object.`);
    tally.textLength += lengthOfText(tool);
  });
  return tools.filter((tool) => asObject(tool)?.["cachePoint"] === undefined).length;
}

function readMaxTokens(body: JsonObject): number {
  const given = asObject(body["inferenceConfig"])?.["maxTokens"];
  if (given == null) return 0;
  const maxTokens = asNumber(given);
  if (maxTokens !== undefined && Number.isInteger(maxTokens) && maxTokens >= 0) return maxTokens;
  const path = "inferenceConfig.maxTokens";
  throw invalidRequest(path, `${path} must be a whole number.`);
}

function readMetadata(body: JsonObject): Record<string, string> {
  const entries = Object.entries(asObject(body["requestMetadata"]) ?? {});
  return Object.fromEntries(
    entries.flatMap(([key, value]) => {
      const text = asString(value);
      return text === undefined ? [] : [[key, text]];
    }),
  );
}
