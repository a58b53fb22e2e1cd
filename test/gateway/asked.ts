// What an upstream was asked, read off its request in whatever dialect it came: the tests' own reading,
// which shares no code with the gateway.

import { asArray, asObject, asString, type Json, type JsonObject } from "#core/json.ts";
import type { RecordedRequest } from "#support/upstream/upstream.ts";
import { converseAsked } from "./asked-converse.ts";

/** One turn; its parts are lines such as `text hello` or `call call_1 weather {"city":"Rome"} #sig`. */
export interface AskedTurn {
  readonly role: string;
  readonly parts: readonly string[];
}

export interface Asked {
  readonly model: string;
  /** Instructions before the first turn. */
  readonly system: readonly string[];
  readonly turns: readonly AskedTurn[];
  readonly tools: readonly string[];
  readonly schema: Json | undefined;
  readonly maxTokens: Json | undefined;
}

/** Reads a request. Throws for one that is of no generating dialect. */
export function askedOf(request: RecordedRequest): Asked {
  const body = asObject(request.json) ?? {};
  switch (request.endpoint.dialect) {
    case "openai-chat":
      return chatAsked(body);
    case "openai-responses":
      return responsesAsked(body);
    case "anthropic-messages":
      return messagesAsked(body);
    case "gemini-generate":
      return geminiAsked(body, request.endpoint.model);
    case "bedrock-converse":
      return converseAsked(body, request.endpoint.model);
    default:
      throw new Error(`The upstream was asked something else: ${request.target}`);
  }
}

function chatAsked(body: JsonObject): Asked {
  const messages = objects(body["messages"]);
  const isSystem = (message: JsonObject) =>
    message["role"] === "system" || message["role"] === "developer";
  const format = asObject(asObject(body["response_format"])?.["json_schema"]);
  return {
    model: text(body["model"]),
    system: messages.filter(isSystem).flatMap(({ content }) => chatContent(content)),
    turns: messages
      .filter((message) => !isSystem(message))
      .map((message) => ({ role: text(message["role"]), parts: chatParts(message) })),
    tools: objects(body["tools"]).map((tool) => text(asObject(tool["function"])?.["name"])),
    schema: format?.["schema"],
    maxTokens: body["max_completion_tokens"] ?? body["max_tokens"],
  };
}

function chatParts(message: JsonObject): string[] {
  if (message["role"] === "tool") {
    const id = text(message["tool_call_id"]);
    return chatContent(message["content"]).map((part) => `result ${id} ${part.slice(5)}`);
  }
  const calls = objects(message["tool_calls"]).map((call) => {
    const called = asObject(call["function"]) ?? {};
    return `call ${text(call["id"])} ${text(called["name"])} ${text(called["arguments"])}`;
  });
  return [...chatContent(message["content"]), ...calls];
}

function chatContent(content: Json | undefined): string[] {
  if (typeof content === "string") return content === "" ? [] : [`text ${content}`];
  return objects(content).map((part) => {
    if (part["type"] === "image_url") return `image ${text(asObject(part["image_url"])?.["url"])}`;
    return `text ${text(part["text"])}`;
  });
}

function responsesAsked(body: JsonObject): Asked {
  const instructions = text(body["instructions"]);
  const { input } = body;
  const items = typeof input === "string" ? [{ role: "user", content: input }] : objects(input);
  const isSystem = ({ role }: JsonObject) => role === "system" || role === "developer";
  return {
    model: text(body["model"]),
    system: [
      ...(instructions === "" ? [] : [`text ${instructions}`]),
      ...items.filter(isSystem).flatMap(({ content }) => inputContent(content)),
    ],
    turns: items.filter((item) => !isSystem(item)).map((item) => itemTurn(item)),
    tools: objects(body["tools"]).map((tool) => text(tool["name"])),
    schema: asObject(asObject(body["text"])?.["format"])?.["schema"],
    maxTokens: body["max_output_tokens"],
  };
}

/** Items are no turns: each is told by itself. */
function itemTurn(item: JsonObject): AskedTurn {
  const id = text(item["call_id"]);
  switch (item["type"]) {
    case "reasoning": {
      const texts = objects(item["summary"]).map((part) => text(part["text"]));
      const sealed = text(item["encrypted_content"]);
      return { role: "assistant", parts: [`reasoning ${texts.join("")} #${sealed}`] };
    }
    case "function_call": {
      const called = `call ${id} ${text(item["name"])} ${text(item["arguments"])}`;
      return { role: "assistant", parts: [called] };
    }
    case "function_call_output": {
      const parts = inputContent(item["output"]);
      return { role: "tool", parts: parts.map((part) => `result ${id} ${part.slice(5)}`) };
    }
    default:
      return { role: text(item["role"]), parts: inputContent(item["content"]) };
  }
}

function inputContent(content: Json | undefined): string[] {
  if (typeof content === "string") return content === "" ? [] : [`text ${content}`];
  return objects(content).map((part) => {
    if (part["type"] === "input_image") return `image ${text(part["image_url"])}`;
    return `text ${text(part["text"])}`;
  });
}

function messagesAsked(body: JsonObject): Asked {
  const { system } = body;
  const format = asObject(asObject(body["output_config"])?.["format"]);
  return {
    model: text(body["model"]),
    system: typeof system === "string" ? [`text ${system}`] : objects(system).map(blockLine),
    turns: objects(body["messages"]).map(({ role, content }) => ({
      role: text(role),
      parts: typeof content === "string" ? [`text ${content}`] : objects(content).map(blockLine),
    })),
    tools: objects(body["tools"]).map((tool) => text(tool["name"])),
    schema: format?.["schema"],
    maxTokens: body["max_tokens"],
  };
}

function blockLine(block: JsonObject): string {
  switch (block["type"]) {
    case "thinking":
      return `reasoning ${text(block["thinking"])} #${text(block["signature"])}`;
    case "tool_use":
      return `call ${text(block["id"])} ${text(block["name"])} ${JSON.stringify(block["input"])}`;
    case "tool_result": {
      const { content } = block;
      const parts = typeof content === "string" ? [content] : objects(content).map(blockText);
      return `result ${text(block["tool_use_id"])} ${parts.join("|")}`;
    }
    case "image": {
      const source = asObject(block["source"]) ?? {};
      return `image data:${text(source["media_type"])};base64,${text(source["data"])}`;
    }
    default:
      return `text ${blockText(block)}`;
  }
}

function blockText(block: JsonObject): string {
  return text(block["text"]);
}

function geminiAsked(body: JsonObject, model: string): Asked {
  const config = asObject(body["generationConfig"]) ?? {};
  return {
    model,
    system: objects(asObject(body["systemInstruction"])?.["parts"]).map(partLine),
    turns: objects(body["contents"]).map(({ role, parts }) => ({
      role: text(role),
      parts: objects(parts).map(partLine),
    })),
    tools: objects(body["tools"])
      .flatMap((tool) => objects(tool["functionDeclarations"]))
      .map((tool) => text(tool["name"])),
    schema: config["responseJsonSchema"] ?? config["responseSchema"],
    maxTokens: config["maxOutputTokens"],
  };
}

function partLine(part: JsonObject): string {
  const signature =
    part["thoughtSignature"] === undefined ? "" : ` #${text(part["thoughtSignature"])}`;
  const call = asObject(part["functionCall"]);
  if (call !== undefined) {
    return `call ${text(call["id"])} ${text(call["name"])} ${JSON.stringify(call["args"])}${signature}`;
  }
  const result = asObject(part["functionResponse"]);
  if (result !== undefined) {
    return `result ${text(result["id"])} ${JSON.stringify(result["response"])}`;
  }
  const media = asObject(part["inlineData"]);
  if (media !== undefined) {
    return `image data:${text(media["mimeType"])};base64,${text(media["data"])}`;
  }
  const kind = part["thought"] === true ? "reasoning" : "text";
  return `${kind} ${text(part["text"])}${signature}`;
}

function objects(value: Json | undefined): JsonObject[] {
  return asArray(value).map((item) => asObject(item) ?? {});
}

function text(value: Json | undefined): string {
  return asString(value) ?? "";
}
