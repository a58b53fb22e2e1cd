// A small world for tests of the document's life: stored versions in a list, a clock that stands still.

import { GatewayError } from "#core/errors.ts";
import type { GatewayEvent } from "#core/events.ts";
import type { Clock } from "#core/ports/clock.ts";
import type { DocumentStore, DocumentVersion } from "#core/ports/document-store.ts";
import { compileDocument } from "#snapshot/compile.ts";
import { sampleReferences, sampleSettings } from "#snapshot/sample-compile.ts";
import { SnapshotHolder } from "#snapshot/snapshot-holder.ts";
import { DocumentService } from "./document-service.ts";

/** The store's contract over a list; each answer comes a turn later, as from a disk. */
export class ListedVersions implements DocumentStore {
  readonly entries: DocumentVersion[] = [];
  failNext = false;

  async latest() {
    return this.entries.at(-1);
  }
  async latestFromFile() {
    return this.entries.findLast(({ source }) => source.startsWith("file:"));
  }
  async versions(limit: number) {
    return this.entries.toReversed().slice(0, limit);
  }
  async get(version: number) {
    return this.entries.find((entry) => entry.version === version);
  }
  async append(entry: Omit<DocumentVersion, "version">) {
    await Promise.resolve();
    if (this.failNext) {
      this.failNext = false;
      throw new Error("the disk is full");
    }
    const stored = { ...entry, version: this.entries.length + 1 };
    this.entries.push(stored);
    return stored;
  }
}

const CLOCK: Clock = { now: () => 1_790_000_000_000, monotonic: () => 0, after: () => () => {} };
/** Documents by where they are said to come from; each names one provider. */
export const FILE_A = "providers: { a: { kind: demo } }\n";
export const FILE_B = "providers: { b: { kind: demo } }\n";
export const API_C = "providers: { c: { kind: demo } }\n";
/** A document with one mistake of form. */
export const BAD = "providers: { a: { kind: dem } }\nmodles: {}\n";

/** A service and everything that it changes. */
export function world(store = new ListedVersions(), variables: Record<string, string> = {}) {
  const events: GatewayEvent[] = [];
  const holder = new SnapshotHolder(() => {});
  const service = new DocumentService({
    store,
    holder,
    compile: async (text, request) =>
      compileDocument(text, { ...sampleSettings(sampleReferences(variables)), ...request }),
    clock: CLOCK,
    events: (event) => events.push(event),
    filePath: "/etc/sluice.yaml",
  });
  const providers = () => [...(holder.current()?.providers.keys() ?? [])];
  return { service, holder, store, events, providers };
}

/** The error that a change is refused with. */
export async function refusal(work: Promise<unknown>): Promise<GatewayError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
  throw new Error("it should have been refused");
}
