// What Bedrock was asked by Converse: the tests' own reading, which shares no code with the gateway.

import { asArray, asObject, asString, type Json, type JsonObject } from "#core/json.ts";

/** Reads a request; the lines are those of `asked.ts`. */
export function converseAsked(body: JsonObject, model: string) {
  const format = asObject(asObject(body["outputConfig"])?.["textFormat"]);
  const definition = asObject(asObject(format?.["structure"])?.["jsonSchema"]);
  const schema = asString(definition?.["schema"]);
  return {
    model,
    system: objects(body["system"]).map(blockLine),
    turns: objects(body["messages"]).map(({ role, content }) => ({
      role: asString(role) ?? "",
      parts: objects(content).map(blockLine),
    })),
    tools: objects(asObject(body["toolConfig"])?.["tools"]).map((tool) => {
      return asString(asObject(tool["toolSpec"])?.["name"]) ?? Object.keys(tool).join();
    }),
    schema: schema === undefined ? undefined : (JSON.parse(schema) as Json),
    maxTokens: asObject(body["inferenceConfig"])?.["maxTokens"],
  };
}

function blockLine(block: JsonObject): string {
  const [[kind, value] = ["", undefined]] = Object.entries(block);
  const inner = asObject(value) ?? {};
  const source = asObject(inner["source"]) ?? {};
  switch (kind) {
    case "text":
      return `text ${value}`;
    case "image":
      return `image data:image/${inner["format"]};base64,${source["bytes"]}`;
    case "document":
      return `document ${inner["name"]} ${inner["format"]} ${source["bytes"]}`;
    case "toolUse":
      return `call ${inner["toolUseId"]} ${inner["name"]} ${JSON.stringify(inner["input"])}`;
    case "toolResult": {
      const texts = objects(inner["content"]).map(({ text }) => text);
      return `result ${inner["toolUseId"]} ${texts.join("|")}`;
    }
    case "reasoningContent": {
      const told = asObject(inner["reasoningText"]) ?? {};
      return `reasoning ${told["text"]} #${told["signature"]}`;
    }
    default:
      return kind;
  }
}

function objects(value: Json | undefined): JsonObject[] {
  return asArray(value).map((item) => asObject(item) ?? {});
}
