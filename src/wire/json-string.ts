// Strings in a JSON text: where they end and what they stand for.

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Characters that are looked at one by one before searching natively. */
const SHORT_STRING = 24;

/** The offset after the closing quote of a string whose content starts at `from`. */
export function stringEnd(text: string, from: number): number {
  const looked = Math.min(from + SHORT_STRING, text.length);
  let position = from;
  while (position < looked) {
    const code = text.charCodeAt(position);
    if (code === QUOTE) return position + 1;
    position += code === BACKSLASH ? 2 : 1;
  }
  return distantStringEnd(text, position);
}

function distantStringEnd(text: string, from: number): number {
  let quote = text.indexOf('"', from);
  while (quote !== -1) {
    let before = quote - 1;
    while (before >= from && text.charCodeAt(before) === BACKSLASH) before -= 1;
    const backslashes = quote - 1 - before;
    if (backslashes % 2 === 0) return quote + 1;
    quote = text.indexOf('"', quote + 1);
  }
  return text.length;
}

/** The string that a key's content between its quotes stands for. */
export function unescapeKey(key: string): string {
  if (!key.includes("\\")) return key;
  try {
    return String(JSON.parse(`"${key}"`));
  } catch {
    // Not JSON then, which the parser will say of the whole text.
    return key;
  }
}
