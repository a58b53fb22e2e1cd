// The composition root of `sluice start`: reads the environment, opens the stores, compiles the
// document, and wires the planes together.

import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { principalOf } from "#control/access/admin-credential.ts";
import { createAdminApi } from "#control/api/admin-api.ts";
import { type Applied, DocumentService } from "#control/documents/document-service.ts";
import { KeyDirectory } from "#control/keys/directory.ts";
import { derivePepper } from "#control/keys/keyed-hash.ts";
import { KeyService } from "#control/keys/lifecycle.ts";
import { type EventSink, fanOut } from "#core/events.ts";
import { Gateway } from "#gateway/handle.ts";
import { EXACT_ROUTES } from "#gateway/routes.ts";
import { cryptoRandom } from "#platform/crypto-random.ts";
import { createFetchTransport } from "#platform/fetch-transport.ts";
import { createLineWriter } from "#platform/line-writer.ts";
import { type Listener, startListener } from "#platform/listener.ts";
import { systemClock } from "#platform/system-clock.ts";
import { createDemoTransport } from "#providers/demo/transport.ts";
import { parseListenAddress } from "#snapshot/listen-address.ts";
import type { ListenAddress, Snapshot } from "#snapshot/snapshot.ts";
import { SnapshotHolder } from "#snapshot/snapshot-holder.ts";
import { openSqliteStores, type SqliteStores } from "#stores/sqlite/open.ts";
import { createLogger, type Logger } from "#telemetry/logger.ts";
import { createMetrics, METRICS_CONTENT_TYPE } from "#telemetry/metrics.ts";
import { parseBody } from "#wire/json-body.ts";
import { banner } from "./banner.ts";
import { COMPILE_SETTINGS } from "./compile-settings.ts";
import { describeIssues, storagePathOf } from "./configuration.ts";
import { watchDocument } from "./document-watch.ts";
import { type Environment, readEnvironment, type StartOptions } from "./environment.ts";
import { type FrontDoorParts, frontDoor } from "./front-door.ts";
import { originsAllowedPrivate } from "./private-origins.ts";
import { type ProcessSecrets, processSecrets } from "./process-secrets.ts";
import { version } from "./version.ts";
import { createWorkbench } from "./workbench.ts";

/** Words of the demo appear at this pace, so that a person sees them stream. */
const DEMO_WORD_DELAY_MS = 30;

/** A gateway that serves. */
export interface Running {
  readonly baseUrl: string;
  /** Drains, settles and closes everything. */
  stop(): Promise<void>;
}

/** The start failed for a reason that the operator can mend. The message says what and where. */
export class StartError extends Error {}

/**
 * Starts the gateway and prints where it is.
 * @throws StartError
 */
export async function start(options: StartOptions): Promise<Running> {
  const environment = attempt(() => readEnvironment(options));
  const fileText = attempt(() => readDocument(environment.configPath));
  const storage = storagePathOf(fileText, environment, systemClock.now());
  if ("issues" in storage) {
    throw new StartError(describeIssues(environment.configPath ?? "", storage.issues));
  }
  const storagePath = storage.path;
  const dataDir = environment.dataDir ?? dirname(storagePath);
  const secrets = attempt(() => processSecrets(environment, dataDir, cryptoRandom));
  const out = createLineWriter(1);
  const logger = createLogger({
    format: environment.logFormat,
    level: environment.logLevel,
    clock: systemClock,
    write: out.write,
  });
  const metrics = createMetrics();
  const emit = fanOut([metrics.sink, logger.sink]);
  const stores = await openStores(dataDir, storagePath, emit);
  const composed = compose({ environment, secrets, stores, emit, logger, storagePath });
  const applied = await composed.documents.start(fileText);
  if (!applied.ok) {
    await stores.close();
    throw new StartError(describeIssues(environment.configPath ?? applied.source, applied.errors));
  }
  for (const warning of describeWarnings(environment, applied))
    process.stderr.write(`${warning}\n`);
  await composed.keys.load();
  const renderMetrics = () =>
    new Response(metrics.render(), { headers: { "content-type": METRICS_CONTENT_TYPE } });
  const listeners = listen(environment, applied.snapshot, { ...composed.door, renderMetrics });
  const { main, admin } = listeners;
  const baseUrl = urlOf(main);
  // Keys that are shown once are made when nothing can keep them from being shown any more.
  const newKey = applied.snapshot.demo ? undefined : await composed.keys.ensureDefaultKey();
  out.write(
    banner({
      baseUrl,
      adminUrl: admin === undefined ? undefined : urlOf(admin),
      isDemo: applied.snapshot.demo,
      newKey: newKey?.key,
      newAdminKey: secrets.keepAdminKey?.(),
      model: applied.snapshot.models.keys().next().value ?? "",
    }),
  );
  out.flush();
  const unwatch = watchReloads(environment, composed.documents, logger);
  return {
    baseUrl,
    async stop() {
      unwatch();
      await composed.gateway.drain(composed.holder.current()?.server.drainTimeoutMs ?? 0);
      main.stop();
      admin?.stop();
      composed.workbench.stop();
      await stores.close();
      logger.info("stopped");
      out.flush();
    },
  };
}

interface Parts {
  readonly environment: Environment;
  readonly secrets: ProcessSecrets;
  readonly stores: SqliteStores;
  readonly emit: EventSink;
  readonly logger: Logger;
  readonly storagePath: string;
}

function readDocument(path: string | undefined): string | undefined {
  return path === undefined ? undefined : readFileSync(path, "utf8");
}

/** Wires the planes: control hands the data plane what it needs through ports. */
function compose({ environment, secrets, stores, emit, storagePath }: Parts) {
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
    settings: { ...COMPILE_SETTINGS, defaultStoragePath: storagePath },
    clock: systemClock,
    events: emit,
    filePath: environment.configPath,
  });
  holder.onSwap((snapshot) => {
    directory.useSnapshot(snapshot);
    stores.setRetention(snapshot.retention);
  });
  const workbench = createWorkbench(emit);
  const gateway = new Gateway({
    snapshots: holder,
    directory,
    transports: {
      http: createFetchTransport(systemClock, originsAllowedPrivate(holder)),
      demo: createDemoTransport({ clock: systemClock, wordDelayMs: DEMO_WORD_DELAY_MS }),
    },
    journal: stores.journal,
    workbench,
    clock: systemClock,
    random: cryptoRandom,
    emit,
  });
  const admin = createAdminApi({
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
  return { holder, keys, documents, gateway, workbench, door };
}

async function openStores(dataDir: string, path: string, emit: EventSink): Promise<SqliteStores> {
  try {
    return await openSqliteStores({
      dataDir,
      path,
      clock: systemClock,
      random: cryptoRandom,
      emit,
    });
  } catch (error) {
    throw new StartError(error instanceof Error ? error.message : String(error));
  }
}

/** One listener, or two when the admin API has an address of its own. */
function listen(
  environment: Environment,
  snapshot: Snapshot,
  parts: FrontDoorParts,
): { readonly main: Listener; readonly admin: Listener | undefined } {
  const { adminListen, listen: configured } = snapshot.server;
  const address =
    environment.listen === undefined ? configured : parseListenAddress(environment.listen);
  const exactPaths = EXACT_ROUTES.map(({ path }) => path);
  const door = frontDoor(parts, adminListen === undefined ? "everything" : "calls");
  const main = bind(address, door, exactPaths);
  if (adminListen === undefined) return { main, admin: undefined };
  return { main, admin: bind(adminListen, frontDoor(parts, "admin"), []) };
}

function bind(
  address: ListenAddress,
  handle: ReturnType<typeof frontDoor>,
  exactPaths: readonly string[],
): Listener {
  try {
    return startListener({ ...address, handle, exactPaths });
  } catch (error) {
    const isTaken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(
      `Cannot listen on ${address.host}:${address.port}: ` +
        `${isTaken ? "another process does" : reason}. ` +
        "Choose another address with --listen HOST:PORT or server.listen.",
    );
  }
}

/** Reloads on SIGHUP and when the file changes. A bad document leaves the good one in force. */
function watchReloads(
  environment: Environment,
  documents: DocumentService,
  logger: Logger,
): () => void {
  const path = environment.configPath;
  if (path === undefined) {
    const ignore = () => logger.warn("SIGHUP: there is no configuration file to reload");
    process.on("SIGHUP", ignore);
    return () => process.off("SIGHUP", ignore);
  }
  const reload = async (): Promise<void> => {
    try {
      const outcome = await documents.reload(readFileSync(path, "utf8"));
      if (outcome.ok) logger.info("configuration in force", { version: outcome.version, path });
      else logger.error(`configuration refused\n${describeIssues(path, outcome.errors)}`);
    } catch (error) {
      logger.error("configuration not reloaded", { path }, error);
    }
  };
  const unwatch = watchDocument(path, systemClock, reload);
  process.on("SIGHUP", reload);
  return () => {
    unwatch();
    process.off("SIGHUP", reload);
  };
}

function describeWarnings(environment: Environment, applied: Applied): string[] {
  if (applied.warnings.length === 0) return [];
  return [describeIssues(environment.configPath ?? applied.source, applied.warnings, "warning")];
}

function attempt<Value>(work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    throw new StartError(error instanceof Error ? error.message : String(error));
  }
}

function urlOf(listener: Listener): string {
  const host = listener.host.includes(":") ? `[${listener.host}]` : listener.host;
  return `http://${host}:${listener.port}`;
}
