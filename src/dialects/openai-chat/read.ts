// Facts of a chat request: what routing, metering and translation rely on, and nothing else is checked.

import { invalidRequest } from "#core/errors.ts";
import type { CallFacts } from "#core/facts.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { asObject, isJsonObject } from "#core/json.ts";
import type { CallHints } from "../dialect.ts";
import { OPENAI_CHAT } from "./dialect-id.ts";
import {
  booleanAt,
  countAt,
  listAt,
  objectAt,
  objectsAt,
  requiredString,
  stringAt,
} from "./fields.ts";

/** Answers that OpenAI lets a call ask for (platform.openai.com/docs/api-reference/chat, 2026-08). */
const MAX_CHOICES = 128;

/** What was counted in messages. */
interface Tally {
  text: number;
  images: number;
  audio: number;
  files: number;
}

/**
 * Reads the facts of a request.
 * @throws GatewayError `invalid_request` with the path of the field
 */
export function readChat(body: JsonObject, hints: CallHints): CallFacts {
  const messages = objectsAt(body, "messages");
  if (messages.length === 0) throw invalidRequest("messages", '"messages" must not be empty.');
  const tools = listAt(body, "tools");
  const tally: Tally = { text: 0, images: 0, audio: 0, files: 0 };
  for (const [index, message] of messages.entries()) {
    tallyMessage(message, index, tally);
  }
  if (tools.length > 0) tally.text += JSON.stringify(tools).length;
  const stream = booleanAt(body, "stream") ?? false;
  const streamOptions = objectAt(body, "stream_options");
  const facts: CallFacts = {
    operation: hints.operation,
    dialect: OPENAI_CHAT,
    model: requiredString(body, "model"),
    stream,
    wantsUsage: stream && streamOptions?.["include_usage"] === true,
    textLength: tally.text + schemaLength(body),
    maxOutputTokens: outputCapOf(body),
    choices: choicesOf(body),
    messageCount: messages.length,
    toolCount: tools.length,
    imageCount: tally.images,
    audioCount: tally.audio,
    fileCount: tally.files,
    hasSchema: wantsJson(body),
    reasoning: wantsReasoning(body),
    user: stringAt(body, "safety_identifier") ?? stringAt(body, "user") ?? "",
    metadata: readMetadata(body),
  };
  return withRouterWishes(facts, body);
}

/** What a router takes and no other upstream knows. */
const ROUTER_MEMBERS = ["models", "provider"] as const;

/**
 * The facts with what a body asks of a router, which few do.
 * @throws GatewayError `invalid_request` with the path of a fallback that is no name
 */
export function withRouterWishes(facts: CallFacts, body: JsonObject): CallFacts {
  if (body["models"] === undefined && body["provider"] === undefined) return facts;
  const members = ROUTER_MEMBERS.filter((member) => body[member] !== undefined);
  const models = listAt(body, "models").map((model, index) => {
    if (typeof model === "string") return model;
    throw invalidRequest(`models[${index}]`, `"models[${index}]" must be a string.`);
  });
  return { ...facts, routerWishes: { members, models } };
}

const NO_METADATA: Readonly<Record<string, string>> = Object.freeze({});

/** The `metadata` of a body; values that are no strings are left out. */
export function readMetadata(body: JsonObject): Readonly<Record<string, string>> {
  const metadata = objectAt(body, "metadata");
  if (metadata === undefined) return NO_METADATA;
  const entries = Object.entries(metadata);
  const strings = entries.filter((entry): entry is [string, string] => {
    return typeof entry[1] === "string";
  });
  return Object.fromEntries(strings);
}

/** The larger of the two caps: it is what may be spent. */
export function outputCapOf(body: JsonObject): number {
  const cap = countAt(body, "max_completion_tokens", 1) ?? 0;
  return Math.max(cap, countAt(body, "max_tokens", 1) ?? 0);
}

function choicesOf(body: JsonObject): number {
  const choices = countAt(body, "n", 1) ?? 1;
  if (choices <= MAX_CHOICES) return choices;
  throw invalidRequest("n", `"n" must be at most ${MAX_CHOICES}.`);
}

function wantsJson(body: JsonObject): boolean {
  const type = objectAt(body, "response_format")?.["type"];
  return type === "json_object" || type === "json_schema";
}

function schemaLength(body: JsonObject): number {
  const schema = asObject(body["response_format"])?.["json_schema"];
  return isJsonObject(schema) ? JSON.stringify(schema).length : 0;
}

function wantsReasoning(body: JsonObject): boolean {
  const effort = stringAt(body, "reasoning_effort");
  if (effort !== undefined) return effort !== "none";
  const reasoning = asObject(body["reasoning"]);
  if (reasoning !== undefined) {
    return reasoning["enabled"] !== false && reasoning["effort"] !== "none";
  }
  return asObject(body["thinking"])?.["type"] === "enabled";
}

/** Paths are put together only where something is wrong: every call comes through here. */
function tallyMessage(message: JsonObject, index: number, tally: Tally): void {
  const { role, content } = message;
  if (typeof role !== "string" || role === "") requiredString(message, "role", place(index));
  if (typeof content === "string") tally.text += content.length;
  else if (content !== undefined && content !== null) tallyContent(content, index, tally);
  if (role !== "assistant") return;
  const calls = message["tool_calls"];
  if (calls !== undefined && calls !== null) tallyCalls(message, index, tally);
  tally.text += lengthOf(message["reasoning_content"] ?? message["reasoning"]);
}

function place(index: number): string {
  return `messages[${index}]`;
}

function tallyCalls(message: JsonObject, index: number, tally: Tally): void {
  for (const call of objectsAt(message, "tool_calls", place(index))) {
    const called = asObject(call["function"]) ?? asObject(call["custom"]);
    tally.text += lengthOf(called?.["name"]);
    tally.text += lengthOf(called?.["arguments"]) + lengthOf(called?.["input"]);
  }
}

function tallyContent(content: Json, index: number, tally: Tally): void {
  const path = `${place(index)}.content`;
  if (!Array.isArray(content)) throw invalidRequest(path, `"${path}" must be a string or a list.`);
  for (const [position, part] of content.entries()) {
    if (!isJsonObject(part)) {
      throw invalidRequest(`${path}[${position}]`, `"${path}[${position}]" must be an object.`);
    }
    tallyPart(part, tally);
  }
}

function tallyPart(part: JsonObject, tally: Tally): void {
  switch (part["type"]) {
    case "image_url":
      tally.images += 1;
      return;
    case "input_audio":
      tally.audio += 1;
      return;
    case "file":
    case "document_url":
      tally.files += 1;
      return;
    default:
      tally.text += lengthOf(part["text"]) + lengthOf(part["refusal"]);
  }
}

function lengthOf(value: Json | undefined): number {
  return typeof value === "string" ? value.length : 0;
}
