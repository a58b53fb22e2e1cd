// What an API language must be able to do. One folder each, all with the same file names; the list of
// them is `list.ts`. A dialect is pure: it never sees the network, the clock or a configuration.

import type { GatewayError } from "#core/errors.ts";
import type { CallFacts, DialectId, Operation } from "#core/facts.ts";
import type { Capabilities } from "#core/features.ts";
import type { Json, JsonObject } from "#core/json.ts";
import type { ListedModelFacts } from "#core/listed-model.ts";
import type { NoticeKind } from "#core/notices.ts";
import type { HeaderFields } from "#core/ports/transport.ts";
import type { Usage } from "#core/usage.ts";
import type { StreamFraming } from "#wire/frame-splitter.ts";
import type { SseEvent } from "#wire/sse.ts";
import type { Accepts } from "./accepts.ts";
import type { ChatQuirks } from "./chat-quirks.ts";
import type { EmbeddingTranslation } from "./embedding.ts";
import type {
  NeutralEvent,
  NeutralReply,
  NeutralRequest,
  StopReason,
  UpstreamFault,
} from "./neutral.ts";
import type { RerankTranslation } from "./reranking.ts";

/** What the path of the call says, for dialects that put the model or the operation there. */
export interface CallHints {
  readonly operation: Operation;
  /** Empty when the model stands in the body. */
  readonly model: string;
  /** Undefined when the body says whether to stream. */
  readonly stream: boolean | undefined;
}

/** How the client wants its stream written. Only Gemini knows `json-array`. */
export type Framing = "sse" | "json-array";

/** What a dialect needs to know to write for a client. */
export interface ClientContext {
  readonly facts: CallFacts;
  readonly framing: Framing;
  /** `req_…`. */
  readonly requestId: string;
  /** Seconds since the epoch, for fields that a foreign upstream does not fill. */
  readonly nowSeconds: number;
  notice(kind: NoticeKind, subject: string): void;
  /** What a head that left early could not say, for the last chunk of dialects that have a place for it. */
  readonly sluice?: () => JsonObject;
}

/**
 * What a model can do, as far as an encoder must know it: a row of the capability table. Comes from the
 * provider's file, with the document's `capabilities` laid over it. Features are asked for by
 * `takes(traits, "top_k")`, never read off directly: what no cell names is unknown and is sent.
 */
export interface ModelTraits extends Capabilities {
  /** How reasoning is asked for. */
  readonly reasoning: "none" | "effort" | "budget" | "adaptive" | "level";
  /** Name of the output cap, where the dialect has two. */
  readonly outputCapField: "max_tokens" | "max_completion_tokens";
  /** Chat only: the member that earlier reasoning goes back in; absent = it must not go back. */
  readonly reasoningField?: "reasoning_content" | "reasoning";
  /** Output tokens to ask for where the dialect demands a number and the caller gave none. */
  readonly defaultOutputTokens: number;
  /**
   * Which family the model is of, where one dialect reaches models of many makers and each family has
   * words of its own (Bedrock): `claude`, `nova`, `gpt`, `mixtral`, `command`, `qwen`.
   */
  readonly family?: string;
  /** Chat only: how the vendor says things that OpenAI says otherwise. */
  readonly chat?: ChatQuirks;
  /** Where the vendor takes other names, ids or schemas than its dialect says. */
  readonly accepts?: Accepts;
}

/** What a dialect needs to know to write a request for an upstream. */
export interface UpstreamContext {
  readonly model: string;
  /** Provider state with one of these origins may be sent back; all other is dropped with a notice. */
  readonly stateOrigins: ReadonlySet<string>;
  readonly traits: ModelTraits;
  notice(kind: NoticeKind, subject: string): void;
}

/** What is read off a whole reply, in any operation. */
export interface ReplyFindings {
  /** Undefined when the upstream sent none. */
  readonly usage: Usage | undefined;
  /** True when there is nothing usable in it together with a natural stop (contract section 7). */
  readonly empty: boolean;
  readonly stop: StopReason;
  /** An error inside a 200, or a body that is not of this dialect at all. */
  readonly fault: UpstreamFault | undefined;
  /** UTF-16 code units of text in the answer, for estimates. */
  readonly textLength: number;
}

/** Top-level members to set (a value) or to remove (undefined) in a body that is passed through. */
export type BodyEdits = ReadonlyMap<string, Json | undefined>;

/** Reads a vendor's stream event by event. One instance a stream. */
export interface StreamDecoder {
  /** @returns the neutral events of this one frame, possibly none; frames of every framing look alike */
  decode(event: SseEvent): readonly NeutralEvent[];
  /**
   * What the end of the body itself says. Absent where the dialect has an end mark that may not be
   * missing.
   */
  end?(): readonly NeutralEvent[];
}

/** Writes a stream in the client's dialect. One instance a stream. */
export interface StreamEncoder {
  /** @returns text to be written as one piece, possibly empty; complete frames only */
  encode(event: NeutralEvent): string;
}

/** A vendor's own counting of input tokens, for requests that another dialect wrote. */
export interface CountTranslation {
  /**
   * The body of a counting call.
   * @param body as `requestFromNeutral` wrote it
   */
  requestOf(body: JsonObject, model: string): JsonObject;
  /** The count in a reply that `inspect` finds good. */
  countOf(reply: JsonObject): number;
}

/** Requests, replies and streams to and from the neutral form. */
export interface Translation {
  /** Names, ids and schemas that requests of this dialect may hold; absent = whatever is valid JSON. */
  readonly accepts?: Accepts;
  /** @throws GatewayError `invalid_request` with the path of what cannot be understood */
  requestToNeutral(body: JsonObject, facts: CallFacts): NeutralRequest;
  /** @throws GatewayError `unsupported_feature` naming what this dialect or model cannot carry */
  requestFromNeutral(request: NeutralRequest, context: UpstreamContext): JsonObject;
  replyToNeutral(body: JsonObject): NeutralReply;
  replyFromNeutral(reply: NeutralReply, context: ClientContext): JsonObject;
  decoder(): StreamDecoder;
  encoder(context: ClientContext): StreamEncoder;
  /** Absent where the vendor does not count. */
  readonly count?: CountTranslation;
}

/** What a dialect reads off a form (`multipart/form-data`). */
export interface FormReading {
  /** Those that may, or must, come as a form. */
  readonly operations: ReadonlySet<Operation>;
  /**
   * Reads the facts.
   * @param fields texts that came before it was clear where the call goes; files are never among them
   * @throws GatewayError `invalid_request` with the name of the field
   */
  read(fields: ReadonlyMap<string, string>, hints: CallHints): CallFacts;
}

/** An API language. */
export interface Dialect {
  readonly id: DialectId;
  readonly operations: readonly Operation[];
  /** How its vendors frame their streams; absent = server-sent events. */
  readonly streamFraming?: StreamFraming;
  /** Client request headers (lower case) that go to an upstream of the same dialect as they came. */
  readonly forwardedHeaders: readonly string[];
  /**
   * Reads the facts of a call, checking only what routing, metering and translation rely on.
   * Unknown fields are fine.
   * @throws GatewayError `invalid_request` with the path of the field
   */
  read(body: JsonObject, hints: CallHints): CallFacts;
  /** The permitted edits for passing the body through to `model` (contract section 5). */
  edits(facts: CallFacts, model: string, body: JsonObject): BodyEdits;
  /** Reads a whole reply from the side. `body` is undefined when it was not JSON. */
  inspect(body: Json | undefined, operation: Operation): ReplyFindings;
  /** The error as an upstream of this dialect reports it, from status and body. */
  readFault(status: number, body: Json | undefined, headers: HeaderFields): UpstreamFault;
  /** Our own error in this dialect. */
  fault(error: GatewayError, requestId: string): JsonObject;
  /**
   * Our own error inside a stream that has begun, as complete frames. Ends the stream.
   * @param hasContent false when nothing but keep-alives has gone out; true when not given. A JSON
   *   array must be opened by its first element.
   */
  faultFrames(
    error: GatewayError,
    requestId: string,
    framing: Framing,
    hasContent?: boolean,
  ): string;
  /**
   * The bytes of a stream frame without the usage that the client did not ask for, where content and
   * usage share a frame; undefined when there is nothing to take out. Absent where usage always belongs
   * to the dialect's streams.
   */
  withoutUsage?(frame: SseEvent): Uint8Array | undefined;
  /**
   * The bytes of a frame that tells the usage, with what a head that left early could not say. Absent
   * where the dialect has no place for it.
   */
  withSluice?(frame: SseEvent, sluice: JsonObject): Uint8Array;
  /** Something that keeps the connection alive and no client takes for content. */
  keepAlive(framing: Framing): string;
  /** The reply to a counting call. */
  countReply(inputTokens: number): JsonObject;
  /** The model list, and one entry of it. */
  modelList(models: readonly ListedModelFacts[]): JsonObject;
  modelEntry(model: ListedModelFacts): JsonObject;
  /** Usage that the vendor tells in the head of a whole reply instead of its body. */
  usageOfHead?(headers: HeaderFields): Usage | undefined;
  /**
   * Reads streams whose bytes only ever pass, for dialects without a translation. Absent where there are
   * no streams.
   */
  decoder?(): StreamDecoder;
  /** Requests that come as a form, whose files pass without being held. Absent where there are none. */
  readonly form?: FormReading;
  /**
   * Set where answers may be something else than JSON (sound, plain text): they pass in whichever form
   * they come.
   */
  readonly answersInAnyForm?: true;
  /** Set where what an answer costs cannot be told from texts: without the vendor's counters it is unpriced. */
  readonly hasOpenCost?: true;
  /** Of conversations (`generate`). */
  readonly translation?: Translation;
  /** Of embedding calls (`embed`). */
  readonly embedding?: EmbeddingTranslation;
  /** Of reranking calls (`rerank`). */
  readonly reranking?: RerankTranslation;
}
