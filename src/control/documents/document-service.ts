// The life of the configuration document: which one is in force, what was applied before, and the rule
// that a bad document never replaces a good one.

import { GatewayError } from "#core/errors.ts";
import type { EventSink } from "#core/events.ts";
import type { JsonObject } from "#core/json.ts";
import type { Clock } from "#core/ports/clock.ts";
import type { DocumentStore, DocumentVersion } from "#core/ports/document-store.ts";
import type { CompileOptions, CompileResult } from "#snapshot/compile.ts";
import { demoDocument } from "#snapshot/demo-document.ts";
import type { ConfigIssue } from "#snapshot/document/issue.ts";
import type { DocumentOrigin } from "#snapshot/document/references.ts";
import type { Snapshot } from "#snapshot/snapshot.ts";
import type { SnapshotHolder } from "#snapshot/snapshot-holder.ts";
import { sha256 } from "#snapshot/text-hash.ts";
import { originOf } from "./document-origin.ts";

/** What a compilation depends on from one time to the next. */
export type CompileRequest = Pick<CompileOptions, "origin" | "nowMs" | "version" | "startedWith">;

/** Compiles a document, perhaps elsewhere. Rejects only when it cannot compile anything. */
export type CompileDocument = (text: string, request: CompileRequest) => Promise<CompileResult>;

/** What the service works with. */
export interface DocumentServiceParts {
  readonly store: DocumentStore;
  readonly holder: SnapshotHolder;
  readonly compile: CompileDocument;
  readonly clock: Clock;
  readonly events: EventSink;
  /** Path of the start-up file, undefined when there is none. */
  readonly filePath: string | undefined;
}

/** A document that is in force now. */
export interface Applied {
  readonly ok: true;
  /** False: nothing changed, or only what references stand for. */
  readonly isNewVersion: boolean;
  readonly version: number;
  readonly source: string;
  readonly snapshot: Snapshot;
  readonly warnings: readonly ConfigIssue[];
}

/** A document that was refused. What was in force before still is. */
export interface Refused {
  readonly ok: false;
  readonly source: string;
  readonly errors: readonly ConfigIssue[];
  readonly warnings: readonly ConfigIssue[];
}

/** What a check finds. Policy tests are not built; there are none to run. */
export interface CheckReport {
  readonly valid: boolean;
  readonly errors: readonly ConfigIssue[];
  readonly warnings: readonly ConfigIssue[];
  readonly tests: readonly never[];
}

/** The document in force, as `GET /admin/v1/config` gives it. Literal secrets are blotted out. */
export interface CurrentDocument {
  readonly config: string;
  readonly version: number;
  readonly source: string;
}

/** How a document is applied. */
export interface ApplyOptions {
  /** `api` or `file:<path>`. */
  readonly source: string;
  /** The version that the change was made from; undefined = whichever is in force. */
  readonly ifMatch: number | undefined;
}

/** A document on its way into force. */
interface Candidate {
  readonly text: string;
  readonly source: string;
  readonly origin: DocumentOrigin;
}

/** Owns the document. Changes are made one after the other. */
export class DocumentService {
  readonly #parts: DocumentServiceParts;
  #inForce: DocumentVersion | undefined;
  #startedWith: Snapshot | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(parts: DocumentServiceParts) {
    this.#parts = parts;
  }

  /**
   * Brings the first document into force: the file if its text differs from the last file applied, else
   * the last document applied, else the demo document.
   */
  start(fileText: string | undefined): Promise<Applied | Refused> {
    return this.#inTurn(async () => {
      const { store } = this.#parts;
      const latest = await store.latest();
      if (fileText !== undefined) {
        const lastFile = await store.latestFromFile();
        const isSameFile = latest !== undefined && lastFile?.hash === sha256(fileText);
        if (!isSameFile) return this.#adopt(this.#fileCandidate(fileText));
      }
      if (latest !== undefined && latest.source !== "demo") return this.#resume(latest, fileText);
      return this.#startDemo(latest);
    });
  }

  /**
   * Takes a file that may have changed. An unchanged file in force is compiled again, since what its
   * references stand for may have changed; an unchanged file does not replace a newer document.
   */
  reload(fileText: string): Promise<Applied | Refused> {
    return this.#inTurn(async () => {
      const lastFile = await this.#parts.store.latestFromFile();
      if (lastFile?.hash !== sha256(fileText)) return this.#adopt(this.#fileCandidate(fileText));
      return this.#resume(this.#requireInForce(), fileText);
    });
  }

  /** Compiles a document without applying it. */
  async check(text: string, origin: DocumentOrigin): Promise<CheckReport> {
    const result = await this.#compile({ text, origin });
    const errors = result.ok ? [] : result.errors;
    return { valid: result.ok, errors, warnings: result.warnings, tests: [] };
  }

  /**
   * Applies a document as a new version. The one in force, sent again, changes nothing.
   * @throws GatewayError `version_moved`, `invalid_config`
   */
  apply(text: string, options: ApplyOptions): Promise<Applied> {
    return this.#inTurn(async () => {
      this.#checkVersion(options.ifMatch);
      const origin = await originOf(options.source, this.#parts.store);
      return this.#adoptOrThrow({ text, source: options.source, origin });
    });
  }

  /**
   * Applies an older version again, under the rules of where it came from.
   * @throws GatewayError `not_found`, `conflict`, `version_moved`, `invalid_config`
   */
  rollback(version: number, ifMatch?: number): Promise<Applied> {
    return this.#inTurn(async () => {
      this.#checkVersion(ifMatch);
      const { store } = this.#parts;
      const entry = await store.get(version);
      if (entry === undefined) {
        throw new GatewayError("not_found", `There is no configuration version ${version}.`);
      }
      if (!isWhole(entry)) {
        throw new GatewayError(
          "conflict",
          `Version ${version} held secrets literally, which are not stored. Apply its file again.`,
        );
      }
      const origin = await originOf(entry.source, store);
      return this.#adoptOrThrow({ text: entry.text, source: `rollback:${version}`, origin });
    });
  }

  /** Applied versions, newest first, without their texts. */
  async versions(limit: number): Promise<readonly Omit<DocumentVersion, "text">[]> {
    const entries = await this.#parts.store.versions(limit);
    return entries.map(({ text: _, ...facts }) => facts);
  }

  /** The document in force; undefined before the start. */
  current(): CurrentDocument | undefined {
    if (this.#inForce === undefined) return undefined;
    const { text, version, source } = this.#inForce;
    return { config: text, version, source };
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#queue.then(work);
    // The next one waits for the end of this one, however it ends.
    this.#queue = result.catch(() => undefined);
    return result;
  }

  #fileCandidate(text: string): Candidate {
    const path = this.#parts.filePath ?? "";
    return { text, source: `file:${path}`, origin: { kind: "file", path } };
  }

  #compile(candidate: Pick<Candidate, "text" | "origin">, version = 0): Promise<CompileResult> {
    const { compile, clock } = this.#parts;
    return compile(candidate.text, {
      origin: candidate.origin,
      nowMs: clock.now(),
      version,
      ...(this.#startedWith === undefined ? {} : { startedWith: this.#startedWith }),
    });
  }

  async #adoptOrThrow(candidate: Candidate): Promise<Applied> {
    const outcome = await this.#adopt(candidate);
    if (outcome.ok) return outcome;
    const [first] = outcome.errors;
    throw new GatewayError(
      "invalid_config",
      `The document has ${outcome.errors.length} error(s); the one in force stays. Line ${first?.line}: ${first?.message}`,
      { details: outcome.errors.map((issue): JsonObject => ({ ...issue })) },
    );
  }

  /** Compiles, stores, swaps: in this order, so that what is in force is also durable. */
  async #adopt(candidate: Candidate): Promise<Applied | Refused> {
    const result = await this.#compile(candidate);
    if (!result.ok) return this.#refuse(candidate.source, result);
    const hash = sha256(candidate.text);
    const before = this.#inForce;
    if (before !== undefined && before.hash === hash && before.source === candidate.source) {
      return this.#takeOver(before, result);
    }
    const entry = await this.#parts.store.append({
      hash,
      source: candidate.source,
      text: result.publicText,
      appliedAt: this.#parts.clock.now(),
    });
    return this.#takeOver(entry, result, true);
  }

  /** Brings a stored version into force again. */
  async #resume(entry: DocumentVersion, fileText: string | undefined): Promise<Applied | Refused> {
    const isFile = fileText !== undefined && sha256(fileText) === entry.hash;
    const text = isFile ? fileText : entry.text;
    if (!isFile && !isWhole(entry)) return this.#refuse(entry.source, unstoredSecrets(entry));
    const origin = await originOf(entry.source, this.#parts.store);
    const result = await this.#compile({ text, origin }, entry.version);
    return result.ok ? this.#takeOver(entry, result) : this.#refuse(entry.source, result);
  }

  async #startDemo(latest: DocumentVersion | undefined): Promise<Applied | Refused> {
    const candidate: Candidate = { text: demoDocument(), source: "demo", origin: { kind: "demo" } };
    if (latest?.hash === sha256(candidate.text)) this.#inForce = latest;
    return this.#adopt(candidate);
  }

  #takeOver(
    entry: DocumentVersion,
    result: Extract<CompileResult, { ok: true }>,
    isNewVersion = false,
  ): Applied {
    const { holder, events } = this.#parts;
    const snapshot = Object.freeze({ ...result.snapshot, version: entry.version });
    const running = holder.current();
    this.#inForce = entry;
    this.#startedWith ??= snapshot;
    const isSame = running?.hash === snapshot.hash && running.version === snapshot.version;
    if (!isSame) {
      holder.swap(snapshot);
      events({ type: "snapshot-changed", hash: snapshot.hash, version: snapshot.version });
    }
    const { version, source } = entry;
    const { warnings } = result;
    return {
      ok: true,
      isNewVersion,
      version,
      source,
      snapshot: running && isSame ? running : snapshot,
      warnings,
    };
  }

  #refuse(source: string, found: Omit<Refused, "ok" | "source">): Refused {
    this.#parts.events({ type: "document-refused", source, errors: found.errors.length });
    return { ok: false, source, errors: found.errors, warnings: found.warnings };
  }

  #checkVersion(ifMatch: number | undefined): void {
    const version = this.#requireInForce().version;
    if (ifMatch === undefined || ifMatch === version) return;
    throw new GatewayError(
      "version_moved",
      `The configuration in force is version ${version}, not ${ifMatch}. Read it again, then repeat the change.`,
      { details: { version } },
    );
  }

  #requireInForce(): DocumentVersion {
    if (this.#inForce !== undefined) return this.#inForce;
    throw new GatewayError("overloaded", "The gateway is still starting.");
  }
}

/** False when literal secrets were left out of the stored text. */
function isWhole(entry: DocumentVersion): boolean {
  return sha256(entry.text) === entry.hash;
}

function unstoredSecrets(entry: DocumentVersion): Omit<Refused, "ok" | "source"> {
  const issue: ConfigIssue = {
    path: "",
    line: 1,
    column: 1,
    code: "literal_secret",
    message: `Version ${entry.version} (${entry.source}) held secrets literally, which are not stored.`,
    hint: "Give the file again with `--config`.",
  };
  return { errors: [issue], warnings: [] };
}
