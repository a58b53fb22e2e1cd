// What the admin API works with. App wires it.

import type { EventSink } from "#core/events.ts";
import type { Json, JsonObject } from "#core/json.ts";
import type { Clock } from "#core/ports/clock.ts";
import type { Random } from "#core/ports/random.ts";
import type { RecordStore } from "#core/ports/record-store.ts";
import type { Secret } from "#core/secret.ts";
import type { DocumentService } from "../documents/document-service.ts";
import type { KeyService } from "../keys/lifecycle.ts";

/** The part of the document service that the admin API uses. */
export type DocumentDesk = Pick<
  DocumentService,
  "apply" | "check" | "current" | "rollback" | "versions"
>;

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
  readonly random: Random;
  readonly adminKey: Secret;
  /** Of Sluice, for the OpenAPI document. */
  readonly version: string;
  readonly emit: EventSink;
}
