// What the head of a reply says beyond its status.

import type { HeaderFields } from "#core/ports/transport.ts";

/** Compressed replies are never inflated: a small one can hold gigabytes. */
export function isReadable(headers: HeaderFields): boolean {
  const encoding = headers.get("content-encoding");
  return encoding === null || encoding === "" || encoding.toLowerCase() === "identity";
}

/** Where vendors put the id of a request: most, Anthropic, AWS. */
const PLAIN_ID = /^[\w.:-]{1,200}$/;
const ID_HEADERS = ["x-request-id", "request-id", "x-amzn-requestid"];

/** The id that the upstream gave a request; empty when it gave none, or one that no log should hold. */
export function upstreamRequestId(headers: HeaderFields | undefined): string {
  if (headers === undefined) return "";
  for (const name of ID_HEADERS) {
    const id = headers.get(name);
    if (id !== null) return PLAIN_ID.test(id) ? id : "";
  }
  return "";
}
