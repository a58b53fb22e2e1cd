// Stage "shape": what of the call goes to one target. In the same dialect the text passes with only the
// permitted edits; otherwise it is written anew from the neutral form.

import type { CallFacts, DialectId } from "#core/facts.ts";
import type { Notice } from "#core/notices.ts";
import { dialectOf } from "#dialects/list.ts";
import type { NeutralRequest } from "#dialects/neutral.ts";
import { providerKindOf } from "#providers/list.ts";
import { applyEdits } from "#wire/edit-body.ts";
import type { JsonBody } from "#wire/json-body.ts";

/** What to write, for whom. Plain data, so that it can cross to a worker thread. */
export interface ShapeOrder {
  /** Dialect of the upstream. */
  readonly dialect: DialectId;
  /** Kind of the provider, which knows what the model can do. */
  readonly kind: string;
  readonly model: string;
}

/** A request body for an upstream. */
export interface Shaped {
  /** A Blob when it was written on a worker thread. */
  readonly payload: string | Blob;
  readonly notices: readonly Notice[];
}

/** What there is to write from. */
interface ShapeSource {
  readonly body: JsonBody;
  readonly facts: CallFacts;
  readonly neutral: () => NeutralRequest | undefined;
}

const NO_NOTICES: readonly Notice[] = [];

/** @throws GatewayError `unsupported_feature` when the target's dialect or model cannot carry it */
export function shapeBody(order: ShapeOrder, source: ShapeSource): Shaped {
  const { facts, body } = source;
  const dialect = dialectOf(order.dialect);
  if (order.dialect === facts.dialect) {
    const edits = dialect.edits(facts, order.model, body.json);
    return { payload: applyEdits(body, edits), notices: NO_NOTICES };
  }
  const request = source.neutral();
  if (request === undefined || dialect.translation === undefined) {
    throw new Error(`${facts.dialect} cannot be translated to ${order.dialect}.`);
  }
  const notices: Notice[] = [];
  const kind = providerKindOf(order.kind);
  const written = dialect.translation.requestFromNeutral(request, {
    model: order.model,
    stateOrigins: new Set(kind.stateOrigins),
    traits: kind.traits(order.model),
    notice: (noticeKind, subject) => notices.push(`${noticeKind}:${subject}`),
  });
  return { payload: JSON.stringify(written), notices };
}
