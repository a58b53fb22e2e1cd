// A form on its way through: read up to its model, then handed on as it comes, so that files of any size
// pass without being held. What has been read ahead is held, and with it the call can be sent again; once
// the rest is under way it cannot.

import { type GatewayError, invalidRequest } from "#core/errors.ts";
import type { CallFacts } from "#core/facts.ts";
import type { CallHints, FormReading } from "#dialects/dialect.ts";
import { formContentType } from "#wire/form-boundary.ts";
import { type FormField, type FormListener, FormScanner } from "#wire/form-scanner.ts";
import type { CallBody } from "./call-body.ts";
import { StoppedEarly } from "./exchange.ts";
import type { HeldBytes } from "./live/held-bytes.ts";
import type { Shaped, ShapeOrder } from "./stages/shape.ts";

/** Read before the call goes anywhere: small forms are here whole, and can be sent as often as need be. */
const AHEAD_BYTES = 1_000_000;
const MOST_FIELDS = 100;

/** What a form is opened with. */
export interface UploadSource {
  readonly body: ReadableStream<Uint8Array> | null;
  readonly boundary: string;
  /** As the client declares it; NaN when it does not. */
  readonly declaredBytes: number;
  readonly form: FormReading;
  readonly hints: CallHints;
  /** Called when the client leaves amid its upload. */
  readonly onGone: () => void;
}

/** A form whose model is known. */
export class UploadBody implements CallBody, FormListener {
  readonly #source: UploadSource;
  readonly #held: HeldBytes;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  readonly #scanner: FormScanner;
  readonly #fields = new Map<string, string>();
  #ahead: Uint8Array[] = [];
  #model: FormField | undefined;
  #hasModel = false;
  #isWhole = false;
  #isSpent = false;
  #facts: CallFacts | undefined;
  #fault: GatewayError | undefined;

  private constructor(source: UploadSource, held: HeldBytes) {
    this.#source = source;
    this.#held = held;
    this.#reader = source.body?.getReader();
    this.#scanner = new FormScanner(source.boundary, this);
  }

  /**
   * Reads up to where it is clear what is asked of which model.
   * @param held counts what is read ahead, and is released with the body
   * @throws GatewayError `invalid_request`, `body_too_large`, `overloaded`; StoppedEarly when the client
   *   leaves
   */
  static async open(source: UploadSource, held: HeldBytes): Promise<UploadBody> {
    const upload = new UploadBody(source, held);
    while (upload.#wantsMore()) {
      const bytes = await upload.#next();
      if (bytes === undefined) break;
      upload.#hold(bytes);
    }
    upload.#facts = source.form.read(upload.#fields, source.hints);
    return upload;
  }

  get facts(): CallFacts {
    if (this.#facts === undefined) throw new Error("The form has not been read.");
    return this.#facts;
  }

  /** What was wrong with the rest of the form, after the call had gone out. */
  get fault(): GatewayError | undefined {
    return this.#fault;
  }

  /** True while everything that was sent is still here. */
  get isReplayable(): boolean {
    return !this.#isSpent;
  }

  /** @throws GatewayError `invalid_request` for a model's name that the form cannot hold */
  shape({ model }: ShapeOrder): Shaped {
    const { boundary } = this.#source;
    if (/[\r\n]/.test(model) || model.includes(`--${boundary}`)) {
      throw invalidRequest("model", "The model's name cannot stand in this form.");
    }
    const name = Buffer.from(model);
    const pieces = this.#piecesWith(name);
    const contentType = formContentType(boundary);
    const body = this.#isWhole
      ? new Blob(pieces as BlobPart[])
      : { length: this.#lengthWith(name), next: this.#sender(pieces) };
    return { payload: "", notices: [], upload: { body, contentType } };
  }

  release(): void {
    this.#ahead = [];
    this.#held.release();
    this.#reader?.cancel().catch(() => undefined);
  }

  partBegun(name: string, isFile: boolean): void {
    if (name.toLowerCase().replaceAll(/[[\]]/g, "") !== "model") return;
    // What one reader takes for the model and another does not would be decided here and asked there.
    if (name !== "model" || isFile)
      throw invalidRequest("model", 'Name the model in one field "model".');
    if (this.#hasModel) throw invalidRequest("model", 'The form has more than one field "model".');
    this.#hasModel = true;
  }

  fieldEnded(field: FormField): void {
    if (field.name === "model") this.#model = field;
    if (this.#fields.size < MOST_FIELDS && !this.#fields.has(field.name)) {
      this.#fields.set(field.name, field.value);
    }
  }

  /** While it is not clear where to go, while it is little, and where it is whole but for the word of it. */
  #wantsMore(): boolean {
    if (this.#model === undefined || this.#held.bytes < AHEAD_BYTES) return true;
    return this.#held.bytes >= this.#source.declaredBytes;
  }

  #hold(bytes: Uint8Array): void {
    if (this.#model === undefined && !this.#held.hasRoomFor(bytes.length)) {
      throw invalidRequest(
        "model",
        `No model came within the first ${this.#held.limitMb} MB of the form. Send the field "model" before the file.`,
      );
    }
    this.#held.grow(bytes.length);
    this.#ahead.push(bytes);
  }

  /** The next bytes of the client, looked through; undefined at the end. */
  async #next(): Promise<Uint8Array | undefined> {
    const value = await this.#read();
    if (value !== undefined) {
      this.#scanner.push(value);
      return value;
    }
    this.#scanner.end();
    this.#isWhole = true;
    return undefined;
  }

  /** @throws StoppedEarly when the body breaks off: the client left, or its framing was wrong */
  async #read(): Promise<Uint8Array | undefined> {
    try {
      const piece = await this.#reader?.read();
      return piece?.value;
    } catch {
      this.#source.onGone();
      throw new StoppedEarly("client_gone");
    }
  }

  /** What was read ahead, with this name in place of the client's. */
  #piecesWith(name: Uint8Array): Uint8Array[] {
    const { start = 0, end = 0 } = this.#model ?? {};
    const pieces: Uint8Array[] = [];
    let offset = 0;
    for (const bytes of this.#ahead) {
      const from = Math.max(0, Math.min(bytes.length, start - offset));
      const to = Math.max(0, Math.min(bytes.length, end - offset));
      const holdsStart = start >= offset && start < offset + bytes.length;
      pieces.push(bytes.subarray(0, from));
      if (holdsStart) pieces.push(name);
      pieces.push(bytes.subarray(to));
      offset += bytes.length;
    }
    return pieces.filter(({ length }) => length > 0);
  }

  /** Told upstream where the client told it: some servers take no chunks. */
  #lengthWith(name: Uint8Array): number | undefined {
    const { declaredBytes } = this.#source;
    const { start = 0, end = 0 } = this.#model ?? {};
    return Number.isSafeInteger(declaredBytes)
      ? declaredBytes - (end - start) + name.length
      : undefined;
  }

  /** First what was read ahead, then the rest as it comes, no faster than it is asked for. */
  #sender(pieces: readonly Uint8Array[]): () => Promise<Uint8Array | undefined> {
    let position = 0;
    return async () => {
      const piece = pieces[position];
      position += 1;
      if (piece !== undefined) return piece;
      this.#spend();
      return this.#rest();
    };
  }

  /** From here on nothing can be sent twice, and nothing of it needs to be held. */
  #spend(): void {
    if (this.#isSpent) return;
    this.#isSpent = true;
    this.#ahead = [];
    this.#held.release();
  }

  async #rest(): Promise<Uint8Array | undefined> {
    try {
      return await this.#next();
    } catch (error) {
      // The upstream must not see an end of what has none: its connection is cut.
      if (!(error instanceof StoppedEarly)) this.#fault = error as GatewayError;
      throw error;
    }
  }
}
