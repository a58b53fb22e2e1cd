// What the admin API works with. App wires it.

import type { EventSink } from "#core/events.ts";
import type { Json, JsonObject } from "#core/json.ts";
import type { Clock } from "#core/ports/clock.ts";
import type { RecordStore } from "#core/ports/record-store.ts";
import type { Secret } from "#core/secret.ts";
import type { KeyService } from "../keys/lifecycle.ts";

/** A configuration document that is or was in force. */
export interface AppliedDocument {
  readonly version: number;
  readonly source: string;
  /** The text as it was applied. */
  readonly text: string;
  readonly hash: string;
  /** Milliseconds since the epoch. */
  readonly appliedAt: number;
}

/** An error or warning of a document. Lines and columns count from 1. */
export interface DocumentIssue {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** Empty when there is none. */
  readonly hint: string;
}

/** What a check found. Valid means: no errors. */
export interface DocumentReport {
  readonly errors: readonly DocumentIssue[];
  readonly warnings: readonly DocumentIssue[];
}

/** Documents as the admin API changes them. */
export interface DocumentDesk {
  current(): Promise<AppliedDocument | undefined>;
  check(text: string): Promise<DocumentReport>;
  /**
   * Puts a document in force, or refuses it whole.
   * @param expectedVersion the version that the change was made from
   * @throws GatewayError `version_moved`, or `invalid_config` with the issues as `details`
   */
  apply(text: string, expectedVersion: number): Promise<AppliedDocument>;
  /** Newest first. */
  versions(limit: number): Promise<readonly AppliedDocument[]>;
  /**
   * Puts an earlier version in force again, as a new version.
   * @param expectedVersion undefined: whatever is in force
   * @throws GatewayError `not_found`, `version_moved`, or `invalid_config`
   */
  rollback(version: number, expectedVersion: number | undefined): Promise<AppliedDocument>;
}

/** Handed in by app. */
export interface AdminDependencies {
  readonly keys: KeyService;
  readonly records: RecordStore;
  readonly documents: DocumentDesk;
  /** Live state of all targets, in the form of contract section 8. */
  readonly targets: () => readonly JsonObject[];
  /** Reads a body strictly. @throws GatewayError `invalid_request` */
  readonly parseJson: (bytes: Uint8Array) => Json;
  readonly clock: Pick<Clock, "now">;
  readonly adminKey: Secret;
  /** Of Sluice, for the OpenAPI document. */
  readonly version: string;
  readonly emit: EventSink;
}
