// JSON text written by hand, value by value: a record's line is made for every call, and a tree of
// arrays for JSON.stringify to walk would cost three times as much.

const FIRST_PRINTABLE = 0x20;
const LAST_PRINTABLE = 0x7e;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** A string in quotes, escaped where that is needed. */
export function stringJson(text: string): string {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    const isPlain =
      code >= FIRST_PRINTABLE && code <= LAST_PRINTABLE && code !== QUOTE && code !== BACKSLASH;
    if (!isPlain) return JSON.stringify(text);
  }
  return `"${text}"`;
}

/** A number; null where JSON has none for it. */
export function numberJson(value: number | undefined): string {
  return Number.isFinite(value) ? `${value}` : "null";
}

/** Milliseconds as whole microseconds; null when unknown. */
export function microsJson(valueMs: number | undefined): string {
  return valueMs === undefined ? "null" : numberJson(Math.round(valueMs * 1000));
}

/** A list whose items are JSON already. */
export function listJson<Item>(items: readonly Item[], itemJson: (item: Item) => string): string {
  let text = "";
  for (const item of items) text += text === "" ? itemJson(item) : `,${itemJson(item)}`;
  return `[${text}]`;
}
