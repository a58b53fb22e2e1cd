// JSON that stands as text inside of a message: arguments of calls, sealed state, schemas. Nobody has held
// it to a depth before, and what walks or writes it later would run out of stack.

import type { Json } from "#core/json.ts";

/** Whole bodies may be 128 levels deep; what a model writes is a little freer. */
const MOST_LEVELS = 500;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Parses a text.
 * @throws SyntaxError for what is no JSON, or nested more than 500 levels deep
 */
export function parseInner(text: string): Json {
  // What is nested so deeply is at least so long.
  if (text.length >= 2 * MOST_LEVELS && isDeep(text)) {
    throw new SyntaxError("The JSON is nested too deeply.");
  }
  return JSON.parse(text);
}

function isDeep(text: string): boolean {
  let depth = 0;
  let isString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (isString) {
      if (code === BACKSLASH) at += 1;
      else if (code === QUOTE) isString = false;
    } else if (code === QUOTE) {
      isString = true;
    } else if (code === 0x5b || code === 0x7b) {
      depth += 1;
      if (depth > MOST_LEVELS) return true;
    } else if (code === 0x5d || code === 0x7d) {
      depth -= 1;
    }
  }
  return false;
}
