// The form in the middle: what every dialect is translated to and from when two of them differ; where
// they do not, only the reading of a stream passes through it. Content is an ordered list of typed parts.
// Whatever a vendor wants back unread (signatures, encrypted reasoning, ids) travels in `providerState`,
// byte for byte, to where it came from and nowhere else.

import type { Json, JsonObject } from "#core/json.ts";
import type { Usage } from "#core/usage.ts";
import type { Citation, Citations, Passage } from "./citations.ts";

export type { Citation, Citations, Passage };

/**
 * Opaque state of a vendor. `origin` is the id of the dialect that it was received in or, once known,
 * of the provider kind; an encoder writes it out only for the same origin.
 */
export interface ProviderState {
  readonly origin: string;
  /** `signature`, `encrypted`, `redacted`, `id`: what the vendor's own field for it is. */
  readonly kind: "signature" | "encrypted" | "redacted" | "id" | "raw";
  readonly value: string;
}

/** A cache breakpoint after this part. */
export interface CacheMark {
  readonly ttl: "5m" | "1h";
}

interface PartBase {
  /** In the order received; most parts have none. */
  readonly providerState?: readonly ProviderState[];
  readonly cache?: CacheMark;
}

export interface TextPart extends PartBase {
  readonly kind: "text";
  readonly text: string;
  readonly citations?: Citations;
}

/** Where the bytes of an image, file or sound are. The gateway never fetches a `url`. */
export type MediaSource =
  | { readonly from: "base64"; readonly mediaType: string; readonly data: string }
  | { readonly from: "url"; readonly url: string; readonly mediaType?: string }
  | { readonly from: "text"; readonly text: string; readonly mediaType: string }
  | {
      readonly from: "vendor-file";
      readonly origin: string;
      readonly id: string;
      readonly mediaType?: string;
    };

export interface ImagePart extends PartBase {
  readonly kind: "image";
  readonly source: MediaSource;
  readonly detail?: "auto" | "low" | "high" | "original";
}

export interface AudioPart extends PartBase {
  readonly kind: "audio";
  readonly source: MediaSource;
}

export interface VideoPart extends PartBase {
  readonly kind: "video";
  readonly source: MediaSource;
}

/** A PDF or another document. */
export interface FilePart extends PartBase {
  readonly kind: "file";
  readonly source: MediaSource;
  readonly name?: string;
}

/** Reasoning of the model. `redacted` parts have no text, only provider state. */
export interface ReasoningPart extends PartBase {
  readonly kind: "reasoning";
  readonly text: string;
  readonly redacted: boolean;
}

/** The model refuses, in words. */
export interface RefusalPart extends PartBase {
  readonly kind: "refusal";
  readonly text: string;
}

/** A call of one of the caller's tools. */
export interface ToolCallPart extends PartBase {
  readonly kind: "tool-call";
  /** Unique in the conversation; synthesised deterministically where the vendor sends none. */
  readonly id: string;
  readonly name: string;
  /** JSON text exactly as the vendor sent it, key order included; `{}` when there are no arguments. */
  readonly argumentsJson: string;
}

/** The result of a tool call; lives in a user turn, before any other content. */
export interface ToolResultPart extends PartBase {
  readonly kind: "tool-result";
  readonly callId: string;
  /** Name of the tool; looked up by id where a dialect does not repeat it. */
  readonly name: string;
  readonly content: readonly (
    | TextPart
    | ImagePart
    | FilePart
    | AudioPart
    | VideoPart
    | VendorPart
  )[];
  /** The result as structured JSON, where the dialect has it as that (Gemini `response`). */
  readonly structured?: JsonObject;
  readonly isError: boolean;
}

/** Anything a vendor has that others do not: hosted tool calls, code results, grounding. */
export interface VendorPart extends PartBase {
  readonly kind: "vendor";
  readonly origin: string;
  /** The vendor's own type name, for notices. */
  readonly name: string;
  readonly value: JsonObject;
  /**
   * Text that says the same to models that do not know it; empty when nothing is lost without it. Absent =
   * nobody else can be told.
   */
  readonly instead?: string;
}

export type Part =
  | TextPart
  | ImagePart
  | AudioPart
  | VideoPart
  | FilePart
  | ReasoningPart
  | RefusalPart
  | ToolCallPart
  | ToolResultPart
  | VendorPart;

/** One turn. Adjacent turns may share a role: encoders merge where their dialect demands it. */
export interface Turn {
  /** `system` here is an instruction between turns; leading ones stand in `instructions`. */
  readonly role: "user" | "assistant" | "system";
  readonly parts: readonly Part[];
  /** The speaker's name, where the dialect has one. */
  readonly name?: string;
}

export interface Tool {
  readonly name: string;
  readonly description?: string;
  /** JSON schema of the arguments as the caller wrote it; undefined = no arguments declared. */
  readonly parameters?: JsonObject;
  readonly strict?: boolean;
  readonly cache?: CacheMark;
}

/** A tool that only one vendor has. Encoders of other dialects refuse it, or write what it stands for. */
export interface VendorTool {
  readonly origin: string;
  readonly name: string;
  readonly value: JsonObject;
  /** Place in the caller's list, tools of both sorts counted; encoders of the origin keep it. */
  readonly position?: number;
  /** What it does, where other vendors have a tool of their own for it. */
  readonly hosted?: HostedTool;
  /** The same as a function, where the caller runs it and the vendor only knows its schema. */
  readonly asFunction?: Tool;
}

/** A tool that the vendor runs, in terms that several vendors share. */
export interface HostedTool {
  readonly does: "web-search" | "web-fetch" | "code-execution" | "tool-search";
  readonly allowedDomains?: readonly string[];
  readonly blockedDomains?: readonly string[];
  readonly maxUses?: number;
  /** Where the user roughly is. */
  readonly location?: {
    readonly city?: string;
    readonly region?: string;
    readonly country?: string;
    readonly timezone?: string;
  };
}

export type ToolChoice =
  | { readonly mode: "auto" | "none" | "required" }
  | { readonly mode: "named"; readonly name: string }
  | { readonly mode: "allowed"; readonly names: readonly string[]; readonly required: boolean };

export type ReasoningEffort = "none" | "minimal" | "low" | "medium" | "high" | "xhigh" | "max";

/** What the caller wants of reasoning. At most one of effort and budget is set by most dialects. */
export interface ReasoningWish {
  readonly effort?: ReasoningEffort;
  readonly budgetTokens?: number;
  /** The model decides how much (`adaptive`, dynamic budget). */
  readonly adaptive?: boolean;
  /** Whether the caller wants to see it; undefined = the dialect's default. */
  readonly visible?: boolean;
}

export type ResponseFormat =
  | { readonly kind: "json" }
  | {
      readonly kind: "schema";
      readonly name: string;
      readonly schema: JsonObject;
      readonly description?: string;
      readonly strict?: boolean;
    };

export interface Sampling {
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly seed?: number;
  readonly presencePenalty?: number;
  readonly frequencyPenalty?: number;
  readonly stop?: readonly string[];
  readonly choices?: number;
  readonly logitBias?: JsonObject;
  readonly logprobs?: { readonly top: number };
}

/** A request for an answer, whatever language it was written in. */
export interface NeutralRequest {
  /** The dialect it was read from. */
  readonly origin: string;
  readonly model: string;
  readonly stream: boolean;
  readonly instructions: readonly (TextPart | VendorPart)[];
  readonly turns: readonly Turn[];
  readonly tools: readonly Tool[];
  readonly vendorTools: readonly VendorTool[];
  readonly toolChoice?: ToolChoice;
  readonly parallelToolCalls?: boolean;
  readonly maxOutputTokens?: number;
  readonly sampling: Sampling;
  readonly reasoning?: ReasoningWish;
  readonly responseFormat?: ResponseFormat;
  readonly user?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** `auto`, `default`, `flex`, `priority`: mapped where the other side has it. */
  readonly serviceTier?: string;
  /** Fields of the origin dialect that the neutral form has no place for: path -> value. Each becomes
   *  a notice `dropped:<path>` in another dialect, unless an encoder knows what to do with it. */
  readonly extras: ReadonlyMap<string, Json>;
}

/** Why the model stopped. */
export type StopReason =
  | "end"
  | "stop_sequence"
  | "tool_call"
  | "max_tokens"
  | "context_limit"
  | "content_filter"
  | "refusal"
  | "pause"
  | "malformed_tool_call"
  | "error"
  | "unknown";

/** One answer of the model. */
export interface NeutralChoice {
  readonly index: number;
  readonly parts: readonly Part[];
  readonly stop: StopReason;
  /** The vendor's own word for it, to be shown in notices and records. */
  readonly vendorStop: string;
  readonly stopSequence?: string;
  /** What was blocked and why, in the vendor's own fields. */
  readonly stopDetails?: JsonObject;
  readonly logprobs?: Json;
}

export interface NeutralReply {
  readonly origin: string;
  readonly id: string;
  readonly model: string;
  /** Seconds since the epoch, 0 when the vendor does not say. */
  readonly createdAt: number;
  /** Empty when the prompt itself was blocked; then `blocked` tells why. */
  readonly choices: readonly NeutralChoice[];
  readonly blocked?: JsonObject;
  /** Undefined when the vendor sent none. */
  readonly usage: Usage | undefined;
  readonly serviceTier?: string;
}

/** The opening of a part in a stream; what follows are deltas with the same index. */
export type PartStart =
  | { readonly kind: "text" }
  | { readonly kind: "reasoning"; readonly redacted: boolean }
  | { readonly kind: "refusal" }
  | { readonly kind: "tool-call"; readonly id: string; readonly name: string }
  | { readonly kind: "whole"; readonly part: Part };

/**
 * One event of a stream. Part indexes are contiguous from 0 within a choice and each part is opened
 * once, filled, then closed, one at a time. Decoders guarantee this whatever the vendor sends, so
 * that encoders need no state machine of their own for it.
 */
export type NeutralEvent =
  | {
      readonly type: "message-started";
      readonly id: string;
      readonly model: string;
      readonly createdAt: number;
    }
  | {
      readonly type: "part-started";
      readonly choice: number;
      readonly index: number;
      readonly start: PartStart;
      readonly providerState?: readonly ProviderState[];
    }
  /** Text of a text, reasoning or refusal part; JSON text of a tool call's arguments. */
  | {
      readonly type: "part-delta";
      readonly choice: number;
      readonly index: number;
      readonly text: string;
    }
  /** State that arrives after the text it belongs to (signatures), or citations. */
  | {
      readonly type: "part-state";
      readonly choice: number;
      readonly index: number;
      readonly providerState?: readonly ProviderState[];
      readonly citations?: Citations;
    }
  | { readonly type: "part-ended"; readonly choice: number; readonly index: number }
  | {
      readonly type: "choice-ended";
      readonly choice: number;
      readonly stop: StopReason;
      readonly vendorStop: string;
      readonly stopSequence?: string;
      readonly stopDetails?: JsonObject;
    }
  /** Cumulative; the last one counts. */
  | { readonly type: "usage"; readonly usage: Usage }
  /** The prompt was blocked before any answer. */
  | { readonly type: "blocked"; readonly details: JsonObject }
  /** An error inside the stream. Nothing follows. */
  | { readonly type: "faulted"; readonly fault: UpstreamFault }
  /** A frame that cannot be read (no JSON). It is skipped with a notice, and the stream goes on. */
  | { readonly type: "unreadable" }
  /** The stream's own end mark (`[DONE]`, `message_stop`, or for Gemini the finish reason). */
  | { readonly type: "message-ended" };

/** The code of a fault that no upstream reported: what came is not of the dialect at all. */
export const MALFORMED_REPLY = "malformed_reply";

/** The code of a fault that no upstream reported: a good reply, but not what was asked for. */
export const INVALID_ANSWER = "invalid_answer";

/** An error as an upstream reports it, in a body or inside a stream. */
export interface UpstreamFault {
  /** The HTTP status it stands for; 0 when it tells none. */
  readonly status: number;
  /** The vendor's own code or type. */
  readonly code: string;
  readonly message: string;
  /** Milliseconds until a retry makes sense, undefined when the vendor does not say. */
  readonly retryAfterMs?: number;
}
