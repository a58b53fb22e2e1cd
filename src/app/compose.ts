// The planes of one process and what they hand each other.

import { principalOf } from "#control/access/admin-credential.ts";
import type { AdminApi } from "#control/api/admin-api.ts";
import type { AdminDependencies } from "#control/api/admin-dependencies.ts";
import { type CompileDocument, DocumentService } from "#control/documents/document-service.ts";
import { KeyDirectory } from "#control/keys/directory.ts";
import { derivePepper } from "#control/keys/keyed-hash.ts";
import { KeyService } from "#control/keys/lifecycle.ts";
import type { EventSink } from "#core/events.ts";
import { Gateway } from "#gateway/handle.ts";
import { cryptoRandom } from "#platform/crypto-random.ts";
import { createHttpTransport } from "#platform/http-transport.ts";
import { systemClock } from "#platform/system-clock.ts";
import { textFiles } from "#platform/text-files.ts";
import { createDemoTransport } from "#providers/demo/transport.ts";
import { SnapshotHolder } from "#snapshot/snapshot-holder.ts";
import type { SqliteStores } from "#stores/sqlite/open.ts";
import { parseBody } from "#wire/json-body.ts";
import { createAnswerChecker } from "./answer-checker.ts";
import type { Environment } from "./environment.ts";
import type { FrontDoorParts } from "./front-door.ts";
import { originsAllowedPrivate } from "./private-origins.ts";
import type { ProcessSecrets } from "./process-secrets.ts";
import { version } from "./version.ts";
import { createWorkbench } from "./workbench.ts";

/** Words of the demo appear at this pace, so that a person sees them stream. */
const DEMO_WORD_DELAY_MS = 30;

/** What the planes are made of. */
export interface PlaneParts {
  readonly environment: Environment;
  readonly secrets: ProcessSecrets;
  readonly stores: SqliteStores;
  readonly emit: EventSink;
  readonly compile: CompileDocument;
}

/** The admin API is loaded by the first call to it: a gateway that nobody asks does without its schemas. */
function adminWhenAsked(dependencies: AdminDependencies): AdminApi {
  let loaded: Promise<AdminApi> | undefined;
  return async (request, path) => {
    loaded ??= import("#control/api/admin-api.ts").then((api) => api.createAdminApi(dependencies));
    const answer = await loaded;
    return answer(request, path);
  };
}

function transportsFor(holder: SnapshotHolder) {
  return {
    http: createHttpTransport(systemClock, originsAllowedPrivate(holder)),
    demo: createDemoTransport({ clock: systemClock, wordDelayMs: DEMO_WORD_DELAY_MS }),
  };
}

/** Wires the planes: control hands the data plane what it needs through ports. */
export function compose({ environment, secrets, stores, emit, compile }: PlaneParts) {
  const onFault = (error: unknown) => emit({ type: "fault-caught", where: "snapshot", error });
  const holder = new SnapshotHolder(onFault);
  const pepper = derivePepper(secrets.secretKey);
  const directory = new KeyDirectory(pepper, systemClock);
  const keys = new KeyService({
    store: stores.keys,
    directory,
    snapshots: holder,
    pepper,
    random: cryptoRandom,
    clock: systemClock,
  });
  const documents = new DocumentService({
    store: stores.documents,
    holder,
    compile,
    clock: systemClock,
    events: emit,
    filePath: environment.configPath,
  });
  holder.onSwap((snapshot) => {
    directory.useSnapshot(snapshot);
    stores.setRetention(snapshot.retention);
  });
  const workbench = createWorkbench(emit);
  const checker = createAnswerChecker(systemClock, emit);
  const gateway = new Gateway({
    snapshots: holder,
    directory,
    transports: transportsFor(holder),
    journal: stores.journal,
    files: textFiles,
    workbench,
    checker,
    clock: systemClock,
    random: cryptoRandom,
    emit,
  });
  const admin = adminWhenAsked({
    keys,
    records: stores.records,
    documents,
    targets: () => gateway.targets().map((row) => ({ ...row })),
    parseJson: (bytes) => parseBody(bytes).json,
    clock: systemClock,
    random: cryptoRandom,
    adminKey: secrets.adminKey,
    version,
    emit,
  });
  const door: Omit<FrontDoorParts, "renderMetrics"> = {
    gateway,
    admin,
    isAdminBearer: (request) => principalOf(request.headers, secrets.adminKey) !== undefined,
    areMetricsPublic: () => holder.current()?.server.metricsPublic ?? false,
  };
  return { holder, keys, documents, gateway, workbench, checker, door };
}
