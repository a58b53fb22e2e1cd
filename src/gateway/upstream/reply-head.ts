// What the head of a reply says beyond its status.

import type { HeaderFields } from "#core/ports/transport.ts";

/** Compressed replies are never inflated: a small one can hold gigabytes. */
export function isReadable(headers: HeaderFields): boolean {
  const encoding = headers.get("content-encoding");
  return encoding === null || encoding === "" || encoding.toLowerCase() === "identity";
}

/** Where vendors put the id of a request: most, Anthropic, AWS. */
const ID_HEADERS = ["x-request-id", "request-id", "x-amzn-requestid"];

/** The id that the upstream gave a request; empty when it gave none, or one that no log should hold. */
export function upstreamRequestId(headers: HeaderFields | undefined): string {
  if (headers === undefined) return "";
  const id = ID_HEADERS.map((name) => headers.get(name)).find((value) => value !== null) ?? "";
  return /^[\w.:-]{1,200}$/.test(id) ? id : "";
}
