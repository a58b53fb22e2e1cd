// Amazon's Signature Version 4 (docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html,
// 2026-11), in headers. Pure: the same request, keys and time give the same signature.

import { createHash, createHmac } from "node:crypto";

/** A request as it will be sent. */
export interface SignableRequest {
  readonly method: string;
  /** Absolute, as it goes over the wire: escaped once. */
  readonly url: string;
  /** Lower-case names; of these `content-type` and `x-amz-…` are signed. */
  readonly headers: Readonly<Record<string, string>>;
  /** Hex digits of the body's SHA-256. */
  readonly bodySha256: string;
}

/** Whose signature it is. */
export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
}

/** What it is good for. */
export interface SigningScope {
  readonly region: string;
  readonly service: string;
}

const ALGORITHM = "AWS4-HMAC-SHA256";

/** Hex digits of the SHA-256 of a text or of bytes. */
export function sha256Hex(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/**
 * Signs a request.
 * @param nowMs milliseconds since the epoch; the service takes five minutes to either side
 * @returns the headers to add, `authorization` among them
 */
export function awsSignature(
  request: SignableRequest,
  keys: AwsKeys,
  scope: SigningScope,
  nowMs: number,
): Record<string, string> {
  const time = amzTime(nowMs);
  const added: Record<string, string> = {
    "x-amz-date": time,
    "x-amz-content-sha256": request.bodySha256,
  };
  if (keys.sessionToken !== undefined) added["x-amz-security-token"] = keys.sessionToken;
  const signed = signedHeaders({ ...request.headers, ...added }, hostOf(request.url));
  const names = signed.map(([name]) => name).join(";");
  const day = time.slice(0, 8);
  const place = `${day}/${scope.region}/${scope.service}/aws4_request`;
  const toSign = [ALGORITHM, time, place, sha256Hex(canonicalRequest(request, signed, names))].join(
    "\n",
  );
  const signature = hmac(signingKey(keys.secretAccessKey, day, scope), toSign).toString("hex");
  added["authorization"] =
    `${ALGORITHM} Credential=${keys.accessKeyId}/${place}, SignedHeaders=${names}, Signature=${signature}`;
  return added;
}

function canonicalRequest(
  { method, url, bodySha256 }: SignableRequest,
  signed: readonly (readonly [string, string])[],
  names: string,
): string {
  const { path, query } = targetOf(url);
  return [
    method,
    canonicalPath(path),
    canonicalQuery(query),
    ...signed.map(([name, value]) => `${name}:${value}`),
    "",
    names,
    bodySha256,
  ].join("\n");
}

/** As the `host` header names it: base URLs are kept without ports that go without saying. */
function hostOf(url: string): string {
  const start = url.indexOf("://") + 3;
  const end = url.indexOf("/", start);
  return url.slice(start, end === -1 ? undefined : end);
}

/** Path and query as they are written; a URL parser would already have turned some of it round. */
function targetOf(url: string): { readonly path: string; readonly query: string } {
  const start = url.indexOf("/", url.indexOf("://") + 3);
  const target = start === -1 ? "/" : url.slice(start);
  const mark = target.indexOf("?");
  return mark === -1
    ? { path: target, query: "" }
    : { path: target.slice(0, mark), query: target.slice(mark + 1) };
}

/** All services but one want the escaped path escaped again: `%3A` is signed as `%253A`. */
function canonicalPath(path: string): string {
  return path.split("/").map(escaped).join("/");
}

function canonicalQuery(query: string): string {
  if (query === "") return "";
  return query
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const [name = "", ...rest] = pair.split("=");
      return [escaped(unescaped(name)), escaped(unescaped(rest.join("=")))] as const;
    })
    .sort(([name, value], [other, otherValue]) => order(name, other) || order(value, otherValue))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

/** What proxies may touch is left out: a signature must survive the way. */
function signedHeaders(
  headers: Readonly<Record<string, string>>,
  host: string,
): readonly (readonly [string, string])[] {
  const own = Object.entries(headers).filter(
    ([name]) => name === "content-type" || name.startsWith("x-amz-"),
  );
  return [...own, ["host", host] as const]
    .map(([name, value]) => [name, value.trim().replace(/\s+/g, " ")] as const)
    .sort(([name], [other]) => order(name, other));
}

/** Keys derived for a day; a process signs with few. */
const DERIVED = new Map<string, Buffer>();
const MOST_DERIVED = 64;

function signingKey(secret: string, day: string, { region, service }: SigningScope): Buffer {
  const name = [secret, day, region, service].join("\n");
  const known = DERIVED.get(name);
  if (known !== undefined) return known;
  const dated = hmac(`AWS4${secret}`, day);
  const key = hmac(hmac(hmac(dated, region), service), "aws4_request");
  if (DERIVED.size >= MOST_DERIVED) DERIVED.clear();
  DERIVED.set(name, key);
  return key;
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

/** `20261122T201500Z` */
function amzTime(nowMs: number): string {
  return new Date(nowMs).toISOString().replace(/[:-]|\.\d{3}/g, "");
}

/** RFC 3986: everything but unreserved characters. */
function escaped(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function order(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
