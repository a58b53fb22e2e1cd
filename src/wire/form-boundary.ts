// The boundary of a form, out of its content type (RFC 2046, RFC 7578). Read strictly: two readings of one
// header are two different forms.

import { GatewayError } from "#core/errors.ts";

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const PARAMETER = new RegExp(`\\s*;\\s*(${TOKEN})=(?:(${TOKEN})|"([^"\\\\]*)")`, "y");
const BOUNDARY =
  /^[0-9A-Za-z'()+_,./:=?-](?:[0-9A-Za-z'()+_,./:=? -]{0,68}[0-9A-Za-z'()+_,./:=?-])?$/;
const PLAIN = /^[0-9A-Za-z'+_.-]+$/;

/** True for a content type that says it is a form. */
export function isForm(contentType: string | null): boolean {
  return contentType !== null && /^multipart\/form-data\s*(?:;|$)/i.test(contentType);
}

/**
 * The boundary that a form declares.
 * @throws GatewayError `unsupported_encoding` when there is none, more than one, or one that cannot be
 */
export function boundaryOf(contentType: string): string {
  const start = contentType.indexOf(";");
  const boundaries: string[] = [];
  PARAMETER.lastIndex = start === -1 ? contentType.length : start;
  let end = PARAMETER.lastIndex;
  for (;;) {
    const match = PARAMETER.exec(contentType);
    if (match === null) break;
    end = PARAMETER.lastIndex;
    if (match[1]?.toLowerCase() === "boundary") boundaries.push(match[2] ?? match[3] ?? "");
  }
  const [boundary, ...others] = boundaries;
  const isRead = contentType.slice(end).trim() === "";
  if (boundary === undefined || others.length > 0 || !isRead || !BOUNDARY.test(boundary)) {
    throw new GatewayError(
      "unsupported_encoding",
      "The content type of the form names no boundary that can be read. Let the client library write it.",
    );
  }
  return boundary;
}

/** The content type of a form with this boundary, in the one way that everybody reads alike. */
export function formContentType(boundary: string): string {
  return `multipart/form-data; boundary=${PLAIN.test(boundary) ? boundary : `"${boundary}"`}`;
}
