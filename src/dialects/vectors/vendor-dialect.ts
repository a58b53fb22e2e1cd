// A whole dialect out of the little that sets apart a vendor's embedding or reranking calls: one reply,
// no streams, no counting.

import type { GatewayError } from "#core/errors.ts";
import type { CallFacts, Operation } from "#core/facts.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { asObject, isJsonObject } from "#core/json.ts";
import type { HeaderFields } from "#core/ports/transport.ts";
import type { Usage } from "#core/usage.ts";
import { sseFrame } from "#wire/sse.ts";
import type { BodyEdits, CallHints, Dialect, ReplyFindings } from "../dialect.ts";
import type { EmbeddingTranslation } from "../embedding.ts";
import { malformed, readFault, readInlineFault } from "../openai-chat/fault.ts";
import { requiredString } from "../openai-chat/fields.ts";
import { modelEntry, modelList } from "../openai-chat/models.ts";
import type { RerankTranslation } from "../reranking.ts";
import { embeddingFacts } from "./facts.ts";
import { rerankFacts } from "./rerank-facts.ts";

/** What sets one apart. */
export interface VendorCalls {
  readonly id: string;
  /** False: the model stands in the path alone. */
  readonly namesModel: boolean;
  readonly embedding?: EmbeddingTranslation;
  readonly reranking?: RerankTranslation;
  /** Where a reply holds what was asked for; undefined when it is none. */
  resultsIn(reply: JsonObject): readonly unknown[] | undefined;
  usageOf(reply: JsonObject): Usage | undefined;
  usageOfHead?(headers: HeaderFields): Usage | undefined;
  /** Absent = in any of the forms that flat errors have. */
  readonly readFault?: Dialect["readFault"];
  /** Our own error as the vendor would write one. */
  fault(error: GatewayError): JsonObject;
}

/** Fills in what all of them share. */
export function vendorDialect(vendor: VendorCalls): Dialect {
  const { id, embedding, reranking, usageOfHead, fault } = vendor;
  const operations: readonly Operation[] = [
    ...(embedding === undefined ? [] : (["embed"] as const)),
    ...(reranking === undefined ? [] : (["rerank"] as const)),
  ];
  return Object.freeze({
    id,
    operations,
    forwardedHeaders: [],
    read: (body, hints) => readFacts(vendor, body, hints),
    edits: (_facts, model, body) => modelEdit(vendor, model, body),
    inspect: (body) => inspect(vendor, body),
    readFault: vendor.readFault ?? readFault,
    fault,
    faultFrames: (error) => sseFrame(JSON.stringify(fault(error))),
    keepAlive: () => ": keep-alive\n\n",
    countReply: (inputTokens) => ({ input_tokens: inputTokens }),
    modelList,
    modelEntry,
    ...(usageOfHead !== undefined && { usageOfHead }),
    ...(embedding !== undefined && { embedding }),
    ...(reranking !== undefined && { reranking }),
  } satisfies Dialect);
}

function readFacts(vendor: VendorCalls, body: JsonObject, hints: CallHints): CallFacts {
  const model = vendor.namesModel ? requiredString(body, "model") : hints.model;
  const { embedding, reranking } = vendor;
  if (reranking !== undefined) return rerankFacts(reranking.requestToNeutral(body), vendor.id);
  if (embedding === undefined) throw new Error(`${vendor.id} has no calls.`);
  return embeddingFacts(embedding.requestToNeutral(body, model), vendor.id);
}

/** Sets the model and takes the wishes out that are addressed to the gateway. */
function modelEdit({ namesModel }: VendorCalls, model: string, body: JsonObject): BodyEdits {
  const edits = new Map<string, Json | undefined>();
  if (namesModel) edits.set("model", model);
  for (const wish of ["models", "provider"]) {
    if (body[wish] !== undefined) edits.set(wish, undefined);
  }
  return edits;
}

function inspect(vendor: VendorCalls, body: Json | undefined): ReplyFindings {
  const reply = asObject(body);
  const fault =
    reply === undefined ? malformed("The reply is not a JSON object.") : readInlineFault(reply);
  const results = isJsonObject(reply) ? vendor.resultsIn(reply) : undefined;
  const isBad = fault !== undefined || results === undefined;
  return {
    usage: reply === undefined ? undefined : vendor.usageOf(reply),
    empty: !isBad && results.length === 0,
    stop: isBad ? "error" : "end",
    fault: isBad ? (fault ?? malformed("The reply holds nothing that was asked for.")) : undefined,
    textLength: 0,
  };
}
