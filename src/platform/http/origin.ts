// Where requests go: the origin of a URL, taken apart once.

/** An upstream's scheme, host and port. */
export interface Origin {
  /** As `URL` writes it. */
  readonly name: string;
  readonly isTls: boolean;
  /** A name or an address, without brackets. */
  readonly host: string;
  readonly port: number;
  /** For the `host` header. */
  readonly authority: string;
}

const MOST_REMEMBERED = 1_000;
const REMEMBERED = new Map<string, Origin>();
const PLAIN_TARGET = /^\/[\x21\x24-\x7e]*$/;

/**
 * Takes a URL apart.
 * @throws TypeError for what is no URL, or neither http nor https
 */
export function splitUrl(url: string): { readonly origin: Origin; readonly target: string } {
  const path = url.indexOf("/", url.indexOf("://") + 3);
  const beginning = path === -1 ? url : url.slice(0, path);
  let origin = REMEMBERED.get(beginning);
  if (origin === undefined) {
    origin = originOf(new URL(beginning));
    if (REMEMBERED.size >= MOST_REMEMBERED) REMEMBERED.clear();
    REMEMBERED.set(beginning, origin);
  }
  const target = path === -1 ? "/" : url.slice(path);
  if (PLAIN_TARGET.test(target)) return { origin, target };
  const { pathname, search } = new URL(url);
  return { origin, target: pathname + search };
}

function originOf(url: URL): Origin {
  const isTls = url.protocol === "https:";
  if (!isTls && url.protocol !== "http:") throw new TypeError("Only http and https can be called.");
  const port = url.port === "" ? (isTls ? 443 : 80) : Number(url.port);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return Object.freeze({ name: url.origin, isTls, host, port, authority: url.host });
}
