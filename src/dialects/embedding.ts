// What a dialect of embedding calls must be able to do beside what every dialect does: requests and
// replies to and from the neutral form. No streams, so much less than a `Translation`.

import { GatewayError } from "#core/errors.ts";
import type { CallFacts } from "#core/facts.ts";
import type { Json, JsonObject } from "#core/json.ts";
import type { NoticeKind } from "#core/notices.ts";
import { type INVALID_ANSWER, MALFORMED_REPLY } from "./neutral.ts";
import type {
  EmbeddingInput,
  NeutralEmbeddingReply,
  NeutralEmbeddingRequest,
} from "./neutral-embedding.ts";

/** What an embedding model can do, as far as an encoder must know it. Comes from the provider's file. */
export interface EmbeddingTraits {
  /**
   * Size of the vectors where the model knows no other; 0 = it knows one only, but which is unknown.
   * Absent = the size can be chosen, or that is unknown: then it is asked for, and the reply is held to it.
   */
  readonly fixedDimensions?: number;
}

/** What a dialect needs to know to write a request for an upstream. */
export interface EmbeddingUpstreamContext {
  /** As the upstream calls it. */
  readonly model: string;
  /** The model behind that name, where a document says so; tells what can be asked. */
  readonly standsFor: string;
  readonly traits: EmbeddingTraits;
  notice(kind: NoticeKind, subject: string): void;
}

/** What a dialect needs to know to write for a client. */
export interface EmbeddingClientContext {
  readonly facts: CallFacts;
  /** What stands in for usage that the upstream did not tell. */
  readonly estimatedInputTokens: number;
}

/** What one request of a vendor can hold. */
export interface EmbeddingLimits {
  /** Inputs of one request. More are sent as several. */
  readonly maxInputs: number;
  /** Tokens of one request, held to by an estimate on the high side; absent = no limit is known. */
  readonly maxTokens?: number;
  /**
   * What all inputs of one request must have in common: those of different groups go in different
   * requests. Absent = each input stands for itself.
   */
  group?(input: EmbeddingInput): string;
}

/** Requests and replies of embedding calls. */
export interface EmbeddingTranslation {
  /** @throws GatewayError `invalid_request` with the path of what cannot be understood */
  requestToNeutral(body: JsonObject, model: string): NeutralEmbeddingRequest;
  /** @param standsFor the model behind the name */
  limits(standsFor: string): EmbeddingLimits;
  /**
   * Writes one request. Its inputs are within the limits.
   * @throws GatewayError `unsupported_feature` naming what this vendor or model cannot take
   */
  requestFromNeutral(
    request: NeutralEmbeddingRequest,
    context: EmbeddingUpstreamContext,
  ): JsonObject;
  /** @throws MalformedReply when these are no vectors, or not one for each place */
  replyToNeutral(body: Json | undefined): NeutralEmbeddingReply;
  replyFromNeutral(reply: NeutralEmbeddingReply, context: EmbeddingClientContext): JsonObject;
  /**
   * A reply of the same dialect, in the encoding that was asked for; undefined when it came in that.
   * Absent where the dialect knows one encoding only.
   */
  reencoded?(body: JsonObject, facts: CallFacts): JsonObject | undefined;
}

/** What an upstream sent is not what its dialect promises. */
export class MalformedReply extends Error {
  /** `invalid_answer` when asking again would give the same. */
  readonly code: typeof MALFORMED_REPLY | typeof INVALID_ANSWER;

  constructor(message: string, code: MalformedReply["code"] = MALFORMED_REPLY) {
    super(message);
    this.name = "MalformedReply";
    this.code = code;
  }
}

/** What a target cannot take, with its place in the caller's request. */
export function cannotEmbed(param: string, message: string): GatewayError {
  return new GatewayError("unsupported_feature", message, param === "" ? {} : { param });
}
