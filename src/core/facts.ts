// What is known of a call before anything is decided: read off the request, then completed by sensors.

import type { JsonObject } from "./json.ts";

/** What the caller wants done. Dialects and providers are keyed by it. */
export type Operation =
  | "generate"
  | "count_tokens"
  | "embed"
  | "rerank"
  | "complete"
  | "moderate"
  | "generate_image"
  | "edit_image"
  | "vary_image"
  | "speak"
  | "transcribe"
  | "translate_audio"
  | "pass_through";

/** The id of an API language, a folder in `dialects/`. Core knows none of them by name. */
export type DialectId = string;

/** What the vectors of an embedding call are to be like. */
export interface VectorWish {
  readonly encoding: "float" | "base64";
  /** Type of the numbers. All vendors have floats, few have another. */
  readonly numbers: "float" | "int8" | "uint8" | "binary" | "ubinary";
  /** How many numbers a vector is to have; 0 = the caller did not say, or not the same for all. */
  readonly dimensions: number;
}

/** Wishes that are addressed to whoever chooses among models and vendors. */
export interface RouterWishes {
  /** Names of the members. */
  readonly members: readonly string[];
  /** Models to fall back to, by the router's own names. */
  readonly models: readonly string[];
}

/** Facts of a request. Every field always has a value, so that rules can read them all. */
export interface CallFacts {
  readonly operation: Operation;
  readonly dialect: DialectId;
  /** The model name as asked for. */
  readonly model: string;
  readonly stream: boolean;
  /** Stream only: the caller asked for usage in the stream itself. */
  readonly wantsUsage: boolean;
  /** UTF-16 code units of all text the model will read, tool schemas included. */
  readonly textLength: number;
  /** The caller's cap on output tokens; 0 when it gave none. */
  readonly maxOutputTokens: number;
  /** Answers asked for (`n`, `candidateCount`). */
  readonly choices: number;
  readonly messageCount: number;
  readonly toolCount: number;
  readonly imageCount: number;
  readonly audioCount: number;
  readonly fileCount: number;
  /** A JSON schema or JSON mode for the answer was asked for. */
  readonly hasSchema: boolean;
  /** Reasoning was asked for explicitly. */
  readonly reasoning: boolean;
  /** Claimed by the client, proves nothing. */
  readonly user: string;
  /** Claimed by the client, strings only. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Members of the body that only a router understands, if there are any. */
  readonly routerWishes?: RouterWishes;
  /** Embedding calls only. */
  readonly vectors?: VectorWish;
  /** What the caller's dialect needs of the request to write the reply; opaque to all others. */
  readonly echo?: JsonObject;
}

/** Facts that cost something to find out, filled in by the `gather` stage. */
export interface SensedFacts {
  /** Estimated input tokens of the whole request. */
  readonly inputTokens: number;
}
