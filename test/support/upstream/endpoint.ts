// Which vendor operation a request is for, read off its path and body.

import { asObject, asString, type JsonObject } from "#core/json.ts";

/** The API languages that the scripted upstream speaks. */
export type UpstreamDialect =
  | "openai-chat"
  | "anthropic-messages"
  | "gemini-generate"
  | "openai-embeddings"
  | "unknown";

export interface Endpoint {
  readonly dialect: UpstreamDialect;
  readonly operation: "generate" | "count" | "embed" | "other";
  /** As the request names it, empty when it names none. */
  readonly model: string;
  readonly isStream: boolean;
}

const GEMINI_PATH = /\/models\/(?<model>[^:?]+):(?<verb>\w+)/;

/** Never throws: what is not known is `unknown`, so that a test can see it. */
export function endpointOf(target: string, body: unknown): Endpoint {
  const path = target.split("?")[0] ?? "";
  const gemini = GEMINI_PATH.exec(path)?.groups;
  if (gemini !== undefined) return geminiEndpoint(gemini["model"] ?? "", gemini["verb"] ?? "");
  const json: JsonObject = asObject(body) ?? {};
  const model = asString(json["model"]) ?? "";
  const isStream = json["stream"] === true;
  if (path.endsWith("/chat/completions"))
    return { dialect: "openai-chat", operation: "generate", model, isStream };
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
