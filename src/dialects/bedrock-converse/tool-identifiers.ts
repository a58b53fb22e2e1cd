// Tool call ids that Bedrock takes: letters, digits, `_` and `-`, 64 of them at most (vendor's API
// reference of ToolUseBlock, 2026-11). Others' ids may hold any character and be longer.

const ALLOWED = /^[a-zA-Z0-9_-]{1,64}$/;
const LONGEST_KEPT = 50;

/**
 * A permitted id. The same id always gives the same result, so that a call and its result still meet, and
 * different ids stay different: a changed one ends in a hash of the whole.
 */
export function toolIdentifier(id: string): string {
  if (ALLOWED.test(id)) return id;
  return `${id.slice(0, LONGEST_KEPT).replace(/[^a-zA-Z0-9_-]/g, "_")}_${hash(id)}`;
}

/** FNV-1a over UTF-16 code units, 32 bits in base 36. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (let position = 0; position < text.length; position += 1) {
    value = Math.imul(value ^ text.charCodeAt(position), 0x01000193);
  }
  return (value >>> 0).toString(36);
}
