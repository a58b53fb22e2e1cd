// From a compiled document to a gateway that serves: opens the stores, brings the document into force,
// listens, and says where.

import { dirname } from "node:path";
import type { Applied, CompileDocument } from "#control/documents/document-service.ts";
import { type EventSink, fanOut } from "#core/events.ts";
import { cryptoRandom } from "#platform/crypto-random.ts";
import { createLineWriter } from "#platform/line-writer.ts";
import { systemClock } from "#platform/system-clock.ts";
import type { CompileResult } from "#snapshot/compile.ts";
import { openSqliteStores, type SqliteStores } from "#stores/sqlite/open.ts";
import { createLogger, type Logger } from "#telemetry/logger.ts";
import { createMetrics, METRICS_CONTENT_TYPE } from "#telemetry/metrics.ts";
import { banner } from "./banner.ts";
import { compose } from "./compose.ts";
import { describeIssues } from "./configuration.ts";
import type { DocumentCompiler } from "./document-compiler.ts";
import type { Environment } from "./environment.ts";
import { listen, urlOf } from "./listeners.ts";
import { processSecrets } from "./process-secrets.ts";
import { attempt, StartError } from "./start-error.ts";
import { watchReloads } from "./watch-reloads.ts";

/** A gateway that serves. */
export interface Running {
  readonly baseUrl: string;
  /** Drains, settles and closes everything. */
  stop(): Promise<void>;
}

/** What the start has found out. */
export interface ServeParts {
  readonly environment: Environment;
  readonly fileText: string | undefined;
  /** The file compiled; undefined without one. */
  readonly first: CompileResult | undefined;
  readonly compiler: DocumentCompiler;
  readonly storagePath: string;
}

/**
 * Serves.
 * @throws StartError
 */
export async function serve(parts: ServeParts): Promise<Running> {
  const { environment, fileText, compiler, storagePath } = parts;
  const dataDir = environment.dataDir ?? dirname(storagePath);
  const secrets = attempt(() => processSecrets(environment, dataDir, cryptoRandom));
  const out = createLineWriter(1);
  const { logFormat: format, logLevel: level } = environment;
  const logger = createLogger({ format, level, clock: systemClock, write: out.write });
  const metrics = createMetrics();
  const emit = fanOut([metrics.sink, logger.sink]);
  const stores = await openStores(dataDir, storagePath, emit);
  const { compile, forget } = knowing(parts);
  const composed = compose({ environment, secrets, stores, emit, compile });
  const applied = await composed.documents.start(fileText);
  forget();
  compiler.stop();
  if (!applied.ok) {
    await stores.close();
    throw new StartError(describeIssues(environment.configPath ?? applied.source, applied.errors));
  }
  for (const line of describeWarnings(environment, applied)) process.stderr.write(`${line}\n`);
  await composed.keys.load();
  const { main, admin } = listen(environment, applied.snapshot, {
    ...composed.door,
    renderMetrics: () =>
      new Response(metrics.render({ heldBytes: composed.gateway.heldBytes }), {
        headers: { "content-type": METRICS_CONTENT_TYPE },
      }),
  });
  const baseUrl = urlOf(main);
  // Keys that are shown once are made when nothing can keep them from being shown any more.
  const newKey = applied.snapshot.demo ? undefined : await composed.keys.ensureDefaultKey();
  // Before anybody is told that it serves: no change from here on is missed.
  const unwatch = watchReloads({ environment, fileText, documents: composed.documents, logger });
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
  return {
    baseUrl,
    async stop() {
      unwatch();
      await drain(composed, () => out.flush(), logger);
      main.stop();
      admin?.stop();
      composed.workbench.stop();
      composed.checker.stop();
      compiler.stop();
      await stores.close();
      logger.info("stopped");
      out.flush();
    },
  };
}

/** Says so first: what is open now decides how long the process still lives. */
async function drain(
  { gateway, holder }: ReturnType<typeof compose>,
  flush: () => void,
  logger: Logger,
): Promise<void> {
  const timeoutMs = holder.current()?.server.drainTimeoutMs ?? 0;
  logger.info("draining", { open_calls: gateway.openCalls, timeout_ms: timeoutMs });
  flush();
  await gateway.drain(timeoutMs);
}

/** Compiles as the compiler does, but for the file, which is known while the start lasts. */
function knowing({ fileText, first, compiler, storagePath }: ServeParts) {
  let known = first;
  const compile: CompileDocument = async (text, request) =>
    known !== undefined && request.origin.kind === "file" && text === fileText
      ? known
      : compiler.compile(text, request, storagePath);
  return {
    compile,
    forget: () => {
      known = undefined;
    },
  };
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

function describeWarnings(environment: Environment, applied: Applied): string[] {
  if (applied.warnings.length === 0) return [];
  return [describeIssues(environment.configPath ?? applied.source, applied.warnings, "warning")];
}
