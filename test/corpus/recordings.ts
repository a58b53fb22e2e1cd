// The recorded exchanges of real providers, where this machine has them.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "#core/json.ts";
import type { RecordedReply } from "#support/upstream/upstream.ts";

/** The API languages whose recordings go through the gateway. */
export type CorpusDialect =
  | "openai-chat"
  | "openai-responses"
  | "anthropic-messages"
  | "gemini-generate";

export interface Recording {
  /** Folder and file. */
  readonly name: string;
  readonly dialect: CorpusDialect;
  readonly operation: "generate" | "count";
  /** With the query. */
  readonly path: string;
  readonly body: JsonObject;
  readonly reply: RecordedReply;
  /** As the request names it. */
  readonly model: string;
  readonly isStream: boolean;
}

interface RecordedExchange {
  readonly request: { readonly path: string; readonly body: { readonly json?: JsonObject } };
  readonly response: RecordedReply;
}

const FOLDERS: Readonly<Record<string, CorpusDialect>> = {
  "openai-chat": "openai-chat",
  "openai-responses": "openai-responses",
  "azure-openai-responses": "openai-responses",
  "deepseek-responses": "openai-responses",
  "openrouter-responses": "openai-responses",
  "bedrock-responses": "openai-responses",
  "anthropic-messages": "anthropic-messages",
  "anthropic-count-tokens": "anthropic-messages",
  "gemini-generate": "gemini-generate",
  "gemini-stream-generate": "gemini-generate",
  "gemini-count-tokens": "gemini-generate",
};

const ROOT = process.env["SLUICE_CORPUS"] ?? "";

/** False: the corpus is not on this machine, and the tests on it are skipped. */
export const hasCorpus = ROOT !== "" && existsSync(join(ROOT, "exchanges"));

/** What a skipped test says. */
export const NO_CORPUS =
  "SLUICE_CORPUS names no folder with recorded exchanges: tests on real providers' bytes are skipped.";

/** Every recording of the dialects that the gateway speaks, in a fixed order. */
export function loadRecordings(): Recording[] {
  return Object.entries(FOLDERS).flatMap(([folder, dialect]) => {
    const path = join(ROOT, "exchanges", folder);
    const files = existsSync(path) ? readdirSync(path).sort() : [];
    return files.flatMap((file) => {
      const text = readFileSync(join(path, file), "utf8");
      return readRecording(`${folder}/${file}`, dialect, JSON.parse(text)) ?? [];
    });
  });
}

function readRecording(
  name: string,
  dialect: CorpusDialect,
  { request, response }: RecordedExchange,
): Recording | undefined {
  const body = request.body.json;
  if (body === undefined) return undefined;
  const inPath = /\/models\/(?<model>[^:]+):(?<verb>\w+)/.exec(request.path)?.groups;
  const isCount = name.includes("count-tokens") || request.path.endsWith("/input_tokens");
  return {
    name,
    dialect,
    operation: isCount ? "count" : "generate",
    // Vendors put this API under paths of their own.
    path: request.path.replace(/^.*(?=\/responses)/, "/v1"),
    body,
    reply: response,
    model: inPath?.["model"] ?? String(body["model"]),
    isStream:
      inPath === undefined
        ? body["stream"] === true
        : inPath["verb"]?.startsWith("stream") === true,
  };
}
