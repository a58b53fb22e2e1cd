// One line of the log, written field by field: as JSON for programs, or for people. Every exchange
// comes through here, so that a line is put together in one pass and text that returns is not looked
// at twice.

import { logText } from "./log-text.ts";

/** In the order of their weight. */
export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export type LogFormat = "json" | "pretty";

/** What every line begins with. */
export interface LineHead {
  /** RFC 3339 with milliseconds. */
  readonly time: string;
  readonly level: LogLevel;
  readonly message: string;
}

/** A line under construction. Names of fields are literals of ours; undefined is left out. */
export interface LogLine {
  /** Text of our own making, fit for the line as it is: an id, an amount. */
  ours(name: string, text: string | undefined): void;
  /** Text that others have a hand in, from a set that returns: escaped and bounded. */
  text(name: string, text: string | undefined): void;
  /** Such text that is new on every line. */
  rareText(name: string, text: string | undefined): void;
  texts(name: string, texts: readonly string[] | undefined): void;
  value(name: string, value: number | boolean | undefined): void;
  /**
   * @param fault text of several lines, as `faultText` gives it
   * @returns the line with its line break
   */
  end(fault?: string): string;
}

/** Begins a line in a format. */
export function beginLine(format: LogFormat, head: LineHead): LogLine {
  return format === "json" ? new JsonLine(head) : new PrettyLine(head);
}

const MAX_LISTED = 50;
const MAX_REMEMBERED = 2_000;
const MAX_REMEMBERED_LENGTH = 100;

/** Safe JSON strings by the text that they stand for. */
const remembered = new Map<string, string>();

function rememberedQuote(text: string): string {
  const known = remembered.get(text);
  if (known !== undefined) return known;
  const made = quote(text);
  if (text.length > MAX_REMEMBERED_LENGTH) return made;
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(text, made);
  return made;
}

function quote(text: string): string {
  return text === "" ? '""' : JSON.stringify(logText(text));
}

class JsonLine implements LogLine {
  #line: string;

  constructor({ time, level, message }: LineHead) {
    this.#line = `{"time":"${time}","level":"${level}","message":${rememberedQuote(message)}`;
  }

  ours(name: string, text: string | undefined): void {
    if (text !== undefined) this.#line += `,"${name}":"${text}"`;
  }

  text(name: string, text: string | undefined): void {
    if (text !== undefined) this.#line += `,"${name}":${rememberedQuote(text)}`;
  }

  rareText(name: string, text: string | undefined): void {
    if (text !== undefined) this.#line += `,"${name}":${quote(text)}`;
  }

  texts(name: string, texts: readonly string[] | undefined): void {
    if (texts === undefined) return;
    const quoted = texts.slice(0, MAX_LISTED).map(rememberedQuote);
    this.#line += `,"${name}":[${quoted.join(",")}]`;
  }

  value(name: string, value: number | boolean | undefined): void {
    if (value === undefined) return;
    const isWritable = typeof value === "boolean" || Number.isFinite(value);
    this.#line += `,"${name}":${isWritable ? value : null}`;
  }

  end(fault?: string): string {
    if (fault === undefined) return `${this.#line}}\n`;
    return `${this.#line},"fault":${JSON.stringify(fault)}}\n`;
  }
}

/** Leaves empty fields out. */
class PrettyLine implements LogLine {
  #line: string;
  #separator = "  ";

  constructor({ time, level, message }: LineHead) {
    this.#line = `${time.slice(11, 23)} ${level.toUpperCase().padEnd(5)} ${logText(message)}`;
  }

  ours(name: string, text: string | undefined): void {
    if (text !== undefined && text !== "") this.#add(name, bare(text));
  }

  text(name: string, text: string | undefined): void {
    if (text !== undefined && text !== "") this.#add(name, bare(logText(text)));
  }

  rareText(name: string, text: string | undefined): void {
    this.text(name, text);
  }

  texts(name: string, texts: readonly string[] | undefined): void {
    if (texts === undefined) return;
    const shown = texts.slice(0, MAX_LISTED).map(logText);
    this.#add(name, JSON.stringify(shown.join(",")));
  }

  value(name: string, value: number | boolean | undefined): void {
    if (value !== undefined) this.#add(name, String(value));
  }

  end(fault?: string): string {
    if (fault === undefined) return `${this.#line}\n`;
    // Lines of a stack are set in, so that no text in it can look like a line of the log.
    return `${this.#line}\n${fault.replace(/^/gm, "    ")}\n`;
  }

  #add(name: string, shown: string): void {
    this.#line += `${this.#separator}${name}=${shown}`;
    this.#separator = " ";
  }
}

/** Text without quotes where nothing in it needs them. */
function bare(text: string): string {
  return /^[\w.:/@#+-]*$/.test(text) ? text : JSON.stringify(text);
}
