// Structured logs: one line an exchange, as JSON or for people. Never a key, never a prompt.

import type { EventSink, GatewayEvent } from "#core/events.ts";
import type { Clock } from "#core/ports/clock.ts";
import { exchangeLevel, exchangeSummary, tenth, writeExchange } from "./exchange-line.ts";
import { beginLine, LOG_LEVELS, type LogFormat, type LogLevel, type LogLine } from "./log-line.ts";
import { faultText } from "./log-text.ts";
import { logTimes } from "./log-time.ts";

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
  const { format, clock, write } = options;
  const least = LOG_LEVELS.indexOf(options.level);
  const timeOf = logTimes();
  const begin: Begin = (level, message) => {
    if (LOG_LEVELS.indexOf(level) < least) return undefined;
    return beginLine(format, { time: timeOf(clock.now()), level, message });
  };
  const log: Log = (level, message, fields, fault) => {
    const line = begin(level, message);
    if (line === undefined) return;
    for (const [name, value] of Object.entries(fields)) writeField(line, name, value);
    write(line.end(fault === undefined ? undefined : faultText(fault)));
  };
  return {
    sink: (event) => {
      if (event.type !== "exchange-settled") return logEvent(event, log);
      const { record, clientAddress } = event;
      const line = begin(exchangeLevel(record), exchangeSummary(record));
      if (line === undefined) return;
      writeExchange(line, record, clientAddress);
      write(line.end());
    },
    info: (message, fields = {}) => log("info", message, fields),
    warn: (message, fields = {}) => log("warn", message, fields),
    error: (message, fields = {}, fault) => log("error", message, fields, fault),
  };
}

type Begin = (level: LogLevel, message: string) => LogLine | undefined;
type Log = (level: LogLevel, message: string, fields: LogFields, fault?: unknown) => void;

function writeField(line: LogLine, name: string, value: LogValue): void {
  if (typeof value === "string") line.rareText(name, value);
  else if (typeof value === "object") line.texts(name, value);
  else line.value(name, value);
}

/** Everything but the end of an exchange, which is written without a list of fields. */
function logEvent(event: Exclude<GatewayEvent, { type: "exchange-settled" }>, log: Log): void {
  switch (event.type) {
    case "exchange-started":
      break;
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
        duration_ms: tenth(durationMs),
      };
      log("debug", "attempt", fields);
      break;
    }
    case "breaker-changed":
      log("warn", "breaker changed", { target: event.target, state: event.state });
      break;
    case "login-failed": {
      const { provider, key, outcome, message } = event;
      log("warn", "login failed", { provider, key, outcome, message });
      break;
    }
    case "snapshot-changed":
      log("info", "configuration in force", { snapshot: event.hash, version: event.version });
      break;
    case "document-refused":
      log("error", "document refused", { source: event.source, errors: event.errors });
      break;
    case "fault-caught":
      log("error", "fault", { where: event.where }, event.error);
      break;
  }
}
