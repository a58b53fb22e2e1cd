// The head of a request as text. What would break out of a line is refused here, whoever let it in.

const LINE_BREAKER = /[\r\n\0]/;
const FIELD_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Added where the caller of the transport gives none. */
const DEFAULTS = "accept: */*\r\nuser-agent: sluice\r\n";

/** Header objects that never change are written once. */
const WRITTEN = new WeakMap<object, string>();

/**
 * Field lines, each with its line break.
 * @throws TypeError for names and values that a head cannot hold
 */
function fieldLines(headers: Readonly<Record<string, string>>): string {
  let lines = "user-agent" in headers || "accept" in headers ? "" : DEFAULTS;
  for (const name in headers) {
    const value = headers[name] ?? "";
    if (!FIELD_NAME.test(name) || LINE_BREAKER.test(value)) {
      throw new TypeError(`The header ${JSON.stringify(name)} cannot be sent.`);
    }
    lines += `${name}: ${value}\r\n`;
  }
  return lines;
}

/**
 * A request's head with the empty line that ends it.
 * @param target path and query, in visible ASCII
 * @param bodyBytes length of the body; undefined for one that comes in chunks
 */
export function requestHead(
  line: { readonly method: string; readonly target: string; readonly host: string },
  headers: Readonly<Record<string, string>>,
  bodyBytes: number | undefined,
): string {
  let lines = WRITTEN.get(headers);
  if (lines === undefined) {
    lines = fieldLines(headers);
    if (Object.isFrozen(headers)) WRITTEN.set(headers, lines);
  }
  const framing =
    bodyBytes === undefined ? "transfer-encoding: chunked" : `content-length: ${bodyBytes}`;
  return `${line.method} ${line.target} HTTP/1.1\r\nhost: ${line.host}\r\n${lines}${framing}\r\n\r\n`;
}
