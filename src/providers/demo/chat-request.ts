// What the demo models read of a chat request in OpenAI's form.

import { asArray, asObject, asString, type Json, type JsonObject } from "#core/json.ts";
import { badRequest, DemoFault } from "./demo-fault.ts";
import { DEMO_CONTEXT_WINDOW } from "./models.ts";
import { tokensOf } from "./tokens.ts";

/** A function that the model may call. */
export interface DemoTool {
  readonly name: string;
  readonly parameters: JsonObject;
}

/** A chat request, as far as a demo model cares. */
export interface DemoChatRequest {
  readonly model: string;
  readonly isStream: boolean;
  readonly includesUsage: boolean;
  /** Undefined when the caller set no cap. */
  readonly maxTokens: number | undefined;
  /** Text of the last message of the user, empty when there is none. */
  readonly userText: string;
  /** Result of a tool, when that is what was said last. */
  readonly toolResult: string | undefined;
  readonly messageCount: number;
  /** Functions that may be called, the one to call first; empty when none may be. */
  readonly tools: readonly DemoTool[];
  /** Schema of the answer, `{}` for any JSON object, undefined for text. */
  readonly answerSchema: JsonObject | undefined;
  readonly inputTokens: number;
}

/** An image counts as much as OpenAI's smallest one. */
const TOKENS_AN_IMAGE = 85;

/** @throws DemoFault when the request is not what OpenAI's form says */
export function readChatRequest(body: JsonObject): DemoChatRequest {
  const messages = asArray(body["messages"]).map((message) => asObject(message) ?? {});
  if (messages.length === 0) throw badRequest("messages must hold at least one message.");
  if (body["n"] !== undefined && body["n"] !== null && body["n"] !== 1) {
    throw badRequest("A demo model gives one answer a call: n must be 1.");
  }
  const last = messages.at(-1);
  return {
    model: asString(body["model"]) ?? "",
    isStream: body["stream"] === true,
    includesUsage: asObject(body["stream_options"])?.["include_usage"] === true,
    maxTokens: readCap(body["max_completion_tokens"] ?? body["max_tokens"]),
    userText: textOf(messages.findLast((message) => message["role"] === "user")?.["content"]),
    toolResult: last?.["role"] === "tool" ? textOf(last["content"]) : undefined,
    messageCount: messages.length,
    tools: callableTools(body),
    answerSchema: readFormat(asObject(body["response_format"])),
    inputTokens: countInput(messages, body["tools"]),
  };
}

function readCap(value: Json | undefined): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number" && Number.isInteger(value) && value > 0) return value;
  throw badRequest("The cap on output tokens must be a whole number of at least 1.");
}

/** Text of a message: a string, or the text parts of a list. */
function textOf(content: Json | undefined): string {
  if (typeof content === "string") return content;
  return asArray(content)
    .map((part) => asString(asObject(part)?.["text"]) ?? "")
    .filter((text) => text !== "")
    .join("\n");
}

function callableTools(body: JsonObject): readonly DemoTool[] {
  const choice = body["tool_choice"];
  if (choice === "none") return [];
  const tools = asArray(body["tools"]).flatMap((tool) => {
    const declared = asObject(asObject(tool)?.["function"]);
    const name = asString(declared?.["name"]);
    return name === undefined
      ? []
      : [{ name, parameters: asObject(declared?.["parameters"]) ?? {} }];
  });
  const named = asString(asObject(asObject(choice)?.["function"])?.["name"]);
  if (named === undefined) return tools;
  const chosen = tools.filter((tool) => tool.name === named);
  if (chosen.length === 0) throw badRequest("tool_choice names a function that is not in tools.");
  return chosen;
}

function readFormat(format: JsonObject | undefined): JsonObject | undefined {
  if (format?.["type"] === "json_object") return {};
  if (format?.["type"] !== "json_schema") return undefined;
  return asObject(asObject(format["json_schema"])?.["schema"]) ?? {};
}

/** @throws DemoFault when there is more than the models can read */
function countInput(messages: readonly JsonObject[], tools: Json | undefined): number {
  let count = 0;
  const add = (text: string) => {
    count += tokensOf(text, DEMO_CONTEXT_WINDOW + 1 - count).length;
  };
  for (const message of messages) {
    add(textOf(message["content"]));
    for (const part of asArray(message["content"])) {
      if (asObject(part)?.["type"] === "image_url") count += TOKENS_AN_IMAGE;
    }
    for (const call of asArray(message["tool_calls"])) {
      add(asString(asObject(asObject(call)?.["function"])?.["arguments"]) ?? "");
    }
    if (count > DEMO_CONTEXT_WINDOW) throw tooLong();
  }
  if (tools !== undefined && tools !== null) add(JSON.stringify(tools));
  if (count > DEMO_CONTEXT_WINDOW) throw tooLong();
  return count;
}

function tooLong(): DemoFault {
  return new DemoFault(
    400,
    "context_length_exceeded",
    `A demo model reads at most ${DEMO_CONTEXT_WINDOW} tokens.`,
  );
}
