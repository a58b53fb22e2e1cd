// The body of a call while it is being served: kept on the event loop when it is small, on a worker
// thread when it is large. Both give the same answers, because both call the same functions.

import type { GatewayError } from "#core/errors.ts";
import type { CallFacts, DialectId } from "#core/facts.ts";
import type { JsonObject } from "#core/json.ts";
import type { Notice } from "#core/notices.ts";
import type { Workbench } from "#core/ports/workbench.ts";
import type { Adaptation } from "#dialects/adapt/restoring.ts";
import type { CallHints } from "#dialects/dialect.ts";
import { dialectOf } from "#dialects/list.ts";
import type { NeutralRequest } from "#dialects/neutral.ts";
import type { JsonBody } from "#wire/json-body.ts";
import { parseBody } from "#wire/json-body.ts";
import { type Shaped, type ShapeOrder, type ShapeSource, shapeBody } from "./stages/shape.ts";
import { refuseWishes } from "./stages/wishes.ts";

/** Bodies beyond this many bytes never touch the event loop. */
export const LARGE_BODY_BYTES = 1_000_000;

/** A body that can be written for one target after the other. */
export interface CallBody {
  readonly facts: CallFacts;
  /** @throws GatewayError `unsupported_feature` when this target cannot be asked that */
  shape(order: ShapeOrder): Shaped | Promise<Shaped>;
  /** Gives up what is held; nothing can be shaped afterwards. */
  release(): void;
  /** False once it has been sent and is not here any more. Absent = it always is. */
  readonly isReplayable?: boolean;
  /** What was found wrong with it after it had begun to go out. */
  readonly fault?: GatewayError | undefined;
}

/** A small body, parsed where it is. */
export class InlineBody implements CallBody, ShapeSource {
  readonly facts: CallFacts;
  readonly body: JsonBody;
  readonly #dialect: DialectId;
  #neutral: NeutralRequest | undefined;

  /** @throws GatewayError `invalid_request` or `not_available` */
  constructor(bytes: Uint8Array, dialect: DialectId, hints: CallHints) {
    this.body = parseBody(bytes);
    this.#dialect = dialect;
    refuseWishes(dialect, this.body.json);
    this.facts = dialectOf(dialect).read(this.body.json, hints);
  }

  shape(order: ShapeOrder): Shaped {
    return shapeBody(order, this);
  }

  release(): void {
    this.#neutral = undefined;
  }

  /** Translated once, however many targets are tried. */
  neutral(): NeutralRequest | undefined {
    const { translation } = dialectOf(this.#dialect);
    this.#neutral ??= translation?.requestToNeutral(this.body.json, this.facts);
    return this.#neutral;
  }
}

/** A large body, kept and worked on by a worker thread. */
export class BenchedBody implements CallBody {
  readonly facts: CallFacts;
  readonly #workbench: Workbench;
  readonly #handle: string;

  private constructor(workbench: Workbench, handle: string, facts: CallFacts) {
    this.#workbench = workbench;
    this.#handle = handle;
    this.facts = facts;
  }

  /** @throws GatewayError as InlineBody does */
  static async open(
    workbench: Workbench,
    bytes: Uint8Array,
    origin: { readonly dialect: DialectId; readonly hints: CallHints; readonly handle: string },
  ): Promise<BenchedBody> {
    const { output } = await workbench.run("open-body", origin as unknown as JsonObject, bytes);
    return new BenchedBody(workbench, origin.handle, output as unknown as CallFacts);
  }

  async shape(order: ShapeOrder): Promise<Shaped> {
    const input = { handle: this.#handle, order: order as unknown as JsonObject };
    const { output, body } = await this.#workbench.run("shape-body", input, new Uint8Array(0));
    const notices = (output["notices"] ?? []) as Notice[];
    const cut = output["split"] as unknown as CutBody | undefined;
    const adaptation = output["adaptation"] as unknown as Adaptation | undefined;
    const documents = output["documents"] as unknown as Shaped["documents"];
    const shaped: Shaped = {
      ...(cut === undefined ? { payload: body } : pieces(body, cut)),
      notices,
      ...(adaptation !== undefined && { adaptation }),
      ...(documents !== undefined && { documents }),
    };
    const digests = output["digests"] as string[] | undefined;
    return digests === undefined ? shaped : { ...shaped, digests: digestsOf(shaped, digests) };
  }

  release(): void {
    this.#workbench
      .run("close-body", { handle: this.#handle }, new Uint8Array(0))
      // The worker is gone, and the body with it.
      .catch(() => undefined);
  }
}

function digestsOf(shaped: Shaped, digests: readonly string[]): ReadonlyMap<string | Blob, string> {
  const payloads = shaped.split?.payloads ?? [shaped.payload];
  return new Map(payloads.map((payload, index) => [payload, digests[index] ?? ""]));
}

/** How a worker's one Blob holds the several payloads of a batch. */
export interface CutBody {
  readonly sizes: readonly number[];
  readonly positions: readonly (readonly number[])[];
}

function pieces(body: Blob, { sizes, positions }: CutBody): Omit<Shaped, "notices"> {
  let start = 0;
  const payloads = sizes.map((size) => {
    const piece = body.slice(start, start + size);
    start += size;
    return piece;
  });
  return { payload: payloads[0] ?? body, split: { payloads, positions } };
}
