// A body that nobody reads: it is asked of the client as the upstream takes it, once.

import type { CallFacts } from "#core/facts.ts";
import type { PassingBody } from "#core/ports/transport.ts";
import type { CallBody } from "./call-body.ts";
import { StoppedEarly } from "./exchange.ts";
import type { Shaped } from "./stages/shape.ts";

/** What a client sends. */
export interface ThroughSource {
  readonly body: ReadableStream<Uint8Array> | null;
  /** As the client declares it; NaN when it does not. */
  readonly declaredBytes: number;
  readonly contentType: string;
  /** Called when the client leaves amid its body. */
  readonly onGone: () => void;
}

/** One that can be sent once: such calls have a single try. */
export class ThroughBody implements CallBody {
  readonly facts: CallFacts;
  readonly #source: ThroughSource;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;

  constructor(facts: CallFacts, source: ThroughSource) {
    this.facts = facts;
    this.#source = source;
    this.#reader = source.body?.getReader();
  }

  shape(): Shaped {
    const { contentType, declaredBytes } = this.#source;
    if (this.#reader === undefined) return { payload: "", notices: [] };
    const length = Number.isSafeInteger(declaredBytes) ? declaredBytes : undefined;
    const body: PassingBody = { length, next: () => this.#next() };
    return { payload: "", notices: [], upload: { body, contentType } };
  }

  release(): void {
    this.#reader?.cancel().catch(() => undefined);
  }

  async #next(): Promise<Uint8Array | undefined> {
    try {
      const piece = await this.#reader?.read();
      return piece?.value;
    } catch {
      this.#source.onGone();
      throw new StoppedEarly("client_gone");
    }
  }
}
