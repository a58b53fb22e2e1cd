// `sluice start`: the gateway.

import { Command } from "commander";
import { StartError } from "#app/start-error.ts";
import type { CommandContext, GlobalOptions } from "../context.ts";

interface Options extends GlobalOptions {
  readonly config?: string;
  readonly listen?: string;
  readonly dataDir?: string;
  readonly log?: string;
}

/** Builds the command. */
export function startCommand(context: CommandContext): Command {
  return new Command("start")
    .summary("run the gateway")
    .description(
      "Runs the gateway until SIGTERM or SIGINT, which let open streams finish first. SIGHUP, and every\n" +
        "change of the configuration file, reload it. Without a configuration the demo provider answers.",
    )
    .option(
      "-c, --config <file>",
      "configuration file (default: $SLUICE_CONFIG, else ./sluice.yaml)",
    )
    .option("-l, --listen <host:port>", "address (default: $SLUICE_LISTEN, else server.listen)")
    .option("-d, --data-dir <folder>", "folder of the data (default: $SLUICE_DATA_DIR, else data)")
    .option(
      "--log <format[:level]>",
      "json or pretty; debug, info, warn, error (default: $SLUICE_LOG)",
    )
    .action(async (_: unknown, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const { start } = await import("#app/start.ts");
      try {
        const running = await start({
          configPath: options.config,
          listen: options.listen,
          dataDir: options.dataDir,
          log: options.log ?? (options.json ? "json" : undefined),
        });
        stopOnSignals(() => running.stop(), context);
      } catch (error) {
        context.err(prefixed(error instanceof Error ? error.message : String(error)));
        // What was opened before the fault must not hold the process.
        context.exitNow(error instanceof StartError ? error.exitCode : 1);
      }
    });
}

/** Each line with the name of the program, as lines of other programs may stand beside them. */
function prefixed(message: string): string {
  return message
    .split("\n")
    .map((line) => `sluice: ${line}\n`)
    .join("");
}

/** The first signal drains and ends with 0; a second one does not wait. */
function stopOnSignals(stop: () => Promise<void>, context: CommandContext): void {
  let isStopping = false;
  const onSignal = async (): Promise<void> => {
    if (isStopping) context.exitNow(1);
    isStopping = true;
    try {
      await stop();
      context.exitNow(0);
    } catch (error) {
      context.err(`sluice: ${error instanceof Error ? (error.stack ?? error.message) : error}\n`);
      context.exitNow(1);
    }
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
}
