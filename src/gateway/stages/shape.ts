// Stage "shape": what of the call goes to one target. In the same dialect the text passes with only the
// permitted edits; otherwise it is written anew from the neutral form.

import type { CallFacts, DialectId } from "#core/facts.ts";
import { type Capabilities, takes, withCapabilities } from "#core/features.ts";
import type { JsonObject } from "#core/json.ts";
import type { Notice } from "#core/notices.ts";
import type { PassingBody, Payload } from "#core/ports/transport.ts";
import { type Repair, withRepair } from "#dialects/adapt/repair.ts";
import type { Adaptation } from "#dialects/adapt/restoring.ts";
import { translateRequest } from "#dialects/adapt/translate-request.ts";
import type { BodyEdits, ModelTraits } from "#dialects/dialect.ts";
import { dialectOf } from "#dialects/list.ts";
import type { NeutralRequest } from "#dialects/neutral.ts";
import type { RerankDocument } from "#dialects/neutral-rerank.ts";
import { providerKindOf } from "#providers/list.ts";
import type { OutletCall, ProviderKind } from "#providers/provider.ts";
import { applyEdits } from "#wire/edit-body.ts";
import type { JsonBody } from "#wire/json-body.ts";
import { vectorRequests } from "./shape-vectors.ts";

/** What to write, for whom. Plain data, so that it can cross to a worker thread. */
export interface ShapeOrder {
  /** Dialect of the upstream. */
  readonly dialect: DialectId;
  /** Kind of the provider, which knows what the model can do. */
  readonly kind: string;
  readonly model: string;
  /** The model that the name stands for, where they differ: it tells what can be asked of it. */
  readonly standsFor?: string;
  /** Of the client's headers those that the outlet writes into the body; absent = it writes none. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What the document sends to this provider with every call, for the same outlets. */
  readonly documentHeaders?: Readonly<Record<string, string>>;
  /** What the model can do, as far as anybody knows; absent where nothing depends on it. */
  readonly capabilities?: Capabilities;
  /** What the model is to mend of its last answer. */
  readonly repair?: Repair;
  /** A signature will want the SHA-256 of what is written. */
  readonly isSigned?: true;
}

/** A request body for an upstream. */
export interface Shaped {
  /** A Blob when it was written on a worker thread. */
  readonly payload: string | Blob;
  /** A form that passes, in place of the payload. */
  readonly upload?: Upload;
  readonly notices: readonly Notice[];
  /** What was changed for the vendor's sake, of translated requests. */
  readonly adaptation?: Adaptation;
  /** A batch that takes several requests; its first payload is `payload`. */
  readonly split?: Split;
  /** Documents of a reranking that go into the reply, since the vendor gives none back. */
  readonly documents?: readonly RerankDocument[];
  /** Hex digits of the SHA-256 of payloads that were written on a worker thread and will be signed. */
  readonly digests?: ReadonlyMap<Payload, string>;
}

/** A body of a form. */
export interface Upload {
  /** Whole, or as it comes from the client. */
  readonly body: Blob | PassingBody;
  readonly contentType: string;
}

/** Requests that one attempt sends to one target, since the vendor takes no batch of that size. */
export interface Split {
  readonly payloads: readonly (string | Blob)[];
  /** For each payload the places of its inputs in the whole call. */
  readonly positions: readonly (readonly number[])[];
}

/** What there is to write from. */
export interface ShapeSource {
  readonly body: JsonBody;
  readonly facts: CallFacts;
  neutral(): NeutralRequest | undefined;
}

const NO_NOTICES: readonly Notice[] = [];

/** @throws GatewayError `unsupported_feature` when the target's dialect or model cannot carry it */
export function shapeBody(order: ShapeOrder, source: ShapeSource): Shaped {
  const { facts, body } = source;
  const dialect = dialectOf(order.dialect);
  const kind = providerKindOf(order.kind);
  const outlet = kind.speaks[order.dialect]?.[facts.operation];
  if (order.dialect === facts.dialect && !mustStandIn(order, source)) {
    const edits = dialect.edits(facts, order.model, body.json);
    if (outlet?.bodyEdits === undefined) {
      return { payload: applyEdits(body, edits), notices: NO_NOTICES };
    }
    const notices: Notice[] = [];
    const own = outlet.bodyEdits(body.json, outletCall(order, facts, notices));
    return { payload: applyEdits(body, new Map([...edits, ...own])), notices };
  }
  const { operation } = facts;
  if (operation === "embed" || operation === "rerank") return shapeVectors(order, source);
  const request = source.neutral();
  if (request === undefined || dialect.translation === undefined) {
    throw new Error(`${facts.dialect} cannot be translated to ${order.dialect}.`);
  }
  const notices: Notice[] = [];
  const asked = order.repair === undefined ? request : withRepair(request, order.repair);
  const { body: full, adaptation } = translateRequest(dialect.translation, asked, {
    model: order.model,
    stateOrigins: originsFor(kind, order.dialect),
    traits: traitsFor(order),
    notice: (noticeKind, subject) => notices.push(`${noticeKind}:${subject}`),
  });
  const { count } = dialect.translation;
  const isCount = operation === "count_tokens" && count !== undefined;
  const written = isCount ? count.requestOf(full, order.model) : full;
  // A counter takes no limits, so that none has been chosen for the caller.
  const told = isCount ? notices.filter((notice) => !notice.startsWith("defaulted:")) : notices;
  const own = outlet?.bodyEdits?.(written, outletCall(order, facts, notices));
  const sent = own === undefined ? written : edited(written, own);
  const shaped: Shaped = { payload: JSON.stringify(sent), notices: told };
  return adaptation === undefined || isCount ? shaped : { ...shaped, adaptation };
}

function traitsFor({ kind, standsFor, model, capabilities }: ShapeOrder): ModelTraits {
  const traits = providerKindOf(kind).traits(standsFor ?? model);
  return capabilities === undefined ? traits : withCapabilities(traits, capabilities);
}

/**
 * True when the model is known to lack what Sluice can stand in for: the body is then written anew also
 * in its own dialect.
 */
function mustStandIn(order: ShapeOrder, source: ShapeSource): boolean {
  const { facts } = source;
  if (!facts.hasSchema || facts.operation !== "generate") return false;
  const traits = traitsFor(order);
  if (takes(traits, "json_schema") && takes(traits, "json_mode")) return false;
  const kind = source.neutral()?.responseFormat?.kind;
  // What cannot be read, or is left out, is the vendor's to judge; what is known to be missing is not.
  return kind !== undefined && !takes(traits, kind === "json" ? "json_mode" : "json_schema");
}

function shapeVectors(order: ShapeOrder, { body, facts }: ShapeSource): Shaped {
  const kind = providerKindOf(order.kind);
  const outlet = kind.speaks[order.dialect]?.[facts.operation];
  const notices: Notice[] = [];
  const call = outletCall(order, facts, notices);
  const { notice } = call;
  const standsFor = order.standsFor ?? order.model;
  const traits = kind.embedding?.(standsFor) ?? {};
  const requests = vectorRequests(body.json, facts, { ...order, standsFor, traits, notice });
  const payloads = requests.map(({ body: written }) => {
    const own = outlet?.bodyEdits?.(written, call);
    return JSON.stringify(own === undefined ? written : edited(written, own));
  });
  const [payload = ""] = payloads;
  const documents = requests[0]?.documents;
  if (documents !== undefined) return { payload, notices, documents };
  if (payloads.length < 2) return { payload, notices };
  const positions = requests.map((request) => request.positions);
  return { payload, notices, split: { payloads, positions } };
}

/** A kind that speaks several dialects reaches different vendors by them, and each wants its own state. */
function originsFor(kind: ProviderKind, dialect: DialectId): ReadonlySet<string> {
  return new Set(
    kind.stateOrigins.filter((origin) => origin === dialect || !Object.hasOwn(kind.speaks, origin)),
  );
}

function outletCall(order: ShapeOrder, facts: CallFacts, notices: Notice[]): OutletCall {
  return {
    model: order.model,
    stream: facts.stream,
    headers: order.headers ?? {},
    documentHeaders: order.documentHeaders ?? {},
    notice: (kind, subject) => notices.push(`${kind}:${subject}`),
  };
}

/** A body that Sluice wrote itself, with the outlet's own members. */
function edited(body: JsonObject, edits: BodyEdits): JsonObject {
  const result: JsonObject = { ...body };
  for (const [name, value] of edits) {
    if (value === undefined) delete result[name];
    else result[name] = value;
  }
  return result;
}
