// Makes text that others control fit for a log line: bounded, without control characters, without keys.

const MAX_TEXT = 300;
const MAX_STACK = 6_000;

/** Control characters, line separators, broken halves, and marks that hide or turn text around. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const UNSAFE_BUT_LINES = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Text of these letters alone holds nothing unsafe; finding that out is cheap. */
const PLAIN = /^[\w.:/@ ,#+-]*$/;
const SHORTEST_CREDENTIAL = 15;

/** What vendors' and our own credentials look like, wherever somebody put one by mistake. */
const CREDENTIAL =
  /\b(?:(?:sk-|AIza|xai-|gsk_|pk-|hf_|ghp_|AKIA|ABSK|ya29\.|eyJ|Bearer\s+)[\w.~+/=-]{12,}|ASIA[A-Z0-9]{12,})/gi;

/** Text for one field of one line. */
export function logText(text: string): string {
  if (text.length < SHORTEST_CREDENTIAL && PLAIN.test(text)) return text;
  // Credentials are hidden before the text is cut, so that no half of one is left at the end.
  const hidden = hideCredentials(text.slice(0, 2 * MAX_TEXT));
  const cut = hidden.length > MAX_TEXT ? `${hidden.slice(0, MAX_TEXT)}…` : hidden;
  return PLAIN.test(cut) ? cut : cut.replace(UNSAFE, escapeOne);
}

/** A fault with its stack and its causes; keeps line breaks. */
export function faultText(error: unknown): string {
  const parts: string[] = [];
  let current = error;
  for (let depth = 0; depth < 4 && current !== undefined; depth += 1) {
    parts.push(current instanceof Error ? stackOf(current) : String(current));
    current = current instanceof Error ? current.cause : undefined;
  }
  const text = parts.join("\ncaused by: ");
  return hideCredentials(text.slice(0, MAX_STACK)).replace(UNSAFE_BUT_LINES, escapeOne);
}

/** A stack that begins with the message, as some runtimes leave it out. */
function stackOf(error: Error): string {
  const head = `${error.name}: ${error.message}`;
  const stack = error.stack ?? "";
  return stack.startsWith(head) ? stack : `${head}\n${stack}`;
}

function hideCredentials(text: string): string {
  return text.replace(CREDENTIAL, "[secret]");
}

function escapeOne(letter: string): string {
  return `\\u${(letter.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
}
