// Stage "read": the body off the wire, within its limits, and the facts of the call.

import { GatewayError } from "#core/errors.ts";
import type { FormReading } from "#dialects/dialect.ts";
import { boundaryOf, isForm } from "#wire/form-boundary.ts";
import { BenchedBody, type CallBody, InlineBody, LARGE_BODY_BYTES } from "../call-body.ts";
import { type Exchange, StoppedEarly } from "../exchange.ts";
import type { GatewayDependencies } from "../gateway-dependencies.ts";
import { HeldBytes } from "../live/held-bytes.ts";
import type { InflightBytes } from "../live/inflight-bytes.ts";
import { UploadBody } from "../upload-body.ts";
import { BodyPieces } from "./body-pieces.ts";
import { refuseWishHeaders } from "./wishes.ts";

/** Bodies that declare more are counted as they arrive. */
const AT_ONCE_BYTES = 1_000_000;

/** Held bytes are released by the caller of `read`, when the exchange is over. */
export interface ReadBody {
  readonly body: CallBody;
  readonly heldBytes: number;
}

/**
 * Reads body and facts.
 * @throws GatewayError `unsupported_encoding`, `body_too_large`, `overloaded`, `invalid_request`,
 *   `not_available`; StoppedEarly when the client leaves. Whatever was held is released then.
 */
export async function read(
  exchange: Exchange,
  inflight: InflightBytes,
  dependencies: GatewayDependencies,
): Promise<ReadBody> {
  const { headers } = exchange.call.request;
  refuseWishHeaders(headers);
  const hold = new HeldBytes(inflight, exchange.snapshot.server);
  const { form } = exchange.dialect;
  if (form?.operations.has(exchange.route.operation) && isForm(headers.get("content-type"))) {
    return readForm(exchange, form, hold);
  }
  checkType(headers);
  try {
    const bytes = await takeWhole(exchange.call.request, hold);
    const body = await open(exchange, bytes, dependencies);
    return { body, heldBytes: hold.bytes };
  } catch (error) {
    hold.release();
    throw error;
  }
}

function open(
  exchange: Exchange,
  bytes: Uint8Array,
  dependencies: GatewayDependencies,
): CallBody | Promise<CallBody> {
  const { route, dialect, id } = exchange;
  const hints = { operation: route.operation, model: route.model, stream: route.stream };
  if (bytes.length <= LARGE_BODY_BYTES) return new InlineBody(bytes, dialect.id, hints);
  return BenchedBody.open(dependencies.workbench, bytes, {
    dialect: dialect.id,
    hints,
    handle: id,
  });
}

/** What is held of a form is its own business, since it is given up while the form is under way. */
async function readForm(exchange: Exchange, form: FormReading, held: HeldBytes): Promise<ReadBody> {
  const { request } = exchange.call;
  const { route } = exchange;
  checkEncoding(request.headers);
  try {
    const body = await UploadBody.open(
      {
        body: request.body,
        boundary: boundaryOf(request.headers.get("content-type") ?? ""),
        declaredBytes: Number(request.headers.get("content-length") ?? Number.NaN),
        form,
        hints: { operation: route.operation, model: route.model, stream: route.stream },
        onGone: () => exchange.stop("client_gone"),
      },
      held,
    );
    return { body, heldBytes: 0 };
  } catch (error) {
    held.release();
    throw error;
  }
}

/** @throws GatewayError `unsupported_encoding` */
export function checkEncoding(headers: Headers): void {
  const encoding = headers.get("content-encoding");
  if (encoding !== null && encoding !== "identity") {
    throw new GatewayError("unsupported_encoding", "Send the body without content-encoding.");
  }
}

function checkType(headers: Headers): void {
  checkEncoding(headers);
  const type = headers.get("content-type");
  if (type === null || type === "application/json") return;
  // Several clients label JSON as text or leave parameters; a form or multipart body is refused.
  if (!/^(?:application\/(?:[\w.-]+\+)?json|text\/plain|text\/json)\s*(?:;|$)/i.test(type)) {
    throw new GatewayError("unsupported_encoding", "Send content-type: application/json.");
  }
}

/** @throws StoppedEarly when the body breaks off: the client left, or its framing was wrong */
async function takeWhole(request: Request, hold: HeldBytes): Promise<Uint8Array> {
  try {
    return await takeBytes(request, hold);
  } catch (thrown) {
    if (thrown instanceof GatewayError) throw thrown;
    throw new StoppedEarly("client_gone");
  }
}

async function takeBytes(request: Request, hold: HeldBytes): Promise<Uint8Array> {
  const declared = Number(request.headers.get("content-length") ?? Number.NaN);
  if (Number.isSafeInteger(declared)) {
    hold.expect(declared);
    if (declared <= AT_ONCE_BYTES) {
      hold.grow(declared);
      return new Uint8Array(await request.arrayBuffer());
    }
  }
  // What is declared and never comes must not take the place of what others send.
  const pieces = new BodyPieces(declared);
  for await (const piece of request.body ?? []) {
    hold.grow(piece.length);
    pieces.add(piece);
  }
  return pieces.whole();
}
