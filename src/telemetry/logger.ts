// Structured logs: one line an exchange, as JSON or for people. Never a key, never a prompt.

import type { EventSink, GatewayEvent } from "#core/events.ts";
import type { Clock } from "#core/ports/clock.ts";
import { exchangeFields, exchangeLevel, exchangeSummary } from "./exchange-line.ts";
import { faultText, logText } from "./log-text.ts";

/** In the order of their weight. */
export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export type LogFormat = "json" | "pretty";

/** What a field may hold. Strings are escaped and bounded. */
export type LogValue = string | number | boolean | readonly string[] | undefined;
export type LogFields = Readonly<Record<string, LogValue>>;

export interface LoggerOptions {
  readonly format: LogFormat;
  /** Lines below it are not written. */
  readonly level: LogLevel;
  readonly clock: Pick<Clock, "now">;
  /** Takes whole lines that end with a line break. */
  readonly write: (line: string) => void;
}

/** Writes lines, and listens to the gateway. */
export interface Logger {
  readonly sink: EventSink;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  /** @param fault is written with its stack */
  error(message: string, fields?: LogFields, fault?: unknown): void;
}

/**
 * Reads `json`, `pretty`, `json:warn` and so on, as `SLUICE_LOG` holds it.
 * @returns undefined when the text is nothing of the kind
 */
export function parseLogSetting(text: string): Pick<LoggerOptions, "format" | "level"> | undefined {
  const [format = "", level = "info", ...rest] = text.split(":");
  const known = LOG_LEVELS.find((name) => name === level);
  if ((format !== "json" && format !== "pretty") || known === undefined || rest.length > 0) {
    return undefined;
  }
  return { format, level: known };
}

/** Makes a logger. */
export function createLogger(options: LoggerOptions): Logger {
  const least = LOG_LEVELS.indexOf(options.level);
  const form = options.format === "json" ? jsonLine : prettyLine;
  const log = (level: LogLevel, message: string, fields: LogFields, fault?: unknown): void => {
    if (LOG_LEVELS.indexOf(level) < least) return;
    const time = new Date(options.clock.now()).toISOString();
    const text = fault === undefined ? undefined : faultText(fault);
    options.write(form({ time, level, message, fields, fault: text }));
  };
  return {
    sink: (event) => logEvent(event, log),
    info: (message, fields = {}) => log("info", message, fields),
    warn: (message, fields = {}) => log("warn", message, fields),
    error: (message, fields = {}, fault) => log("error", message, fields, fault),
  };
}

type Log = (level: LogLevel, message: string, fields: LogFields, fault?: unknown) => void;

function logEvent(event: GatewayEvent, log: Log): void {
  switch (event.type) {
    case "exchange-started":
      break;
    case "exchange-settled": {
      const { record, clientAddress } = event;
      log(exchangeLevel(record), exchangeSummary(record), exchangeFields(record, clientAddress));
      break;
    }
    case "exchange-refused": {
      const { dialect, code, status, clientAddress } = event;
      log("info", `refused ${status} ${code}`, { dialect, code, status, client: clientAddress });
      break;
    }
    case "attempt-settled": {
      const { target, status, outcome, durationMs, message } = event.attempt;
      const { provider, model, key } = target;
      const fields = {
        provider,
        model,
        key,
        status,
        outcome,
        message,
        duration_ms: round(durationMs),
      };
      log("debug", "attempt", fields);
      break;
    }
    case "breaker-changed":
      log("warn", "breaker changed", { target: event.target, state: event.state });
      break;
    case "snapshot-changed":
      log("info", "configuration in force", { snapshot: event.hash, version: event.version });
      break;
    case "document-refused":
      log("error", "configuration refused", { source: event.source, errors: event.errors });
      break;
    case "fault-caught":
      log("error", "fault", { where: event.where }, event.error);
      break;
  }
}

interface Line {
  readonly time: string;
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
  readonly fault: string | undefined;
}

function jsonLine({ time, level, message, fields, fault }: Line): string {
  const safe: Record<string, unknown> = { time, level, message: logText(message) };
  for (const [name, value] of Object.entries(fields)) safe[name] = safeValue(value);
  if (fault !== undefined) safe["fault"] = fault;
  return `${JSON.stringify(safe)}\n`;
}

function prettyLine({ time, level, message, fields, fault }: Line): string {
  const shown = Object.entries(fields)
    .filter(([, value]) => value !== undefined && value !== "")
    .map(([name, value]) => `${name}=${prettyValue(safeValue(value))}`);
  const head = `${time.slice(11, 23)} ${level.toUpperCase().padEnd(5)} ${logText(message)}`;
  const line = shown.length === 0 ? head : `${head}  ${shown.join(" ")}`;
  // Lines of a stack are set in, so that no text in it can look like a line of the log.
  const stack = fault === undefined ? "" : fault.replace(/^/gm, "    ");
  return fault === undefined ? `${line}\n` : `${line}\n${stack}\n`;
}

function safeValue(value: LogValue): LogValue {
  if (typeof value === "string") return logText(value);
  return Array.isArray(value) ? value.slice(0, 50).map(logText) : value;
}

function prettyValue(value: LogValue): string {
  if (Array.isArray(value)) return JSON.stringify(value.join(","));
  const text = String(value);
  return /^[\w.:/@#+-]*$/.test(text) ? text : JSON.stringify(text);
}

/** Milliseconds to a tenth. */
function round(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
