// What the data plane needs from outside, as ports. App wires them.

import type { EventSink } from "#core/events.ts";
import type { AnswerChecker } from "#core/ports/answer-checker.ts";
import type { CallerDirectory } from "#core/ports/caller-directory.ts";
import type { Clock } from "#core/ports/clock.ts";
import type { Journal } from "#core/ports/journal.ts";
import type { Random } from "#core/ports/random.ts";
import type { SnapshotSource } from "#core/ports/snapshot-source.ts";
import type { TextFiles } from "#core/ports/text-files.ts";
import type { Transport } from "#core/ports/transport.ts";
import type { Workbench } from "#core/ports/workbench.ts";
import type { Snapshot } from "#snapshot/snapshot.ts";
import type { Health } from "./live/health.ts";
import type { Recorder } from "./live/recorder.ts";
import type { Watch } from "./live/watch.ts";
import type { Authoriser } from "./upstream/authoriser.ts";

/** Handed in by app. */
export interface GatewayPorts {
  readonly snapshots: SnapshotSource<Snapshot>;
  readonly directory: CallerDirectory;
  /** By the `transport` of a provider kind. */
  readonly transports: Readonly<Record<"http" | "demo", Transport>>;
  readonly journal: Journal;
  /** Token files that others rewrite while the process runs. */
  readonly files: TextFiles;
  readonly workbench: Workbench;
  readonly checker: AnswerChecker;
  readonly clock: Clock;
  readonly random: Random;
  readonly emit: EventSink;
}

/** The ports together with the data plane's own live state. */
export interface GatewayDependencies extends GatewayPorts {
  readonly health: Health;
  readonly watch: Watch;
  readonly recorder: Recorder;
  readonly authoriser: Authoriser;
}
