// The environment, read once at start. Nothing else in Sluice looks at it.

import { existsSync, readFileSync } from "node:fs";
import { isListenAddress } from "#snapshot/listen-address.ts";

/** Flags of `sluice start`. They win over the environment, which wins over the file. */
export interface StartOptions {
  readonly configPath?: string | undefined;
  /** `host:port` */
  readonly listen?: string | undefined;
  readonly dataDir?: string | undefined;
  /** `json` or `pretty`, level after a colon. */
  readonly log?: string | undefined;
}

/** What the process was started with. */
export interface Environment {
  /** Undefined: demo mode, unless a stored document exists. */
  readonly configPath: string | undefined;
  readonly listen: string | undefined;
  readonly dataDir: string | undefined;
  readonly logFormat: "json" | "pretty";
  readonly logLevel: "debug" | "info" | "warn" | "error";
  readonly adminKey: string | undefined;
  readonly secretKey: string | undefined;
  /** Where `${env:X}` and `${file:/path}` of the start-up file are looked up. */
  readonly references: ReferenceSource;
}

/** Resolves references of the document. Undefined = not there. */
export interface ReferenceSource {
  env(name: string): string | undefined;
  file(path: string): string | undefined;
}

const DEFAULT_CONFIG = "sluice.yaml";
const LEVELS = ["debug", "info", "warn", "error"] as const;

/** @throws Error with what is wrong and what to write instead */
export function readEnvironment(options: StartOptions): Environment {
  const { env } = process;
  const log = options.log ?? env["SLUICE_LOG"] ?? (process.stdout.isTTY ? "pretty" : "json");
  const [format, level = "info"] = log.split(":");
  const logLevel = LEVELS.find((known) => known === level);
  if ((format !== "json" && format !== "pretty") || logLevel === undefined) {
    throw new Error(
      `${options.log === undefined ? "SLUICE_LOG" : "--log"} is ${JSON.stringify(log)}; write json or ` +
        `pretty, and after a colon one of ${LEVELS.join(", ")}: json:info.`,
    );
  }
  const listen = options.listen ?? env["SLUICE_LISTEN"];
  if (listen !== undefined && !isListenAddress(listen)) {
    throw new Error(
      `${options.listen === undefined ? "SLUICE_LISTEN" : "--listen"} is ${JSON.stringify(listen)}; ` +
        "write host and port: 127.0.0.1:8080, 0.0.0.0:8080 or [::1]:8080.",
    );
  }
  return {
    configPath: configPath(options.configPath ?? env["SLUICE_CONFIG"]),
    listen,
    dataDir: options.dataDir ?? env["SLUICE_DATA_DIR"],
    logFormat: format,
    logLevel,
    adminKey: env["SLUICE_ADMIN_KEY"],
    secretKey: env["SLUICE_SECRET_KEY"],
    references: processReferences,
  };
}

/** References resolved from this process. */
export const processReferences: ReferenceSource = Object.freeze({
  env: (name: string) => process.env[name],
  file: (path: string) => {
    try {
      return readFileSync(path, "utf8").replace(/\r?\n$/, "");
    } catch {
      return undefined;
    }
  },
});

function configPath(named: string | undefined): string | undefined {
  if (named !== undefined && named !== "") {
    if (!existsSync(named)) throw new Error(`There is no configuration file ${named}.`);
    return named;
  }
  return existsSync(DEFAULT_CONFIG) ? DEFAULT_CONFIG : undefined;
}
