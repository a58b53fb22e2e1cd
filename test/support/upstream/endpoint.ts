// Which vendor operation a request is for, read off its path and body.

import { asObject, asString, type JsonObject } from "#core/json.ts";

/** The API languages that the scripted upstream speaks. */
export type UpstreamDialect =
  | "openai-chat"
  | "openai-responses"
  | "anthropic-messages"
  | "gemini-generate"
  | "bedrock-converse"
  | "cohere-chat"
  | "ollama-chat"
  | "openai-embeddings"
  | "unknown";

/**
 * How a stream is framed: server-sent events, Amazon's messages, those around another API's events, or
 * one object a line.
 */
export type UpstreamFraming = "sse" | "aws" | "aws-chunks" | "lines";

export interface Endpoint {
  readonly dialect: UpstreamDialect;
  readonly operation: "generate" | "count" | "embed" | "other";
  /** As the request names it, empty when it names none. */
  readonly model: string;
  readonly isStream: boolean;
}

const GEMINI_PATH = /\/models\/(?<model>[^:?]+):(?<verb>\w+)/;

const OLLAMA_PATH = "/api/chat";

const BEDROCK_PATH = /^\/model\/(?<model>[^/]+)\/(?<verb>[\w-]+)$/;

/** Never throws: what is not known is `unknown`, so that a test can see it. */
export function endpointOf(target: string, body: unknown): Endpoint {
  const path = target.split("?")[0] ?? "";
  const json: JsonObject = asObject(body) ?? {};
  const named = GEMINI_PATH.exec(path)?.groups;
  const [inPath = "", verb = ""] = [named?.["model"], named?.["verb"]];
  if (verb.endsWith("RawPredict") || verb === "rawPredict") return vertexClaude(inPath, verb, json);
  if (named !== undefined) return geminiEndpoint(inPath, verb);
  const onBedrock = BEDROCK_PATH.exec(path)?.groups;
  if (onBedrock !== undefined) {
    return bedrockEndpoint(decodeURIComponent(onBedrock["model"] ?? ""), onBedrock["verb"] ?? "");
  }
  const model = asString(json["model"]) ?? "";
  const isStream = json["stream"] === true;
  if (path.endsWith("/chat/completions"))
    return { dialect: "openai-chat", operation: "generate", model, isStream };
  if (path === "/v2/chat")
    return { dialect: "cohere-chat", operation: "generate", model, isStream };
  // Ollama streams unless it is told not to.
  if (path === OLLAMA_PATH)
    return {
      dialect: "ollama-chat",
      operation: "generate",
      model,
      isStream: json["stream"] !== false,
    };
  if (path.endsWith("/responses"))
    return { dialect: "openai-responses", operation: "generate", model, isStream };
  if (path.endsWith("/responses/input_tokens"))
    return { dialect: "openai-responses", operation: "count", model, isStream: false };
  if (path.endsWith("/embeddings"))
    return { dialect: "openai-embeddings", operation: "embed", model, isStream: false };
  if (path.endsWith("/messages/count_tokens"))
    return { dialect: "anthropic-messages", operation: "count", model, isStream: false };
  if (path.endsWith("/messages"))
    return { dialect: "anthropic-messages", operation: "generate", model, isStream };
  return { dialect: "unknown", operation: "other", model, isStream };
}

function geminiEndpoint(encodedModel: string, verb: string): Endpoint {
  const model = decodeURIComponent(encodedModel);
  const dialect = "gemini-generate";
  if (verb === "generateContent") return { dialect, operation: "generate", model, isStream: false };
  if (verb === "streamGenerateContent")
    return { dialect, operation: "generate", model, isStream: true };
  if (verb === "countTokens") return { dialect, operation: "count", model, isStream: false };
  return { dialect, operation: "other", model, isStream: false };
}

/** Models of all makers by Converse, Claude in its own words by invoke. */
function bedrockEndpoint(model: string, verb: string): Endpoint {
  const isStream = verb.includes("stream");
  if (verb.startsWith("converse"))
    return { dialect: "bedrock-converse", operation: "generate", model, isStream };
  if (verb === "count-tokens")
    return { dialect: "bedrock-converse", operation: "count", model, isStream: false };
  const isClaude = verb.startsWith("invoke") && model.includes("claude");
  return isClaude
    ? { dialect: "anthropic-messages", operation: "generate", model, isStream }
    : { dialect: "unknown", operation: "other", model, isStream };
}

/** How this endpoint's streams are framed. */
export function framingOf(target: string): UpstreamFraming {
  const path = target.split("?")[0] ?? "";
  if (path === OLLAMA_PATH) return "lines";
  const verb = BEDROCK_PATH.exec(path)?.groups?.["verb"];
  if (verb === undefined) return "sse";
  return verb.startsWith("invoke") ? "aws-chunks" : "aws";
}

/** Claude as Google sells it: the model stands in the path, but for counting. */
function vertexClaude(inPath: string, verb: string, body: JsonObject): Endpoint {
  const dialect = "anthropic-messages";
  if (inPath === "count-tokens") {
    const model = asString(body["model"]) ?? "";
    return { dialect, operation: "count", model, isStream: false };
  }
  const isStream = verb === "streamRawPredict";
  return { dialect, operation: "generate", model: decodeURIComponent(inPath), isStream };
}
